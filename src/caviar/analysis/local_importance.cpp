#include "caviar/analysis/local_importance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <variant>

#include "caviar/analysis/evidence.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

constexpr std::size_t least_best = 5;
constexpr std::size_t most_rows = 4000;
constexpr std::size_t cells_of_numbers = 64;
constexpr int draws_by_chance = 200, bootstrap_samples = 60;
constexpr double certainty = 0.95;  // that no parameter is above chance by chance

using Rows = std::vector<std::size_t>;  // indices, the same one perhaps more than once

// What each row adds to a density along one parameter, cell after cell; the last cell holds the
// rows where the parameter is inactive.
class Densities {
 public:
  Densities(std::size_t cells, std::size_t rows) : cells_(cells + 1), mass_(rows * cells_) {}

  std::span<double> of(std::size_t row) { return std::span(mass_).subspan(row * cells_, cells_); }

  // The Pearson divergence of the density of `best` from another one.
  double divergence(const Rows& best, const std::vector<double>& q) const {
    const std::vector<double> p = density(best);
    double sum = 0;
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      if (q[cell] > 0) sum += (p[cell] - q[cell]) * (p[cell] - q[cell]) / q[cell];
    }
    return sum;
  }

  // One more row lies evenly over all cells, so that no cell of a few rows is empty by chance.
  std::vector<double> density(const Rows& rows) const {
    std::vector<double> sum(cells_, 1.0 / static_cast<double>(cells_));
    for (const std::size_t row : rows) {
      for (std::size_t cell = 0; cell < cells_; ++cell) sum[cell] += mass_[row * cells_ + cell];
    }
    for (double& mass : sum) mass /= static_cast<double>(rows.size() + 1);
    return sum;
  }

 private:
  std::size_t cells_;
  std::vector<double> mass_;
};

double deviation_of(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double square = 0;
  for (const double value : values) square += (value - mean) * (value - mean);
  return std::sqrt(square / count);
}

// A normal distribution about the row, cut at the ends of the axis.
void spread_number(double unit, double width, std::span<double> cells) {
  const std::size_t count = cells.size() - 1;
  const auto below = [&](std::size_t edge) {
    return normal_cdf((static_cast<double>(edge) / static_cast<double>(count) - unit) / width);
  };
  const double all = below(count) - below(0);
  double last = below(0);
  for (std::size_t cell = 0; cell < count; ++cell) {
    const double next = below(cell + 1);
    cells[cell] = (next - last) / all;
    last = next;
  }
}

std::size_t choices_of(const Parameter& parameter) {
  const auto* choice = std::get_if<Choice>(&parameter.distribution);
  return choice != nullptr && !choice->ordered ? choice->values.size() : 0;
}

// The good trials, the best first.
struct Good {
  std::size_t dimensions = 0;
  std::vector<double> units;  // row after row
  std::size_t rows = 0, best = 0;

  double unit(std::size_t row, std::size_t axis) const { return units[row * dimensions + axis]; }
};

Good good_of(const Evidence& all, const LocalImportanceOptions& options) {
  std::vector<std::size_t> order(all.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all.losses[a] < all.losses[b]; });
  const auto good =
      static_cast<std::size_t>(std::ceil(options.good * static_cast<double>(order.size())));
  Good kept{.dimensions = all.dimensions, .units = {}};
  const std::size_t stride = (good + most_rows - 1) / most_rows;
  for (std::size_t place = 0; place < good; place += stride) {
    const auto from =
        all.units.begin() + static_cast<std::ptrdiff_t>(order[place] * all.dimensions);
    kept.units.insert(kept.units.end(), from, from + static_cast<std::ptrdiff_t>(all.dimensions));
    ++kept.rows;
  }
  kept.best = static_cast<std::size_t>(std::round(options.best * static_cast<double>(kept.rows)));
  return kept;
}

Densities densities_along(const Good& good, std::size_t axis, std::size_t choices) {
  const std::size_t cells = choices > 0 ? choices : cells_of_numbers;
  Densities all(cells, good.rows);
  std::vector<double> active;
  for (std::size_t row = 0; row < good.rows; ++row) {
    if (!std::isnan(good.unit(row, axis))) active.push_back(good.unit(row, axis));
  }
  // Scott's rule for as many rows as the best ones are: p and q are smoothed alike.
  const double width =
      std::max(1.06 * deviation_of(active) * std::pow(static_cast<double>(good.best), -0.2),
               1.0 / static_cast<double>(cells));
  for (std::size_t row = 0; row < good.rows; ++row) {
    const std::span<double> mass = all.of(row);
    const double unit = good.unit(row, axis);
    if (std::isnan(unit)) {
      mass.back() = 1;
    } else if (choices > 0) {
      mass[std::min(choices - 1, static_cast<std::size_t>(unit * static_cast<double>(choices)))] =
          1;
    } else {
      spread_number(unit, width, mass);
    }
  }
  return all;
}

Rows first_rows(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

// What the divergences of the best ones are where nothing matters.
struct Chance {
  std::vector<double> mean, deviation;  // by axis
  double threshold = 0;                 // of deviations above the mean, for all axes at once
};

Chance by_chance(const std::vector<Densities>& axes, const Good& good, Rng& rng) {
  std::vector<std::vector<double>> seen(axes.size());
  Rows rows = first_rows(good.rows);
  std::vector<std::vector<double>> densities;  // of all, by axis
  for (const Densities& axis : axes) densities.push_back(axis.density(rows));
  for (int draw = 0; draw < draws_by_chance; ++draw) {
    for (std::size_t i = 0; i < good.best; ++i) {
      std::swap(rows[i], rows[i + rng.below(rows.size() - i)]);
    }
    const Rows drawn(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(good.best));
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
      seen[axis].push_back(axes[axis].divergence(drawn, densities[axis]));
    }
  }
  Chance chance;
  std::vector<double> greatest(draws_by_chance);
  for (const std::vector<double>& own : seen) {
    chance.mean.push_back(mean(own));
    chance.deviation.push_back(deviation_of(own));
    for (std::size_t draw = 0; draw < own.size() && chance.deviation.back() > 0; ++draw) {
      const double above = (own[draw] - chance.mean.back()) / chance.deviation.back();
      greatest[draw] = std::max(greatest[draw], above);
    }
  }
  chance.threshold = quantile(greatest, certainty);
  return chance;
}

// How much more than by chance the best ones differ along each axis, in shares of the sum over the
// axes that count. `times`: how often chance had its part in it.
std::vector<double> shares(const std::vector<Densities>& axes, const std::vector<bool>& counts,
                           const Chance& chance, double times, const Rows& rows, std::size_t best) {
  const Rows first(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(best));
  std::vector<double> parts(axes.size());
  double sum = 0;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    if (!counts[axis]) continue;
    const double found = axes[axis].divergence(first, axes[axis].density(rows));
    sum += parts[axis] = std::max(0.0, found - times * chance.mean[axis]);
  }
  for (double& part : parts) part = sum > 0 ? part / sum : 0;
  return parts;
}

// As many rows, each drawn from all of them; the lowest places count as the best again.
Rows bootstrap(std::size_t count, Rng& rng) {
  Rows rows(count);
  for (std::size_t& row : rows) row = rng.below(count);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

std::optional<LocalImportance> local_importance(const History& history,
                                                const LocalImportanceOptions& options) {
  const std::optional<Evidence> known = evidence(history, options.objective);
  if (!known) return std::nullopt;
  const Good good = good_of(*known, options);
  if (good.best < least_best || good.best >= good.rows) return std::nullopt;
  std::vector<Densities> axes;
  for (std::size_t axis = 0; axis < good.dimensions; ++axis) {
    axes.push_back(densities_along(good, axis, choices_of(history.space()[axis])));
  }
  Rng rng(options.seed, 0x9ed);
  const Chance chance = by_chance(axes, good, rng);
  const Rows all = first_rows(good.rows);
  const Rows best(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(good.best));
  std::vector<bool> counts;
  double above = 0;  // by how much all that count are above chance
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const double found = axes[axis].divergence(best, axes[axis].density(all)) - chance.mean[axis];
    const double limit = chance.threshold * chance.deviation[axis];
    counts.push_back(chance.deviation[axis] > 0 && found > limit);
    if (counts.back()) above += found;
  }
  const std::vector<double> found = shares(axes, counts, chance, 1, all, good.best);
  std::vector<std::vector<double>> again(axes.size());
  for (int sample = 0; sample < bootstrap_samples; ++sample) {
    // Drawing from what chance has drawn adds to a divergence once more.
    const std::vector<double> own =
        shares(axes, counts, chance, 2, bootstrap(good.rows, rng), good.best);
    for (std::size_t axis = 0; axis < axes.size(); ++axis) again[axis].push_back(own[axis]);
  }
  LocalImportance result{good.rows, good.best, {}};
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const double by_chance_alone = above > 0 ? chance.deviation[axis] / above : 0;
    result.parameters.push_back({axis, found[axis],
                                 counts[axis] ? deviation_of(again[axis]) : by_chance_alone,
                                 static_cast<bool>(counts[axis])});
  }
  std::stable_sort(result.parameters.begin(), result.parameters.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  return result;
}

}  // namespace caviar
