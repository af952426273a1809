#include "caviar/sampler/challenge.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "caviar/sampler/acquisitions.hpp"

namespace caviar {
namespace {

// Length scale at which two choices have a correlation of 0.14.
constexpr double far_apart = 0.5;

std::span<const double> row_of(const Observations& seen, std::size_t row) {
  return std::span(seen.points).subspan(row * seen.axes, seen.axes);
}

}  // namespace

std::optional<Point> challenger(const History& history, const Observations& seen, Kernel kernel,
                                std::span<const double> leader, const std::vector<Axis>& axes,
                                Rng& rng, const Caution& caution) {
  std::vector<std::size_t> choices;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    if (axes[a].categorical && !std::isnan(leader[a])) choices.push_back(a);
  }
  const bool numbers = std::ranges::count(axes, false, &Axis::categorical) > 0;
  if (choices.empty() || !numbers) return std::nullopt;
  const std::size_t axis = choices[rng.below(choices.size())];
  const double held = leader[axis];
  kernel.lengths[axis] = std::min(kernel.lengths[axis], far_apart);
  const Belief belief = believe(axes, seen, std::span(&kernel, 1));
  std::vector<std::vector<double>> places;
  for (const std::size_t row : belief.order) {
    const std::span<const double> unit = row_of(seen, row);
    if (unit[axis] != held && places.size() < 5) places.emplace_back(unit.begin(), unit.end());
  }
  const SearchOptions options{.apart = 1e-3, .avoid = [&](std::span<const double> unit) {
                                return unit[axis] == held || std::isnan(unit[axis]) ||
                                       caution.avoids(unit);
                              }};
  std::optional<Promising> found =
      most_promising(log_expected_improvement(belief), history, places, rng, options);
  if (!found) return std::nullopt;
  return std::move(found->point);
}

}  // namespace caviar
