#include "caviar/trial/history.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

#include "caviar/base/match.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

// An interrupted trial does not use its point up. A failed one does: a finite space in which one
// configuration always crashes would never come to its end.
bool counts_as_seen(TrialState state) { return state != TrialState::interrupted; }

// Chains a word to a digest (the finaliser of SplitMix64).
std::uint64_t mixed(std::uint64_t digest, std::uint64_t word) {
  std::uint64_t z = (digest ^ word) + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// A unit vector without a gap says that every value lies in its range.
bool lies_outside(const Space& space, const Trial& trial) {
  const bool gaps = std::ranges::any_of(trial.unit, [](double x) { return std::isnan(x); });
  return gaps ? !admits(space, trial.point) : !feasible(space, trial.point);
}

}  // namespace

void History::apply(Event&& event) {
  ++events_;
  std::visit(match{
                 [this](Asked&& asked) { start(std::move(asked)); },
                 [this](Reported&& reported) { report(std::move(reported)); },
                 [this](Halted&& halted) {
                   if (Trial* trial = running(halted.trial)) trial->stop_wanted = true;
                 },
                 [this](Ended&& ended) { end(std::move(ended)); },
                 [this](Queued&& queued) {
                   queue_.push_back({tickets_++, std::move(queued.point), std::move(queued.by),
                                     std::move(queued.note)});
                 },
                 [this](Grown&& grown) { grow(grown.parameter); },
                 [this](Edited&& edited) { edit(std::move(edited)); },
                 [this](Taught&& taught) { teach(std::move(taught)); },
                 [this](Noted&& noted) { notes_[noted.key] = std::move(noted.json); },
                 [this](Steered&& steered) {
                   if (Trial* trial = running(steered.trial)) {
                     trial->steering.push_back(std::move(steered.steering));
                     trial->steering.back().reports = trial->reports.size();
                     trial->steering.back().time = steered.time;
                   }
                 },
                 [this](Alive&& alive) { ++beats_[alive.worker]; },
                 [this](Freed&& freed) {
                   const auto number = static_cast<std::size_t>(freed.trial);
                   if (freed.trial < 0 || number >= trials_.size()) return;
                   trials_[number].freed_bytes = freed.bytes;
                 },
             },
             std::move(event));
}

Trial* History::running(int number) {
  if (number < 0 || static_cast<std::size_t>(number) >= trials_.size()) return nullptr;
  Trial& trial = trials_[static_cast<std::size_t>(number)];
  return trial.state == TrialState::running ? &trial : nullptr;
}

void History::start(Asked&& asked) {
  if (asked.trial < 0 || static_cast<std::size_t>(asked.trial) != trials_.size()) return;
  Trial trial;
  trial.number = asked.trial;
  trial.point = std::move(asked.proposal.point);
  trial.unit = encode(space_, trial.point);
  trial.outside = lies_outside(space_, trial);
  trial.by = std::move(asked.proposal.by);
  trial.note = std::move(asked.proposal.note);
  trial.ticket = asked.ticket;
  trial.worker = std::move(asked.worker);
  trial.asked_at = asked.time;
  if (asked.ticket) {
    std::erase_if(queue_, [&](const Ticket& ticket) { return ticket.number == *asked.ticket; });
  }
  ++counts_[static_cast<std::size_t>(TrialState::running)];
  seen_.add(trial.point.fingerprint());
  pending_.push_back(trial.number);
  trials_.push_back(std::move(trial));
}

// A step that comes again: the objective has begun again from there (a run that crashed is run
// again), and what it said of that step and of those behind it counts no more. One that comes late
// and for the first time (folds at once) is a report as any other.
void History::report(Reported&& reported) {
  Trial* trial = running(reported.trial);
  if (trial == nullptr) return;
  std::vector<Report>& reports = trial->reports;
  const std::int64_t step = reported.report.step;
  const bool may_be_known = !reports.empty() && step <= reports.back().step;
  if (may_be_known && std::ranges::find(reports, step, &Report::step) != reports.end()) {
    std::erase_if(reports, [step](const Report& earlier) { return earlier.step >= step; });
  }
  reports.push_back(std::move(reported.report));
}

void History::end(Ended&& ended) {
  Trial* trial = running(ended.trial);
  if (trial == nullptr || ended.state == TrialState::running) return;
  --counts_[static_cast<std::size_t>(TrialState::running)];
  ++counts_[static_cast<std::size_t>(ended.state)];
  if (ended.point || !counts_as_seen(ended.state)) {
    seen_.remove(trial->point.fingerprint());
    if (ended.point) {
      trial->point = std::move(*ended.point);
      trial->unit = encode(space_, trial->point);
      trial->outside = lies_outside(space_, *trial);
    }
    if (counts_as_seen(ended.state)) seen_.add(trial->point.fingerprint());
  }
  trial->state = ended.state;
  trial->values = std::move(ended.values);
  trial->metrics = std::move(ended.metrics);
  trial->why = std::move(ended.why);
  trial->ended_at = ended.time;
  std::erase(pending_, trial->number);
  digest(*trial);
  note_best(*trial);
}

void History::note_best(const Trial& trial) {
  if (!is_solution(goal_, trial)) return;
  if (!best_ || better(goal_, trial, trials_[static_cast<std::size_t>(*best_)])) {
    best_ = trial.number;
  }
}

void History::digest(const Trial& trial) {
  const auto add = [&](std::uint64_t word) { digest_ = mixed(digest_, word); };
  const auto add_number = [&](double x) { add(std::bit_cast<std::uint64_t>(x)); };
  add(static_cast<std::uint64_t>(trial.number));
  add(static_cast<std::uint64_t>(trial.state) + (trial.outside ? 16 : 0));
  add(std::hash<std::string>()(trial.by));
  for (const double coordinate : trial.unit) add_number(coordinate);
  for (const double value : trial.values) add_number(value);
  for (const auto& [name, value] : trial.note) add_number(value);
  if (!trial.reports.empty()) add_number(trial.reports.back().value);
  endings_.push_back({trial.number, digest_});
}

void History::grow(const Parameter& parameter) {
  if (space_.index(parameter.name)) return;  // two programs met it at once
  take_space(space_.with(parameter));
}

void History::edit(Edited&& edited) {
  edits_.push_back({std::move(edited.changes), trials_.size(), edited.time});
  if (!edited.objective.empty()) objective_ = std::move(edited.objective);
  take_space(std::move(edited.space));
}

// What is learnt twice from the same source is the later word.
void History::teach(Taught&& taught) {
  std::erase_if(lessons_, [&](const auto& known) { return known->source == taught.source; });
  lessons_.push_back(std::make_shared<const Taught>(std::move(taught)));
}

void History::take_space(Space space) {
  ++space_changes_;
  space_ = std::move(space);
  best_.reset();
  for (Trial& trial : trials_) {
    trial.unit = encode(space_, trial.point);
    trial.outside = lies_outside(space_, trial);
  }
  digest_ = 0;
  for (const Ending& ending : std::exchange(endings_, {})) {
    const Trial& trial = trials_[static_cast<std::size_t>(ending.trial)];
    digest(trial);
    note_best(trial);
  }
}

History History::with_losses(std::span<const double> losses, Kept kept) const {
  History other(*this);
  other.goal_ = Goal{};
  if (kept.bounds) {
    for (const Bound& bound : goal_.bounds) {
      other.goal_.bounds.push_back({to_text(bound), false, 0});
    }
  }
  other.best_.reset();
  other.digest_ = 0;
  for (Trial& trial : other.trials_) {
    if (trial.state == TrialState::complete) {
      if (kept.bounds) {
        const std::vector<double> all = margins(goal_, trial);
        for (std::size_t k = 0; k < all.size(); ++k) {
          const double limit = std::fabs(goal_.bounds[k].limit);
          trial.metrics[other.goal_.bounds[k].metric] = limit == 0 ? all[k] : all[k] / limit;
        }
      }
      trial.values = {losses[static_cast<std::size_t>(trial.number)]};
    }
    if (!kept.reports) {
      trial.reports.clear();
    } else if (goal_.directions.front() == Direction::maximize) {
      for (Report& report : trial.reports) report.value = -report.value;
    }
  }
  for (const Ending& ending : std::exchange(other.endings_, {})) {
    const Trial& trial = other.trials_[static_cast<std::size_t>(ending.trial)];
    other.digest(trial);
    other.note_best(trial);
  }
  return other;
}

const Trial* History::best() const {
  return best_ ? &trials_[static_cast<std::size_t>(*best_)] : nullptr;
}

std::vector<const Trial*> History::line_of(const Trial& trial) const {
  std::vector<const Trial*> line = {&trial};
  while (const std::optional<int> parent = parent_of(line.back()->note)) {
    if (*parent < 0 || *parent >= line.back()->number) break;  // a log of somebody else's making
    line.push_back(&trials_[static_cast<std::size_t>(*parent)]);
  }
  std::ranges::reverse(line);
  return line;
}

int History::beats(const std::string& worker) const {
  const auto found = beats_.find(worker);
  return found == beats_.end() ? 0 : found->second;
}

int History::seen(const Point& point) const { return seen_.of(point.fingerprint()); }

}  // namespace caviar
