// caviar watch: the live view of a run, or of several; and caviar history: what was done to it.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/run_choice.hpp"
#include "caviar/cli/watch_view.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {
namespace {

constexpr std::chrono::milliseconds look_again{100};

// A run with its log, read as far as it is written.
class Watching {
 public:
  explicit Watching(const RunFolder& folder) : folder_(folder), reader_(folder.log()) {
    run_.name = folder.name();
    look();
    if (run_.record.begun.empty()) throw Error(Fault::input, folder.log() + ": nothing began yet");
  }

  // Whether there is something new.
  bool look() {
    const bool ran = run_.running;
    // Before the log: where it ends in between, the next look sees both.
    run_.running = is_running(folder_.log());
    const std::vector<Json> lines = reader_.more();
    for (const Json& line : lines) run_.record.see(line);
    return !lines.empty() || ran != run_.running;
  }
  const WatchedRun& run() const { return run_; }

 private:
  RunFolder folder_;
  LogReader reader_;
  WatchedRun run_;
};

std::vector<WatchedRun> seen(const std::vector<Watching>& all) {
  std::vector<WatchedRun> runs;
  for (const Watching& watching : all) runs.push_back(watching.run());
  return runs;
}

bool any_runs(const std::vector<Watching>& all) {
  for (const Watching& watching : all) {
    if (watching.run().running) return true;
  }
  return false;
}

// The block again and again over itself, until nothing runs any more or Ctrl-C.
void watch_live(std::vector<Watching>& all) {
  const auto& interrupted = interrupt_on_signals();
  std::size_t drawn = 0;
  bool fresh = true;
  while (!interrupted) {
    for (Watching& watching : all) fresh = watching.look() || fresh;
    if (fresh) {
      const Terminal terminal = terminal_of(stdout);
      std::vector<std::string> lines = watch_block(seen(all), terminal);
      const auto height = static_cast<std::size_t>(std::max(terminal.height - 1, 1));
      if (lines.size() > height) lines.resize(height);
      std::string text = drawn > 0 ? fmt::format("\x1b[{}A\r", drawn) : "\r";
      for (const std::string& line : lines) text += line + "\x1b[K\n";
      fmt::print("{}\x1b[J", text);
      std::fflush(stdout);
      drawn = lines.size();
    }
    if (!any_runs(all)) return;
    fresh = false;
    std::this_thread::sleep_for(look_again);
  }
}

struct WatchOptions {
  RunChoice choice;
  std::vector<std::string> others;
  bool json = false;
};

int run_watch(const WatchOptions& options) {
  std::vector<Watching> all;
  all.emplace_back(options.choice.find());
  for (const std::string& name : options.others) {
    all.emplace_back(find_run(options.choice.folder(), name));
  }
  if (options.json) {
    Json json = all.size() == 1 ? watch_json(all.front().run()) : Json::array();
    for (const Watching& watching : all) {
      if (json.is_array()) json.push_back(watch_json(watching.run()));
    }
    print_json(json);
  } else if (terminal_of(stdout).live) {
    watch_live(all);
  } else {
    for (const std::string& line : watch_block(seen(all), terminal_of(stdout))) {
      fmt::print("{}\n", line);
    }
  }
  return 0;
}

int run_history(const WatchOptions& options) {
  const Watching watching(options.choice.find());
  if (options.json) {
    print_json(watch_json(watching.run()).at("history"));
  } else {
    fmt::print("{}", history_text(watching.run().record));
  }
  return 0;
}

int run_runs(const std::string& folder, bool json) {
  std::vector<Watching> all;
  for (const RunFolder& run : list_runs(folder)) all.emplace_back(run);
  if (json) {
    Json list = Json::array();
    for (const Watching& watching : all) list.push_back(watch_json(watching.run()));
    print_json(list);
  } else if (all.empty()) {
    fmt::print("no runs in {}; `caviar train … --name run1` makes one\n", folder);
  } else {
    fmt::print("{}", runs_text(seen(all), terminal_of(stdout)));
  }
  return 0;
}

}  // namespace

Command watch_command() {
  return {"watch", "A training that runs, as curves and numbers in the terminal",
          R"(  caviar watch run1
  caviar watch run1 run2
  caviar watch run1 --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<WatchOptions>();
            options->choice.declare(arguments);
            arguments.words("RUN", options->others, "More runs, to be compared");
            arguments.flag("--json", options->json, "All that is known now, as JSON");
            return [options] { return run_watch(*options); };
          }};
}

Command history_command() {
  return {"history", "What was done to a run, and when", "  caviar history run1",
          [](Arguments& arguments) {
            auto options = std::make_shared<WatchOptions>();
            options->choice.declare(arguments);
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run_history(*options); };
          }};
}

Command runs_command() {
  return {"runs", "All runs: what they do, how far they are, how good", "  caviar runs",
          [](Arguments& arguments) {
            auto runs = std::make_shared<std::optional<std::string>>();
            auto json = std::make_shared<bool>(false);
            declare_runs(arguments, *runs);
            arguments.flag("--json", *json, "One JSON document on stdout, nothing else");
            return [runs, json] { return run_runs(runs->value_or(usual_runs), *json); };
          }};
}

}  // namespace caviar::cli
