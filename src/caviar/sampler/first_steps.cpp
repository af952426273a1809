#include "caviar/sampler/first_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "caviar/sampler/hunches.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_axes = 30;  // that are stepped along
constexpr double length = 0.2;         // of a step, in parts of the range

// Those of the first tiers first (a tier that is not said counts as the middle one), otherwise in
// another order with each seed.
std::size_t axis_of(const Space& space, std::uint64_t seed, std::uint64_t number) {
  std::vector<std::size_t> axes;
  for (std::size_t i = 0; i < space.size(); ++i) axes.push_back((i + seed) % space.size());
  std::ranges::stable_sort(
      axes, {}, [&](std::size_t axis) { return space[axis].tier == 0 ? 2 : space[axis].tier; });
  return axes[(number - 1) % std::min(axes.size(), most_axes)];
}

// The best so far, or while none keeps the bounds the one that breaks them least.
const Trial* leader(const History& history) {
  if (history.best() != nullptr || history.goal().bounds.empty()) return history.best();
  const Trial* closest = nullptr;
  double least = std::numeric_limits<double>::infinity();
  for (const Trial& trial : history.trials()) {
    if (trial.state != TrialState::complete || trial.outside) continue;
    if (const double beyond = violation(history.goal(), trial); beyond < least) {
      least = beyond;
      closest = &trial;
    }
  }
  return closest;
}

}  // namespace

bool steps_first(const Space& space) {
  return !space.has_conditions() &&
         std::ranges::none_of(space.parameters(),
                              [](const Parameter& p) { return is_categorical(p.distribution); });
}

std::size_t first_steps(const Space& space) { return 1 + std::min(space.size(), most_axes); }

std::optional<Point> next_step(const History& history, std::uint64_t seed, std::uint64_t number,
                               Rng& rng) {
  const Space& space = history.space();
  const Trial* best = leader(history);
  std::vector<double> from = best != nullptr ? encode(space, best->point) : expected_middle(space);
  for (double& x : from) x = std::isnan(x) ? 0.5 : x;
  const std::size_t axis = axis_of(space, seed, number);
  double step = length;  // at least to the next value
  if (const auto values = cardinality(space[axis].distribution)) {
    step = std::max(step, 1 / static_cast<double>(*values));
  }
  if (rng.below(2) == 0) step = -step;
  for (const double side : {step, -step}) {
    std::vector<double> unit = from;
    unit[axis] += side;
    if (!(unit[axis] >= 0 && unit[axis] <= 1)) continue;
    Point point = decode(space, unit);
    if (feasible(space, point) && history.seen(point) == 0) return point;
  }
  return std::nullopt;
}

}  // namespace caviar
