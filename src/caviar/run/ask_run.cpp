#include "caviar/run/ask_run.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/run/record.hpp"
#include "caviar/run/run_log.hpp"

namespace caviar {
namespace {

constexpr std::chrono::milliseconds look_again{2};

[[noreturn]] void nobody_runs(const RunFolder& run) {
  const RunRecord record(run.log());
  const std::string name = run.name();
  if (record.phase == RunPhase::ended) {
    throw Error(Fault::conflict, name + " is over: " + record.notes.back().text +
                                     "; `caviar branch " + name +
                                     "` goes on from a snapshot as another run");
  }
  throw Error(Fault::conflict, name + " is run by no program now, " + to_text(record.at) +
                                   "; `caviar resume " + name + "` goes on with it");
}

std::optional<Json> answer_in(LogReader& reader, const std::string& id) {
  for (const Json& line : reader.more()) {
    if (line.contains("id") && line.at("id") == id) return line;
  }
  return std::nullopt;
}

Json wait_for_answer(const RunFolder& run, LogReader& reader, const std::string& id,
                     const std::atomic<bool>& interrupted) {
  while (true) {
    // Before the log is read: what ends in between has answered by then.
    const bool runs = is_running(run.log());
    if (const auto answer = answer_in(reader, id)) return *answer;
    if (runs && !interrupted) {
      std::this_thread::sleep_for(look_again);
      continue;
    }
    if (withdraw(run.inbox(), id) && !interrupted) nobody_runs(run);
    throw Error(Fault::conflict, run.name() + ": no answer came");
  }
}

}  // namespace

Json ask_run(const RunFolder& run, const RunRequest& request,
             const std::atomic<bool>& interrupted) {
  if (!is_running(run.log())) nobody_runs(run);
  LogReader reader(run.log(), end_of_lines(run.log()));
  const std::string id = send(run.inbox(), request);
  Json answer = wait_for_answer(run, reader, id, interrupted);
  if (answer.at("event") != "refused") return answer;
  throw Error(Fault::input, run.name() + ": " + answer.at("text").get<std::string>());
}

void open_run(const RunFolder& run, const std::function<bool()>& goes_on) {
  if (is_running(run.log())) return;
  std::error_code error;
  std::filesystem::create_directories(run.inbox(), error);
  if (error) throw Error(Fault::io, run.inbox() + ": cannot be made: " + error.message());
  const std::string id = send(run.inbox(), {.verb = "watch"});
  LogReader reader(run.log());
  while (true) {
    const bool hopeful = goes_on();  // before the log is read, as above
    if (std::filesystem::exists(run.log(), error) && answer_in(reader, id)) return;
    if (!hopeful) break;
    std::this_thread::sleep_for(look_again);
  }
  withdraw(run.inbox(), id);
  std::filesystem::remove(run.inbox(), error);  // where they are empty
  std::filesystem::remove(run.path, error);
  throw Error(Fault::conflict,
              run.name() +
                  ": it gave no answer: it has ended, is on another machine that does not "
                  "share " +
                  run.path + ", or one iteration of it takes very long");
}

}  // namespace caviar
