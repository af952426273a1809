#include "caviar/sampler/plateaus.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace caviar {
namespace {

constexpr std::size_t most_alike = 40;  // trials of one loss that are looked at
constexpr std::size_t fewest = 4;       // that make a plateau along one axis

bool alike(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

std::span<const double> row_of(const Observations& seen, std::size_t row) {
  return std::span(seen.points).subspan(row * seen.axes, seen.axes);
}

// Rows of equal losses, group by group; the small groups left out.
std::vector<std::vector<std::size_t>> groups_of(const Observations& seen) {
  std::vector<std::vector<std::size_t>> groups;
  std::vector<bool> taken(seen.rows());
  for (std::size_t row = 0; row < seen.rows(); ++row) {
    if (taken[row]) continue;
    std::vector<std::size_t> group;
    for (std::size_t other = row; other < seen.rows(); ++other) {
      if (!alike(seen.losses[row], seen.losses[other])) continue;
      taken[other] = true;
      if (group.size() < most_alike) group.push_back(other);
    }
    if (group.size() >= fewest) groups.push_back(std::move(group));
  }
  return groups;
}

Plateau between(std::span<const double> a, std::span<const double> b) {
  Plateau box;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool apart = std::isnan(a[i]) != std::isnan(b[i]);
    // Infinite ends the wrong way round hold nothing.
    box.low.push_back(apart ? INFINITY : std::min(a[i], b[i]));
    box.high.push_back(apart ? -INFINITY : std::max(a[i], b[i]));
  }
  return box;
}

// Trials that have to lie in the box: two more for every further axis along which it extends; not
// where they failed, as nothing is lost there.
std::size_t wanted(const Plateau& box, double loss) {
  if (std::isnan(loss)) return fewest;
  std::size_t axes = 0;
  for (std::size_t i = 0; i < box.low.size(); ++i) axes += box.low[i] < box.high[i] ? 1 : 0;
  return fewest + 2 * (std::max<std::size_t>(axes, 1) - 1);
}

// Whether it holds enough trials of this loss, and no others.
bool is_flat(const Plateau& box, const Observations& seen, double loss,
             std::span<const char> categorical) {
  std::size_t members = 0;
  for (std::size_t row = 0; row < seen.rows(); ++row) {
    if (!box.holds(row_of(seen, row), categorical)) continue;
    if (!alike(seen.losses[row], loss)) return false;
    ++members;
  }
  return members >= wanted(box, loss);
}

}  // namespace

bool Plateau::holds(std::span<const double> unit, std::span<const char> categorical) const {
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (std::isnan(low[i]) && std::isnan(unit[i])) continue;
    const bool within = categorical[i] != 0 ? unit[i] == low[i] || unit[i] == high[i]
                                            : unit[i] >= low[i] && unit[i] <= high[i];
    if (!within) return false;
  }
  return true;
}

std::vector<Plateau> plateaus_of(const Observations& seen, std::span<const char> categorical) {
  std::vector<Plateau> found;
  for (const std::vector<std::size_t>& group : groups_of(seen)) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t j = group.size() - 1; j > i; --j) {
        const auto a = row_of(seen, group[i]), b = row_of(seen, group[j]);
        const bool known = std::ranges::any_of(found, [&](const Plateau& plateau) {
          return plateau.holds(a, categorical) && plateau.holds(b, categorical);
        });
        if (known) continue;
        Plateau box = between(a, b);
        if (is_flat(box, seen, seen.losses[group[i]], categorical)) found.push_back(std::move(box));
      }
    }
  }
  return found;
}

}  // namespace caviar
