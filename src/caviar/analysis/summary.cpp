#include "caviar/analysis/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

// Trials that spent a partial budget, keep the bounds as far as they were measured, and that no
// other has continued to an end.
std::vector<const Trial*> waiting(const History& history) {
  std::set<int> continued;
  for (const Trial& trial : history.trials()) {
    const std::optional<int> parent = parent_of(trial.note);
    if (parent && trial.finished() && !trial.values.empty()) continued.insert(*parent);
  }
  std::vector<const Trial*> found;
  for (const Trial& trial : history.trials()) {
    const bool partial = trial.state == TrialState::pruned && is_partial(trial.note) &&
                         !trial.values.empty() && !trial.outside;
    if (partial && !continued.contains(trial.number) &&
        violation_so_far(history.goal(), trial) == 0 && !std::isnan(history.loss(trial))) {
      found.push_back(&trial);
    }
  }
  return found;
}

double spent(const Trial& trial) { return number_in(trial.note, budget_note).value_or(0); }

}  // namespace

std::string unfinished_text(const History& history, const std::string& of) {
  if (history.goal().objectives() > 1) return "";
  const std::vector<const Trial*> all = waiting(history);
  if (all.empty()) return "";
  const Trial* best = history.best();
  // Where none is complete the furthest counts for most.
  const auto* const found = *std::ranges::min_element(all, {}, [&](const Trial* trial) {
    return std::pair(best == nullptr ? -spent(*trial) : 0, history.loss(*trial));
  });
  const double full = number_in(found->note, full_budget_note).value_or(0);
  const std::string stands = fmt::format(
      "trial {}, {} {} after {} of {} {}", found->number, history.goal().metric,
      rounded_text(found->values.front(), 5), rounded_text(spent(*found)), rounded_text(full), of);
  const std::string how = "; more trials (caviar tune FILE --trials N) take it further";
  if (best == nullptr) {
    return fmt::format("no trial has spent all {} {} yet; the furthest is {}{}", rounded_text(full),
                       of, stands, how);
  }
  if (history.loss(*found) >= history.loss(*best)) return "";
  return fmt::format(
      "not the last word: {}, is better already than the best of those that had all "
      "of them{}",
      stands, how);
}

Summary summarise(const History& history) {
  Summary summary;
  summary.trials = history.trials().size();
  summary.complete = history.count(TrialState::complete);
  summary.pruned = history.count(TrialState::pruned);
  summary.failed = history.count(TrialState::failed);
  summary.running = history.count(TrialState::running);
  summary.interrupted = history.count(TrialState::interrupted);
  if (const Trial* best = history.best()) summary.best = best->number;
  double first = std::numeric_limits<double>::infinity(), last = 0;
  std::vector<double> durations;
  for (const Trial& trial : history.trials()) {
    if (!trial.finished() || trial.asked_at <= 0 || trial.ended_at < trial.asked_at) continue;
    first = std::min(first, trial.asked_at);
    last = std::max(last, trial.ended_at);
    summary.trials_s += trial.ended_at - trial.asked_at;
    if (trial.state == TrialState::complete) durations.push_back(trial.ended_at - trial.asked_at);
  }
  if (last > first) summary.elapsed_s = last - first;
  if (!durations.empty()) summary.median_trial_s = median(durations);
  return summary;
}

std::vector<double> best_so_far(const History& history) {
  std::vector<double> values;
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const Trial& trial : history.trials()) {
    if (is_solution(history.goal(), trial)) {
      const double value = trial.values.front();
      if (!(history.goal().loss(value) >= history.goal().loss(best))) best = value;
    }
    values.push_back(best);
  }
  return values;
}

}  // namespace caviar
