// State and settings of a nursed training, and the log that says how it came to them.
#include <cstdio>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/run/run_driver.hpp"

namespace caviar {
NursedTraining::Driver::Driver(const RunFolder& run)
    : folder_(run), log_(run.log()), record_(run.log()), spec_(train_spec_in(record_.train)) {
  if (record_.phase == RunPhase::ended) {
    throw Error(Fault::conflict, run.name() + " is over: " + record_.notes.back().text);
  }
  if (!record_.nurse.empty()) {
    nurse_ = parse_nurse(Node::parse_json(record_.nurse, "nurse"), spec_);
  }
}

RunMoment NursedTraining::Driver::now() const {
  return state_ ? RunMoment{state_->epoch, state_->iteration} : RunMoment{};
}

void NursedTraining::Driver::note(Json line) {
  log_.write(line);
  const std::size_t notes = record_.notes.size();
  record_.see(line);
  const bool told = record_.notes.size() > notes && !record_.notes.back().text.empty();
  if (told && hooks_.on_note) hooks_.on_note(record_.notes.back());
}

// Of what state_ holds now; the start needs none. Returns its number.
int NursedTraining::Driver::take_snapshot(const std::string& why, const std::string& id) {
  if (!state_) return -1;
  const Snapshot* newest = record_.path.empty() ? nullptr : record_.find(record_.path.back());
  if (newest != nullptr && newest->at == now() && id.empty()) return newest->number;
  Checkpoint checkpoint{.spec = spec_,
                        .state = std::move(*state_),
                        .save = "",
                        .epochs = {record_.epochs.begin(), record_.epochs.end()},
                        .data = record_.data};
  Snapshot snapshot;
  try {
    snapshot = write_snapshot(folder_.snapshots(), record_.next_snapshot, checkpoint, why);
    state_ = std::move(checkpoint.state);
  } catch (...) {
    state_ = std::move(checkpoint.state);
    throw;
  }
  Json line = to_json(snapshot);
  if (!id.empty()) {
    line["id"] = id;
    line["text"] = fmt::format("snapshot {} {}", snapshot.number, to_text(snapshot.at));
  }
  note(std::move(line));
  remove_snapshots();
  return snapshot.number;
}

void NursedTraining::Driver::remove_snapshots() {
  if (replays_) return;  // it goes back to them, and ends
  const int needed = record_.path.empty() ? -1 : record_.path.back();
  while (const auto index = to_remove(record_.snapshots, record_.rules, needed)) {
    const int number = record_.snapshots[*index].number;
    std::remove(snapshot_path(folder_.snapshots(), number).c_str());
    note({{"event", "removed"}, {"number", number}});
  }
}

void NursedTraining::Driver::keep_only_asked() {
  const std::vector<Snapshot> kept = record_.snapshots;
  for (const Snapshot& snapshot : kept) {
    if (snapshot.why == asked_snapshot) continue;
    std::remove(snapshot_path(folder_.snapshots(), snapshot.number).c_str());
    note({{"event", "removed"}, {"number", snapshot.number}});
  }
  std::error_code not_empty;
  std::filesystem::remove(folder_.snapshots(), not_empty);
}

// Throws where it is damaged; then nothing has changed.
void NursedTraining::Driver::load_state(int number) {
  if (number < 0) {
    state_.reset();
    return;
  }
  const Snapshot* snapshot = record_.find(number);
  if (snapshot == nullptr) {
    throw Error(Fault::missing, fmt::format("snapshot {} is not kept", number));
  }
  state_ = read_snapshot(folder_.snapshots(), *snapshot).state;
}

// Where the last program left it: at its newest snapshot, or the one before where that is damaged.
void NursedTraining::Driver::take_up() {
  const bool goes_on = record_.started;
  std::string trouble;
  std::vector<int> candidates(record_.path.rbegin(), record_.path.rend());
  candidates.push_back(-1);
  for (const int number : candidates) {
    const Snapshot* snapshot = record_.find(number);
    if (number >= 0 && snapshot == nullptr) continue;
    if (number < 0 && record_.find(0) != nullptr) break;  // a branch has no other start
    try {
      load_state(number);
    } catch (const Error& error) {
      trouble += std::string(trouble.empty() ? ": " : "; ") + error.what();
      continue;
    }
    // With the newest snapshot all that was decided after it holds; an earlier one has its own.
    if (!trouble.empty()) {
      spec_ = snapshot == nullptr ? train_spec_in(record_.begun)
                                  : read_snapshot(folder_.snapshots(), *snapshot).spec;
    }
    Json line = {{"event", goes_on ? "went_on" : "started"}, {"at", to_json(now())}};
    if (goes_on) {
      line["to"] = number;
      line["train"] = to_json(spec_);
      line["text"] = "went on " + to_text(now()) + trouble;
    }
    return note(std::move(line));
  }
  throw Error(Fault::input, folder_.path + ": no snapshot can be read" + trouble);
}

}  // namespace caviar
