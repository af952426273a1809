#include "caviar/run/replay.hpp"

#include <bit>
#include <cstdint>
#include <map>
#include <set>

#include <fmt/format.h>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

bool goes_back(const RunNote& note) {
  return note.event == "rolled_back" || note.event == "went_on";
}

std::set<int> targets_in(const RunRecord& record) {
  std::set<int> targets;
  for (const RunNote& note : record.notes) {
    if (goes_back(note)) targets.insert(note.snapshot);
  }
  return targets;
}

// NaN is the same as NaN here, and 0 is not −0.
bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

std::vector<ReplayStep> steps_of(const RunRecord& record) {
  const std::set<int> targets = targets_in(record);
  std::vector<ReplayStep> steps;
  std::map<int, RunMoment> moments;
  int newest = -1;
  for (const RunNote& note : record.notes) {
    ReplayStep step;
    step.at = note.at;
    step.diverged = note.diverged;
    step.train = note.train;
    step.snapshot = note.snapshot;
    if (note.event == "snapshot") {
      newest = note.snapshot;
      moments[newest] = note.at;
      step.kind = ReplayStep::Kind::snapshot;
      // A branch and its replay both begin with the origin.
      if (targets.contains(note.snapshot) && note.snapshot != 0) steps.push_back(step);
    } else if (note.event == "steered") {
      step.kind = ReplayStep::Kind::steer;
      steps.push_back(step);
    } else if (note.event == "stopped") {
      step.kind = ReplayStep::Kind::stop;
      steps.push_back(step);
    } else if (goes_back(note)) {
      step.kind = ReplayStep::Kind::roll_back;
      const bool killed = note.event == "went_on";
      // What ran after the newest snapshot is lost, and did nothing: the replay just goes on.
      if (killed) step.at = moments[newest];
      if (!killed || note.snapshot != newest) steps.push_back(step);
      newest = note.snapshot;
    }
  }
  return steps;
}

std::string difference(const RunRecord& record, const RunRecord& replay) {
  for (std::size_t i = 0; i < record.epochs.size(); ++i) {
    const EpochLine& a = record.epochs[i];
    if (i >= replay.epochs.size()) return fmt::format("epoch {} is missing", a.epoch);
    const EpochLine& b = replay.epochs[i];
    const bool same = a.epoch == b.epoch && same_bits(a.training_loss, b.training_loss) &&
                      same_bits(a.validation_loss, b.validation_loss) &&
                      same_bits(a.learning_rate, b.learning_rate);
    if (same) continue;
    return fmt::format("epoch {} has the training loss {} instead of {}", a.epoch,
                       number_text(b.training_loss), number_text(a.training_loss));
  }
  return "";
}

}  // namespace caviar
