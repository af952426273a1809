#include "caviar/trial/trial.hpp"

#include <algorithm>

namespace caviar {

std::optional<double> number_in(const Note& note, const char* key) {
  const auto found = note.find(key);
  return found == note.end() ? std::nullopt : std::optional(found->second);
}

namespace {

bool has(const Trial& trial, Steering::Kind kind) {
  return std::ranges::any_of(trial.steering,
                             [kind](const Steering& steering) { return steering.kind == kind; });
}

}  // namespace

bool is_touched(const Trial& trial) { return has(trial, Steering::Kind::change); }

bool is_nursed(const Trial& trial) { return has(trial, Steering::Kind::nurse); }

bool is_partial(const Note& note) {
  const std::optional<double> budget = number_in(note, budget_note);
  const std::optional<double> full = number_in(note, full_budget_note);
  return budget && full && *budget < *full;
}

std::optional<int> parent_of(const Note& note) {
  const std::optional<double> number = number_in(note, continues_note);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

const char* steering_name(Steering::Kind kind) {
  switch (kind) {
    case Steering::Kind::change:
      return "change";
    case Steering::Kind::pause:
      return "pause";
    case Steering::Kind::resume:
      return "resume";
    case Steering::Kind::nurse:
      return "nurse";
    case Steering::Kind::stop:
      return "stop";
  }
  return "";
}

const char* state_name(TrialState state) {
  switch (state) {
    case TrialState::running:
      return "running";
    case TrialState::complete:
      return "complete";
    case TrialState::pruned:
      return "pruned";
    case TrialState::failed:
      return "failed";
    case TrialState::interrupted:
      return "interrupted";
  }
  return "?";
}

}  // namespace caviar
