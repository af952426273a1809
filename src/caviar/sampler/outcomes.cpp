#include "caviar/sampler/outcomes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "caviar/math/pareto.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

constexpr double largest = 1e300;
constexpr double beyond_worst = 1.1;  // where the reference lies, in shares of a front's ranges

bool all_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double x) { return std::isfinite(x); });
}

Ranges ranges_of(const Outcomes& outcomes, std::span<const std::size_t> rows) {
  Ranges ranges{std::vector<double>(outcomes.columns, std::numeric_limits<double>::infinity()),
                std::vector<double>(outcomes.columns, -std::numeric_limits<double>::infinity())};
  for (const std::size_t row : rows) {
    for (std::size_t k = 0; k < outcomes.columns; ++k) {
      ranges.low[k] = std::min(ranges.low[k], outcomes.row(row)[k]);
      ranges.high[k] = std::max(ranges.high[k], outcomes.row(row)[k]);
    }
  }
  return ranges;
}

}  // namespace

Outcomes outcomes_of(const History& history) {
  const Goal& goal = history.goal();
  Outcomes outcomes;
  outcomes.columns = goal.objectives();
  for (const Trial& trial : history.trials()) {
    if (trial.state != TrialState::complete || trial.values.size() != outcomes.columns) continue;
    if (!all_finite(trial.values)) continue;
    const double beyond = violation(goal, trial);
    std::vector<double>& losses = beyond > 0 ? outcomes.other_losses : outcomes.losses;
    for (std::size_t k = 0; k < outcomes.columns; ++k) {
      losses.push_back(std::clamp(goal.loss(trial.values[k], k), -largest, largest));
    }
    if (beyond > 0) {
      outcomes.others.push_back(trial.number);
      outcomes.violations.push_back(std::min(beyond, largest));
    } else {
      outcomes.solutions.push_back(trial.number);
    }
  }
  return outcomes;
}

double Ranges::share(double loss, std::size_t objective) const {
  // Quarters keep the span of values near the largest double finite.
  const double span = high[objective] / 4 - low[objective] / 4;
  const double above = loss / 4 - low[objective] / 4;
  return span > 0 ? std::min(above / span, largest) : std::min(above, largest);
}

Ranges ranges_of_front(const Outcomes& outcomes) {
  const std::vector<std::size_t> ranks = domination_ranks(outcomes.losses, outcomes.columns);
  std::vector<std::size_t> front, all;
  for (std::size_t row = 0; row < ranks.size(); ++row) {
    if (ranks[row] == 0) front.push_back(row);
    all.push_back(row);
  }
  Ranges ranges = ranges_of(outcomes, front);
  const Ranges wide = ranges_of(outcomes, all);
  for (std::size_t k = 0; k < outcomes.columns; ++k) {
    // A front of one point has no range of its own.
    if (!(ranges.high[k] > ranges.low[k])) ranges.high[k] = wide.high[k];
  }
  return ranges;
}

std::vector<std::size_t> spread_first(const Outcomes& outcomes, std::span<const std::size_t> front,
                                      std::size_t ordered) {
  std::vector<std::size_t> result;
  std::vector<bool> taken(front.size());
  if (ordered > 0 && front.size() > 1) {
    const Ranges ranges = ranges_of(outcomes, front);
    std::vector<double> shares;
    for (const std::size_t row : front) {
      for (std::size_t k = 0; k < outcomes.columns; ++k) {
        shares.push_back(ranges.share(outcomes.row(row)[k], k));
      }
    }
    const std::vector<double> reference(outcomes.columns, beyond_worst);
    for (const std::size_t at : hypervolume_order(shares, outcomes.columns, reference, ordered)) {
      result.push_back(front[at]);
      taken[at] = true;
    }
  }
  for (std::size_t at = 0; at < front.size(); ++at) {
    if (!taken[at]) result.push_back(front[at]);
  }
  return result;
}

}  // namespace caviar
