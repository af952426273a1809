// Draws a trial's learning curve out to its end, and stops it where that is unlikely to become the
// best: after Domhan et al., "Speeding up automatic hyperparameter optimization of deep neural
// networks by extrapolation of learning curves" (2015).
#include "caviar/math/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "caviar/pruner/entry.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

struct LearningCurve {
  double chance = 0.05;
  std::int64_t steps = 0;
  std::int64_t startup_trials = 3;
  std::int64_t warmup_steps = 10;
  std::int64_t protect = usual_protection;
};

void fields(LearningCurve& o, auto&& field) {
  field("chance", o.chance, "of becoming the best, below which a trial is stopped", 0, 1);
  field("steps", o.steps, "how long a trial runs; 0: as long as the longest complete one", 0, 1e15);
  field("startup_trials", o.startup_trials, "complete trials before the first is stopped", 1, 1e9);
  field("warmup_steps", o.warmup_steps, "steps that are not judged", 3, 1e15);
  protect_field(o, field);
}

std::int64_t last_step(const LearningCurve& o, const History& history) {
  if (o.steps > 0) return o.steps;
  std::int64_t last = 0;
  for (const Trial& trial : history.trials()) {
    if (trial.state != TrialState::complete) continue;
    for (const Report& report : trial.reports) last = std::max(last, report.step);
  }
  return last;
}

Flow judge(const LearningCurve& o, const History& history, const Trial& trial) {
  const std::int64_t now = trial.reports.back().step, end = last_step(o, history);
  const auto complete = static_cast<std::int64_t>(history.count(TrialState::complete));
  if (complete < o.startup_trials || now <= o.warmup_steps || now >= end) return Flow::go;
  std::vector<double> steps, losses;
  double best = std::numeric_limits<double>::infinity();
  for (const Report& report : trial.reports) {
    best = std::min(best, loss_of(history.goal(), report));
    if (!std::isfinite(best)) continue;
    steps.push_back(static_cast<double>(report.step));
    losses.push_back(best);  // what counts in the end is the best epoch
  }
  const Trial* leader = history.best();
  if (leader == nullptr) return Flow::go;  // complete trials, but none within the bounds
  const double target = history.loss(*leader);
  const double chance = chance_below(target, static_cast<double>(end), steps, losses);
  return chance < o.chance ? Flow::stop : Flow::go;
}

}  // namespace

PrunerEntry learning_curve_pruner() {
  return pruner_entry<LearningCurve>("learning_curve",
                                     "stops a trial whose curve will not reach the best");
}

}  // namespace caviar
