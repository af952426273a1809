#include "caviar/trial/history.hpp"

#include <algorithm>
#include <limits>

#include "caviar/base/match.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

// An interrupted trial does not use its point up. A failed one does: a finite space in which one
// configuration always crashes would never come to its end.
bool counts_as_seen(TrialState state) { return state != TrialState::interrupted; }

}  // namespace

void History::apply(const Event& event) {
  ++events_;
  std::visit(match{
                 [this](const Asked& asked) { start(asked); },
                 [this](const Reported& reported) { report(reported); },
                 [this](const Halted& halted) {
                   if (Trial* trial = running(halted.trial)) trial->stop_wanted = true;
                 },
                 [this](const Ended& ended) { end(ended); },
                 [this](const Queued& queued) {
                   queue_.push_back({tickets_++, queued.point, queued.by, queued.note});
                 },
                 [this](const Grown& grown) { grow(grown.parameter); },
                 [this](const Noted& noted) { notes_[noted.key] = noted.json; },
             },
             event);
}

Trial* History::running(int number) {
  if (number < 0 || static_cast<std::size_t>(number) >= trials_.size()) return nullptr;
  Trial& trial = trials_[static_cast<std::size_t>(number)];
  return trial.state == TrialState::running ? &trial : nullptr;
}

void History::start(const Asked& asked) {
  if (asked.trial < 0 || static_cast<std::size_t>(asked.trial) != trials_.size()) return;
  Trial trial;
  trial.number = asked.trial;
  trial.point = asked.proposal.point;
  trial.unit = encode(space_, trial.point);
  trial.by = asked.proposal.by;
  trial.note = asked.proposal.note;
  trial.ticket = asked.ticket;
  trial.worker = asked.worker;
  trial.asked_at = asked.time;
  if (asked.ticket) {
    std::erase_if(queue_, [&](const Ticket& ticket) { return ticket.number == *asked.ticket; });
  }
  ++counts_[static_cast<std::size_t>(TrialState::running)];
  ++seen_[trial.point.key()];
  trials_.push_back(std::move(trial));
}

void History::report(const Reported& reported) {
  if (Trial* trial = running(reported.trial)) trial->reports.push_back(reported.report);
}

void History::end(const Ended& ended) {
  Trial* trial = running(ended.trial);
  if (trial == nullptr || ended.state == TrialState::running) return;
  --counts_[static_cast<std::size_t>(TrialState::running)];
  ++counts_[static_cast<std::size_t>(ended.state)];
  if (ended.point || !counts_as_seen(ended.state)) {
    forget(trial->point);
    if (ended.point) {
      trial->point = *ended.point;
      trial->unit = encode(space_, trial->point);
    }
    if (counts_as_seen(ended.state)) ++seen_[trial->point.key()];
  }
  trial->state = ended.state;
  trial->values = ended.values;
  trial->metrics = ended.metrics;
  trial->why = ended.why;
  trial->ended_at = ended.time;
  if (ended.state != TrialState::complete || trial->values.empty()) return;
  if (!best_ || loss(*trial) < loss(trials_[static_cast<std::size_t>(*best_)])) {
    best_ = trial->number;
  }
}

void History::forget(const Point& point) {
  const auto found = seen_.find(point.key());
  if (found != seen_.end() && --found->second == 0) seen_.erase(found);
}

void History::grow(const Parameter& parameter) {
  if (space_.index(parameter.name)) return;  // two programs met it at once
  space_ = space_.with(parameter);
  for (Trial& trial : trials_) trial.unit = encode(space_, trial.point);
}

const Trial* History::best() const {
  return best_ ? &trials_[static_cast<std::size_t>(*best_)] : nullptr;
}

int History::seen(const Point& point) const {
  const auto found = seen_.find(point.key());
  return found == seen_.end() ? 0 : found->second;
}

}  // namespace caviar
