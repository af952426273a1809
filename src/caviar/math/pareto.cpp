#include "caviar/math/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <utility>

namespace caviar {
namespace {

using Row = std::span<const double>;

Row row_of(std::span<const double> rows, std::size_t columns, std::size_t row) {
  return rows.subspan(row * columns, columns);
}

bool is_below(Row row, Row reference) {
  return std::ranges::equal(row, reference, [](double a, double b) { return a < b; });
}

// Points of a front in a recursion, with the volume that they cover below the reference.
class Volume {
 public:
  explicit Volume(Row reference) : reference_(reference) {}

  double of(std::vector<std::vector<double>> points) const {
    if (points.empty()) return 0;
    if (reference_.size() == 1) {
      return reference_[0] - std::ranges::min(points, {}, [](const auto& p) { return p[0]; })[0];
    }
    std::ranges::sort(points);
    if (reference_.size() == 2) return swept(points);
    // Each point's own part: its box less what those after it cover of the box. With the worst
    // in the first column first, the limited sets shrink soonest.
    std::ranges::reverse(points);
    double sum = 0;
    for (std::size_t k = 0; k < points.size(); ++k) {
      sum += box(points[k]) - of(limited(std::span(points).subspan(k + 1), points[k]));
    }
    return sum;
  }

 private:
  double box(Row point) const {
    double product = 1;
    for (std::size_t c = 0; c < point.size(); ++c) product *= reference_[c] - point[c];
    return product;
  }

  double swept(const std::vector<std::vector<double>>& sorted) const {
    double sum = 0, ceiling = reference_[1];
    for (const auto& point : sorted) {
      if (point[1] >= ceiling) continue;
      sum += (reference_[0] - point[0]) * (ceiling - point[1]);
      ceiling = point[1];
    }
    return sum;
  }

  // The points as seen from inside the box of `corner`, dominated ones dropped.
  static std::vector<std::vector<double>> limited(std::span<const std::vector<double>> points,
                                                  Row corner) {
    std::vector<std::vector<double>> kept;
    for (const auto& point : points) {
      std::vector<double> inside(point);
      for (std::size_t c = 0; c < inside.size(); ++c) inside[c] = std::max(inside[c], corner[c]);
      const auto covers = [](const auto& a, const auto& b) {
        return std::ranges::equal(a, b, [](double x, double y) { return x <= y; });
      };
      if (std::ranges::any_of(kept, [&](const auto& other) { return covers(other, inside); })) {
        continue;
      }
      std::erase_if(kept, [&](const auto& other) { return covers(inside, other); });
      kept.push_back(std::move(inside));
    }
    return kept;
  }

  Row reference_;
};

}  // namespace

bool dominates(std::span<const double> a, std::span<const double> b) {
  bool better = false;
  for (std::size_t c = 0; c < a.size(); ++c) {
    if (a[c] > b[c]) return false;
    better = better || a[c] < b[c];
  }
  return better;
}

std::vector<std::size_t> domination_ranks(std::span<const double> rows, std::size_t columns) {
  std::vector<std::size_t> order(rows.size() / columns), ranks(order.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::ranges::lexicographical_compare(row_of(rows, columns, a), row_of(rows, columns, b));
  });
  // In this order nobody is dominated by one who comes later.
  std::vector<std::vector<std::size_t>> fronts;
  for (const std::size_t row : order) {
    const auto holds = [&](const std::vector<std::size_t>& front) {
      return std::ranges::none_of(front, [&](std::size_t other) {
        return dominates(row_of(rows, columns, other), row_of(rows, columns, row));
      });
    };
    const auto found = std::ranges::find_if(fronts, holds);
    ranks[row] = static_cast<std::size_t>(found - fronts.begin());
    if (found == fronts.end()) fronts.emplace_back();
    fronts[ranks[row]].push_back(row);
  }
  return ranks;
}

std::vector<double> crowding_distances(std::span<const double> rows, std::size_t columns) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::vector<double> distances(rows.size() / columns);
  std::vector<std::size_t> order(distances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t c = 0; c < columns && !order.empty(); ++c) {
    const auto at = [&](std::size_t row) { return rows[row * columns + c]; };
    std::ranges::stable_sort(order, {}, at);
    const double range = at(order.back()) - at(order.front());
    distances[order.front()] = distances[order.back()] = infinite;
    if (!(range > 0)) continue;
    for (std::size_t k = 1; k + 1 < order.size(); ++k) {
      distances[order[k]] += (at(order[k + 1]) - at(order[k - 1])) / range;
    }
  }
  return distances;
}

double hypervolume(std::span<const double> rows, std::size_t columns,
                   std::span<const double> reference) {
  std::vector<std::vector<double>> points;
  for (std::size_t row = 0; row < rows.size() / columns; ++row) {
    const Row point = row_of(rows, columns, row);
    if (is_below(point, reference)) points.emplace_back(point.begin(), point.end());
  }
  return Volume(reference).of(std::move(points));
}

std::vector<std::size_t> hypervolume_order(std::span<const double> rows, std::size_t columns,
                                           std::span<const double> reference, std::size_t count) {
  const std::size_t all = rows.size() / columns;
  std::vector<double> chosen_rows;
  double covered = 0;
  const auto gain = [&](std::size_t row) {
    std::vector<double> with(chosen_rows);
    const Row point = row_of(rows, columns, row);
    with.insert(with.end(), point.begin(), point.end());
    return hypervolume(with, columns, reference) - covered;
  };
  // A gain never grows as others are chosen: one that is up to date and on top is the greatest.
  struct Candidate {
    double gain;
    std::size_t row, known_at;
    bool operator<(const Candidate& other) const {
      return gain != other.gain ? gain < other.gain : row > other.row;
    }
  };
  std::priority_queue<Candidate> queue;
  for (std::size_t row = 0; row < all; ++row) queue.push({gain(row), row, 0});
  std::vector<std::size_t> chosen;
  while (chosen.size() < std::min(count, all)) {
    const Candidate top = queue.top();
    queue.pop();
    if (top.known_at < chosen.size()) {
      queue.push({gain(top.row), top.row, chosen.size()});
      continue;
    }
    chosen.push_back(top.row);
    covered += top.gain;
    const Row point = row_of(rows, columns, top.row);
    chosen_rows.insert(chosen_rows.end(), point.begin(), point.end());
  }
  return chosen;
}

}  // namespace caviar
