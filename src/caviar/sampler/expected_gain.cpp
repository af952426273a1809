#include "caviar/sampler/expected_gain.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>
#include <vector>

#include "caviar/math/kernel_learning.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/acquisitions.hpp"
#include "caviar/sampler/feasibility.hpp"
#include "caviar/sampler/reading.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_rows = 120;

// Standardised, the worse half as the median and failed ones too; what one unit is worth, 0 where
// the better half are equal.
double level(Observations& seen) {
  std::vector<double> told;
  double largest = 0;  // they are taken in parts of it: the squares of large ones were infinite
  for (const double loss : seen.losses) {
    if (!std::isnan(loss)) largest = std::max(largest, std::fabs(loss));
  }
  if (!(largest > 0)) return 0;
  for (const double loss : seen.losses) {
    if (!std::isnan(loss)) told.push_back(loss / largest);
  }
  const double middle = median(told);
  for (std::size_t row = 0; row < seen.rows(); ++row) {
    const double loss = seen.losses[row];
    seen.values[row] = std::isnan(loss) ? middle : std::min(loss / largest, middle);
  }
  const double centre = mean(seen.values), unit = standard_deviation(seen.values);
  if (!(unit > 0)) return 0;
  for (double& value : seen.values) value = (value - centre) / unit;
  return largest * unit;
}

std::optional<double> estimate(const History& history, std::uint64_t seed) {
  Observations seen = observe(history, history.trials().size(), most_rows);
  if (std::ranges::all_of(seen.losses, [](double x) { return std::isnan(x); })) return std::nullopt;
  const double unit = level(seen);
  if (unit == 0) return 0;  // nothing that was tried did better than most: no model expects more
  const std::vector<Axis> axes = axes_of(history.space());
  const std::vector<Kernel> kernels = likely_kernels(
      axes, seen.points, seen.values, {.noisy_from = 0.01, .samples = 4, .seed = seed});
  const Belief belief = believe(axes, seen, kernels);
  if (!belief.solved) return std::nullopt;
  Acquisition gain = log_expected_improvement(belief);
  std::optional<Feasibility> feasibility;
  if (seen.bounds > 0) {
    const std::vector<Demand> demands = kept_bounds(seen);
    feasibility.emplace(axes, demands, kernels_of(axes, demands), seen.pending);
    gain = feasibly(std::move(gain), *feasibility);
  }
  std::vector<std::vector<double>> elites;
  for (const std::size_t row :
       std::span(belief.order).first(std::min<std::size_t>(5, seen.rows()))) {
    const auto unit_vector = std::span(seen.points).subspan(row * seen.axes, seen.axes);
    elites.emplace_back(unit_vector.begin(), unit_vector.end());
  }
  Rng rng(seed, history.endings().size());
  const auto found = most_promising(gain, history, elites, rng);
  // Nothing new is left to try.
  if (!found) return 0;
  return unit * std::exp(found->score);
}

}  // namespace

std::optional<double> expected_gain(const History& history, std::uint64_t seed) try {
  const std::size_t enough = std::max<std::size_t>(10, 2 * history.space().size());
  if (history.goal().objectives() > 1 || history.count(TrialState::complete) < enough) {
    return std::nullopt;
  }
  if (history.goal().bounds.empty()) return estimate(history, seed);
  const std::vector<double> losses = own_losses(history, std::vector{1.0});
  return estimate(history.with_losses(losses, {.reports = true, .bounds = true}), seed);
} catch (const std::exception&) {
  return std::nullopt;  // a numerical failure is no reason to stop
}

}  // namespace caviar
