#include "caviar/pruner/rungs.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

// A complete trial that ended before the rung (by early stopping) stands there where it ended.
bool came_to(std::int64_t rung, const Trial& trial) {
  if (trial.reports.empty()) return false;
  switch (trial.state) {
    case TrialState::complete:
      return true;
    case TrialState::running:
    case TrialState::pruned:
      return trial.reports.back().step >= rung;
    case TrialState::failed:
    case TrialState::interrupted:
      return false;
  }
  return false;
}

// One in how many goes on from a rung.
double sharpness(const Rungs& rungs, std::int64_t rung) {
  double sharpness = 1.5 + 0.5 * static_cast<double>(rungs.before);
  for (std::int64_t lower = rungs.first; lower < rung; lower *= rungs.factor) sharpness += 0.5;
  return std::min(sharpness, static_cast<double>(rungs.factor));
}

}  // namespace

std::optional<std::int64_t> rung_reached(const Rungs& rungs, const Trial& trial) {
  const std::int64_t now = trial.reports.back().step;
  const std::int64_t before = trial.reports.size() > 1 ? trial.reports.end()[-2].step : 0;
  std::optional<std::int64_t> reached;
  for (std::int64_t rung = rungs.first; rung <= now; rung *= rungs.factor) {
    if (rung > before) reached = rung;
    if (rung > now / rungs.factor) break;  // the next one lies beyond, perhaps beyond all numbers
  }
  return reached;
}

Flow judge_on_rungs(const Rungs& rungs, const History& history, const Trial& trial,
                    const std::function<bool(const Trial&)>& competes) {
  const std::optional<std::int64_t> rung = rung_reached(rungs, trial);
  if (!rung) return Flow::go;
  const Goal& goal = history.goal();
  const double own = best_loss_by(goal, trial, trial.reports.back().step);
  std::int64_t came = 1, better = 0;
  for (const Trial& other : history.trials()) {
    if (other.number == trial.number || !came_to(*rung, other) || !competes(other)) continue;
    ++came;
    if (best_loss_by(goal, other, *rung) < own) ++better;
  }
  const double allowed = std::floor(static_cast<double>(came) / sharpness(rungs, *rung));
  return static_cast<double>(better) < std::max(1.0, allowed) ? Flow::go : Flow::stop;
}

}  // namespace caviar
