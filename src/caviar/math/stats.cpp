#include "caviar/math/stats.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace caviar {

double mean(std::span<const double> values) {
  assert(!values.empty());
  // Dividing first keeps sums of huge values from overflowing.
  const double share = 1.0 / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value * share;
  return sum;
}

double variance(std::span<const double> values) {
  if (values.size() < 2) return 0;
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum / static_cast<double>(values.size() - 1);
}

double standard_deviation(std::span<const double> values) { return std::sqrt(variance(values)); }

double quantile(std::span<const double> values, double share) {
  assert(!values.empty());
  std::vector<double> sorted(values.begin(), values.end());
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto below = sorted.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(sorted.begin(), below, sorted.end());
  if (below + 1 == sorted.end()) return *below;
  return std::lerp(*below, *std::min_element(below + 1, sorted.end()), place - std::floor(place));
}

double median(std::span<const double> values) { return quantile(values, 0.5); }

std::vector<double> ranks(std::span<const double> values) {
  const std::vector<std::size_t> order = ascending(values);
  std::vector<double> result(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double place = 0.5 * static_cast<double>(first + end - 1);
    for (; first < end; ++first) result[order[first]] = place;
  }
  return result;
}

std::vector<std::size_t> ascending(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  return order;
}

}  // namespace caviar
