#include "caviar/run/record.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

// Every number of an epoch with its name: read and written in one place.
template <class E, class Use>
void each_number(E& epoch, const Use& use) {
  use("training_loss", epoch.training_loss);
  use("validation_loss", epoch.validation_loss);
  use("validation_accuracy", epoch.validation_accuracy);
  use("learning_rate", epoch.learning_rate);
  use("seconds", epoch.seconds);
  use("samples_per_second", epoch.samples_per_second);
  use("gradient_norm", epoch.gradient_norm);
  use("weight_norm", epoch.weight_norm);
  use("dead_units", epoch.dead_units);
}

RunMoment moment_in(const Json& json) {
  return {json.at("epoch").get<int>(), json.at("iteration").get<std::int64_t>()};
}

std::string text_in(const Json& line, const char* key) {
  return line.contains(key) ? line.at(key).get<std::string>() : std::string();
}

SnapshotRules rules_in(const Json& json) {
  SnapshotRules rules;
  if (json.contains("every")) rules.every = json.at("every").get<int>();
  rules.most = json.at("most").get<int>();
  rules.bytes = json.at("bytes").get<std::uint64_t>();
  return rules;
}

}  // namespace

TrainSpec train_spec_in(const std::string& json) {
  return parse_train_spec(Node::parse_json(json, "log: train"));
}

TrainSpec spec_begun(const RunRecord& record) {
  namespace fs = std::filesystem;
  TrainSpec spec = train_spec_in(record.begun);
  for (std::string* file : {&spec.data, &spec.labels, &spec.test_data, &spec.test_labels}) {
    if (file->empty() || record.folder.empty()) continue;
    const fs::path there = fs::path(record.folder) / *file;  // *file, where that is absolute
    std::error_code none;
    if (fs::exists(there, none)) *file = there.string();
  }
  return spec;
}

Json to_json(const RunMoment& at) { return {{"epoch", at.epoch}, {"iteration", at.iteration}}; }

Json to_json(const EpochLine& epoch) {
  Json json = {{"event", "epoch"}, {"epoch", epoch.epoch}};
  each_number(epoch, [&](const char* name, double value) {
    if (value == value) json[name] = json_number(value);  // what is unknown is left out
  });
  if (epoch.best) json["best"] = true;
  return json;
}

Json to_json(const Snapshot& snapshot) {
  return {{"event", "snapshot"},     {"number", snapshot.number},     {"at", to_json(snapshot.at)},
          {"bytes", snapshot.bytes}, {"checksum", snapshot.checksum}, {"why", snapshot.why}};
}

RunRecord::RunRecord(const std::string& log) {
  LogReader reader(log);
  for (const Json& line : reader.more()) see(line);
  if (begun.empty()) throw Error(Fault::input, log + ": the run has not begun");
}

void RunRecord::see(const Json& line) try {
  const std::string event = line.at("event").get<std::string>();
  last = line.at("time").get<double>();
  if (event == "epoch") return see_epoch(line);
  if (event == "pulse") {
    at = moment_in(line);
    iterations = line.at("iterations").get<std::int64_t>();
    return;
  }
  if (event == "removed") {
    const int number = line.at("number").get<int>();
    std::erase_if(snapshots, [&](const Snapshot& snapshot) { return snapshot.number == number; });
    before_.erase(number);
  }
  if (line.contains("at")) at = moment_in(line.at("at"));
  if (line.contains("train")) train = line.at("train").dump();
  if (event == "begun") {
    begun = train;
    began = last;
    from = text_in(line, "from");
    replay = text_in(line, "replay");
    folder = text_in(line, "folder");
    rules = rules_in(line.at("snapshots"));
    data = line.at("data").get<std::uint64_t>();
    if (line.contains("nurse")) nurse = line.at("nurse").dump();
  }
  if (event == "started") started = true;
  if (event == "snapshot") see_snapshot(line);
  if (event == "rolled_back" || event == "went_on") see_return(line);
  const std::string id = text_in(line, "id");
  if (event == "scheduled") {
    waiting[id] = parse_request(line.at("request").dump(), "log");
  } else if (!id.empty()) {
    waiting.erase(id);
  }
  if (event == "cancelled") {
    for (const Json& request : line.at("requests")) waiting.erase(request.get<std::string>());
  }
  if (event == "paused") phase = RunPhase::paused;
  if (event == "resumed" || event == "went_on") phase = RunPhase::running;
  if (event == "held") phase = RunPhase::held;
  if (event == "ended") phase = RunPhase::ended;
  if (event == "snapshot" || line.contains("text")) see_note(line);
} catch (const Json::exception& error) {
  throw Error(Fault::input, std::string("a line of the log cannot be read: ") + error.what());
}

void RunRecord::see_epoch(const Json& line) {
  EpochLine epoch;
  epoch.epoch = line.at("epoch").get<int>();
  epoch.best = line.contains("best");
  each_number(epoch, [&](const char* name, double& value) {
    if (line.contains(name)) value = json_to_double(line.at(name));
  });
  std::erase_if(epochs, [&](const EpochLine& earlier) { return earlier.epoch >= epoch.epoch; });
  epochs.push_back(epoch);
  at = {epoch.epoch + 1, 0};
}

void RunRecord::see_snapshot(const Json& line) {
  const int number = line.at("number").get<int>();
  snapshots.push_back({number, at, line.at("bytes").get<std::uint64_t>(),
                       line.at("checksum").get<std::uint64_t>(), text_in(line, "why")});
  before_[number] = epochs;
  path.push_back(number);
  next_snapshot = std::max(next_snapshot, number + 1);
}

// From here on the timeline of that snapshot holds; without one, all begins anew.
void RunRecord::see_return(const Json& line) {
  const int number = line.at("to").get<int>();
  const auto found = before_.find(number);
  epochs = found == before_.end() ? std::vector<EpochLine>() : found->second;
  path.push_back(number);
  const Snapshot* snapshot = find(number);
  at = snapshot == nullptr ? RunMoment{} : snapshot->at;
}

void RunRecord::see_note(const Json& line) {
  RunNote note;
  note.event = line.at("event").get<std::string>();
  note.text = text_in(line, "text");
  note.at = line.contains("at") ? moment_in(line.at("at")) : at;
  note.time = last;
  if (line.contains("train")) note.train = line.at("train").dump();
  if (line.contains("changes")) {
    note.changes = parse_point(Node::parse_json(line.at("changes").dump(), "log: changes"));
  }
  if (line.contains("to")) note.snapshot = line.at("to").get<int>();
  if (line.contains("number")) note.snapshot = line.at("number").get<int>();
  if (line.contains("rule")) note.rule = line.at("rule").get<int>();
  note.diverged = line.contains("diverged");
  notes.push_back(std::move(note));
}

std::vector<std::string> plans(const RunRecord& record) {
  std::vector<const RunRequest*> planned;
  for (const auto& [id, request] : record.waiting) planned.push_back(&request);
  std::ranges::stable_sort(planned, {}, [](const RunRequest* request) { return *request->epoch; });
  std::vector<std::string> texts;
  for (const RunRequest* request : planned) {
    texts.push_back(fmt::format("{} from epoch {} on", to_text(request->changes), *request->epoch));
  }
  return texts;
}

const Snapshot* RunRecord::find(int number) const {
  for (const Snapshot& snapshot : snapshots) {
    if (snapshot.number == number) return &snapshot;
  }
  return nullptr;
}

}  // namespace caviar
