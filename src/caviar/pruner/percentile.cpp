// Stops a trial whose best report so far is worse than a percentile of what the complete trials had
// reported by the same step. With half of them it is the median rule of Golovin et al., "Google
// Vizier" (2017), section 3.2.2, with the others' values themselves in place of their running
// averages.
#include <cmath>
#include <limits>
#include <vector>

#include "caviar/math/stats.hpp"
#include "caviar/pruner/entry.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

struct Median {
  std::int64_t startup_trials = 5;
  std::int64_t warmup_steps = 0;
  std::int64_t protect = usual_protection;
};

struct Percentile : Median {
  double keep = 25;
};

void fields(Median& o, auto&& field) {
  field("startup_trials", o.startup_trials, "complete trials before the first is stopped", 0, 1e9);
  field("warmup_steps", o.warmup_steps, "steps that are not judged", 0, 1e15);
  protect_field(o, field);
}

void fields(Percentile& o, auto&& field) {
  field("keep", o.keep, "per cent of the complete trials that a trial must be among", 0, 100);
  fields(static_cast<Median&>(o), field);
}

// quantile() interpolates, which infinities do not survive.
double finite_quantile(std::vector<double>& losses, double share) {
  for (double& loss : losses) loss = std::min(loss, std::numeric_limits<double>::max() / 4);
  return quantile(losses, share);
}

Flow compare(const Median& o, double share, const History& history, const Trial& trial) {
  const Goal& goal = history.goal();
  const std::int64_t step = trial.reports.back().step;
  if (step <= o.warmup_steps) return Flow::go;
  std::vector<double> others;
  for (const Trial& other : history.trials()) {
    if (other.state != TrialState::complete) continue;
    if (const auto loss = loss_at(goal, other, step)) others.push_back(*loss);
  }
  if (others.empty() || std::ssize(others) < o.startup_trials) return Flow::go;
  return best_loss_by(goal, trial, step) > finite_quantile(others, share) ? Flow::stop : Flow::go;
}

Flow judge(const Median& o, const History& history, const Trial& trial) {
  return compare(o, 0.5, history, trial);
}

Flow judge(const Percentile& o, const History& history, const Trial& trial) {
  return compare(o, o.keep / 100, history, trial);
}

}  // namespace

PrunerEntry median_pruner() {
  return pruner_entry<Median>("median",
                              "stops a trial that does worse than half of the complete ones did");
}

PrunerEntry percentile_pruner() {
  return pruner_entry<Percentile>("percentile",
                                  "stops a trial that is not among the best at its step");
}

}  // namespace caviar
