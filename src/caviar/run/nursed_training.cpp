#include "caviar/run/nursed_training.hpp"

#include <algorithm>
#include <filesystem>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/run/run_driver.hpp"
#include "caviar/run/steering.hpp"

namespace caviar {
namespace {

// `folder`: from which the paths in it are meant; "": the one that we are in.
Json begun_line(const RunStart& start, const std::string& folder = "") {
  const SnapshotRules& rules = start.snapshots;
  Json line = {{"event", "begun"},
               {"train", to_json(start.spec)},
               {"data", start.data},
               {"snapshots", {{"most", rules.most}, {"bytes", rules.bytes}}}};
  line["folder"] = folder.empty() ? std::filesystem::current_path().string() : folder;
  if (rules.every) line["snapshots"]["every"] = *rules.every;
  if (!start.nurse.empty()) line["nurse"] = Json::parse(start.nurse);
  return line;
}

// The log's first lines; with a snapshot of another run as the origin (−1: none), and the epochs
// that lie behind it.
void begin_with(const RunFolder& run, Json& begun, const RunFolder& other, const RunRecord& record,
                int number) {
  if (number >= 0) {
    std::filesystem::copy_file(snapshot_path(other.snapshots(), number),
                               snapshot_path(run.snapshots(), 0));
  }
  RunLog log(run.log());
  log.write(begun);
  if (number >= 0) {
    for (const EpochLine& epoch : record.epochs_before(number)) {
      Json copy = to_json(epoch);
      log.write(copy);
    }
    Snapshot origin = *record.find(number);
    origin.number = 0;
    origin.why = origin_snapshot;
    Json copy = to_json(origin);
    log.write(copy);
  }
  log.sync();
}

// Then epoch:N names it, where N is the last epoch before it.
bool is_newest_of_its_epoch(const RunRecord& record, const Snapshot& snapshot) {
  if (snapshot.at.iteration > 0) return false;
  return std::ranges::none_of(record.snapshots, [&](const Snapshot& other) {
    return other.number > snapshot.number && other.at == snapshot.at;
  });
}

std::string kept_text(const RunRecord& record) {
  std::vector<std::string> names;
  if (record.find(0) == nullptr) names.emplace_back("start");
  for (const Snapshot& snapshot : record.snapshots) {
    names.push_back(is_newest_of_its_epoch(record, snapshot)
                        ? fmt::format("epoch:{}", snapshot.at.epoch - 1)
                        : fmt::format("snapshot:{} ({})", snapshot.number, to_text(snapshot.at)));
  }
  return join(names, ", ");
}

}  // namespace

int snapshot_named(const RunRecord& record, const std::string& to) {
  constexpr std::string_view by_number = "snapshot:";
  // A branch has no start of its own to go back to.
  const bool is_branch = !record.from.empty() && record.find(0) != nullptr;
  if (!is_branch && (to == "start" || to == "epoch:0")) return -1;
  if (to.starts_with(by_number)) {
    const auto number = parse_number(to.substr(by_number.size()));
    if (number && record.find(static_cast<int>(*number)) != nullptr) {
      return static_cast<int>(*number);
    }
  } else {
    const RunMoment wanted{parse_epoch(to, "to") + 1, 0};
    // The newest: of several timelines that one which is nearest.
    for (const auto& snapshot : record.snapshots | std::views::reverse) {
      if (snapshot.at == wanted) return snapshot.number;
    }
  }
  throw Error(Fault::input,
              fmt::format("'{}' was not kept; these were: {}", to, kept_text(record)));
}

Json removal(const RunRecord& record, const std::string& to) {
  const int number = snapshot_named(record, to);
  if (number <= 0) {
    throw Error(Fault::input, "'" + to + "' is where it began, which is not removed");
  }
  if (record.phase != RunPhase::ended && number == record.path.back()) {
    throw Error(Fault::input,
                fmt::format("snapshot {} is the newest, from which the run goes on should its "
                            "program be killed; take another one first",
                            number));
  }
  return {{"event", "removed"},
          {"number", number},
          {"text",
           fmt::format("snapshot {} ({}) is removed", number, to_text(record.find(number)->at))}};
}

std::string remove_snapshot(const RunFolder& run, const std::string& to) {
  RunLog log(run.log());
  Json line = removal(RunRecord(run.log()), to);
  const std::string path = snapshot_path(run.snapshots(), line.at("number").get<int>());
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) throw Error(Fault::io, path + ": cannot be removed: " + error.message());
  log.write(line);
  return line.at("text").get<std::string>();
}

void begin_run(const RunFolder& run, const RunStart& start, RunHandover from) {
  Json line = begun_line(start);
  line["text"] = from.text;
  if (!from.continues.empty()) line["from"] = from.continues;
  RunLog log(run.log());
  log.write(line);
  for (const EpochLine& epoch : from.epochs) {
    Json copy = to_json(epoch);
    log.write(copy);
  }
  const Checkpoint checkpoint{.spec = start.spec,
                              .state = std::move(from.state),
                              .save = "",
                              .epochs = {from.epochs.begin(), from.epochs.end()},
                              .data = start.data};
  const bool origin = !from.continues.empty();  // there is nothing before it to go back to
  Json taken = to_json(write_snapshot(run.snapshots(), origin ? 0 : 1, checkpoint,
                                      origin ? origin_snapshot : "opened"));
  log.write(taken);
}

void begin_run(const RunFolder& run, const RunStart& start) {
  RunLog log(run.log());
  Json line = begun_line(start);
  log.write(line);
  log.sync();
}

RunFolder begin_branch(const RunFolder& parent, const BranchStart& start) {
  const RunRecord record(parent.log());
  const int number = snapshot_named(record, start.to);
  TrainSpec spec = train_spec_in(record.begun);
  if (number >= 0) spec = read_snapshot(parent.snapshots(), *record.find(number)).spec;
  const std::vector<Change> made = steer(spec, start.changes);
  if (number >= 0) check_epochs_to_come(start.changes, record.find(number)->at);
  Json line = begun_line({spec, record.data, record.rules, record.nurse}, record.folder);
  line["from"] = parent.name();
  line["text"] = fmt::format("branched from {}, {}{}", parent.name(),
                             number < 0 ? "the start" : to_text(record.find(number)->at),
                             made.empty() ? "" : ", with " + to_text(made));
  const RunFolder run = create_run(start.runs, start.name);
  begin_with(run, line, parent, record, number);
  return run;
}

RunFolder begin_replay(const std::string& runs, const std::string& name,
                       const RunFolder& replayed) {
  const RunRecord record(replayed.log());
  Json line =
      begun_line({train_spec_in(record.begun), record.data, record.rules, ""}, record.folder);
  line["replay"] = replayed.name();
  if (!record.from.empty()) line["from"] = record.from;
  const RunFolder run = create_run(runs, name);
  begin_with(run, line, replayed, record, record.find(0) == nullptr ? -1 : 0);
  return run;
}

NursedTraining::NursedTraining(const RunFolder& run) : driver_(std::make_unique<Driver>(run)) {}

NursedTraining::~NursedTraining() = default;

void NursedTraining::keep_only_asked() { driver_->keep_only_asked(); }

const RunRecord& NursedTraining::record() const { return driver_->record(); }

const TrainSpec& NursedTraining::spec() const { return driver_->spec(); }

NursedResult NursedTraining::run(const PreparedData& data, const RunHooks& hooks,
                                 const RunRecord* replayed) {
  return driver_->run(data, hooks, replayed);
}

}  // namespace caviar
