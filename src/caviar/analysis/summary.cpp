#include "caviar/analysis/summary.hpp"

#include <algorithm>
#include <limits>

#include "caviar/math/stats.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
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
