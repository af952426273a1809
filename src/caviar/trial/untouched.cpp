#include "caviar/trial/untouched.hpp"

namespace caviar {

bool is_change(const Event& event) {
  const auto* steered = std::get_if<Steered>(&event);
  return steered != nullptr && steered->steering.kind == Steering::Kind::change;
}

std::optional<Event> Untouched::seen(const Event& event) {
  if (is_change(event)) touched_.insert(std::get<Steered>(event).trial);
  if (const auto* reported = std::get_if<Reported>(&event)) {
    if (touched_.contains(reported->trial)) return std::nullopt;
  }
  const auto* ended = std::get_if<Ended>(&event);
  if (ended == nullptr || !touched_.contains(ended->trial)) return event;
  if (ended->state == TrialState::interrupted) return event;
  Ended stopped;
  stopped.trial = ended->trial;
  stopped.state = TrialState::pruned;
  stopped.time = ended->time;
  return stopped;
}

}  // namespace caviar
