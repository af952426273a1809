#include "caviar/sampler/reading.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/math/pareto.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/outcomes.hpp"

namespace caviar {
namespace {

constexpr double part_of_sum = 0.05;      // ρ of the augmented Chebyshev function
constexpr std::size_t most_ordered = 25;  // places that are told apart within one front

// Uniform over all that sum to 1.
std::vector<double> drawn_weights(std::size_t count, Rng& rng) {
  std::vector<double> weights(count);
  double sum = 0;
  for (double& weight : weights) {
    weight = -std::log(1 - rng.uniform());
    sum += weight;
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

double chebyshev(std::span<const double> row, const Ranges& ranges,
                 std::span<const double> weights) {
  double largest = -std::numeric_limits<double>::infinity(), sum = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    const double part = weights[k] * ranges.share(row[k], k);
    largest = std::max(largest, part);
    sum += part;
  }
  return largest + part_of_sum * sum;
}

// Worse than the worst of `losses` by at least a tenth of their span, at most a little more than
// it.
std::vector<double> penalties(std::span<const double> losses, std::span<const double> violations) {
  double worst = 0, span = 1;
  if (!losses.empty()) {
    const auto [low, high] = std::ranges::minmax(losses);
    worst = high;
    // Halves keep the span of values near the largest double finite.
    if (high > low) span = std::min(2 * (high / 2 - low / 2), 1e300);
  }
  const double typical = median(violations);
  std::vector<double> result;
  for (const double violation : violations) {
    result.push_back(worst + span * (0.1 + violation / (violation + typical)));
  }
  return result;
}

std::vector<double> by_trial(const History& history) {
  return std::vector<double>(history.trials().size(), std::nan(""));
}

}  // namespace

std::vector<double> scalar_losses(const History& history, std::span<const double> weights) {
  const Outcomes outcomes = outcomes_of(history);
  std::vector<double> result = by_trial(history), losses;
  if (outcomes.columns == 1) {
    losses = outcomes.losses;
  } else if (!outcomes.solutions.empty()) {
    const Ranges ranges = ranges_of_front(outcomes);
    for (std::size_t row = 0; row < outcomes.solutions.size(); ++row) {
      losses.push_back(chebyshev(outcomes.row(row), ranges, weights));
    }
  }
  for (std::size_t row = 0; row < losses.size(); ++row) {
    result[static_cast<std::size_t>(outcomes.solutions[row])] = losses[row];
  }
  if (outcomes.others.empty()) return result;
  const std::vector<double> penalty = penalties(losses, outcomes.violations);
  for (std::size_t row = 0; row < penalty.size(); ++row) {
    result[static_cast<std::size_t>(outcomes.others[row])] = penalty[row];
  }
  return result;
}

std::vector<double> own_losses(const History& history, std::span<const double> weights) {
  Outcomes outcomes = outcomes_of(history);
  std::vector<double> result = by_trial(history);
  std::vector<std::span<const double>> rows;
  for (std::size_t row = 0; row < outcomes.solutions.size(); ++row) {
    rows.push_back(outcomes.row(row));
  }
  for (std::size_t row = 0; row < outcomes.others.size(); ++row) {
    rows.push_back(outcomes.other_row(row));
  }
  std::vector<int> trials = outcomes.solutions;
  trials.insert(trials.end(), outcomes.others.begin(), outcomes.others.end());
  if (rows.empty()) return result;
  Ranges ranges;
  if (outcomes.columns > 1) {
    // While nothing keeps the bounds, the front is that of all.
    Outcomes all{.columns = outcomes.columns,
                 .losses = outcomes.solutions.empty() ? outcomes.other_losses : outcomes.losses};
    ranges = ranges_of_front(all);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result[static_cast<std::size_t>(trials[i])] =
        outcomes.columns == 1 ? rows[i].front() : chebyshev(rows[i], ranges, weights);
  }
  return result;
}

std::vector<double> losses_of(const History& history, std::size_t objective) {
  std::vector<double> result = by_trial(history);
  for (const Trial& trial : history.trials()) {
    if (trial.state != TrialState::complete || objective >= trial.values.size()) continue;
    result[static_cast<std::size_t>(trial.number)] =
        history.goal().loss(trial.values[objective], objective);
  }
  return result;
}

History with_one_objective(const History& history, Rng& rng) {
  const std::size_t objectives = history.goal().objectives();
  return history.with_losses(own_losses(history, drawn_weights(objectives, rng)),
                             {.reports = objectives == 1, .bounds = true});
}

std::vector<double> places(const History& history) {
  const Outcomes outcomes = outcomes_of(history);
  std::vector<double> result = by_trial(history);
  double place = 0;
  const auto take = [&](int trial) { result[static_cast<std::size_t>(trial)] = place++; };
  const std::vector<std::size_t> ranks = domination_ranks(outcomes.losses, outcomes.columns);
  std::vector<std::vector<std::size_t>> fronts;
  for (std::size_t row = 0; row < ranks.size(); ++row) {
    fronts.resize(std::max(fronts.size(), ranks[row] + 1));
    fronts[ranks[row]].push_back(row);
  }
  for (const std::vector<std::size_t>& front : fronts) {
    for (const std::size_t row :
         spread_first(outcomes, front, place < most_ordered ? most_ordered : 0)) {
      take(outcomes.solutions[row]);
    }
  }
  for (const std::size_t row : ascending(outcomes.violations)) take(outcomes.others[row]);
  return result;
}

Sampler with_reading(Reading reading, Sampler sampler) {
  if (reading == Reading::nothing || reading == Reading::all) return sampler;
  return [reading, sampler = std::move(sampler)](const History& history,
                                                 Rng& rng) -> std::optional<Proposal> {
    const Goal& goal = history.goal();
    const bool single = goal.objectives() == 1;
    if (single && goal.bounds.empty()) return sampler(history, rng);
    if (!single && reading == Reading::one) {
      throw Error(Fault::input, "search.sampler: this method takes one objective");
    }
    if (reading == Reading::bounded) {
      return sampler(single ? with_one_objective(history, rng) : history, rng);
    }
    const std::vector<double> read =
        reading == Reading::order ? places(history)
                                  : scalar_losses(history, drawn_weights(goal.objectives(), rng));
    // Reports are of the first objective alone; places are no losses that they could be held to.
    return sampler(history.with_losses(read, {.reports = single && reading != Reading::order}),
                   rng);
  };
}

}  // namespace caviar
