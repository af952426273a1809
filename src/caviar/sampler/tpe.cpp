// Tree-structured Parzen estimator: two densities, l of the good trials and g of all others, and
// the next trial where l / g is greatest (Bergstra et al., "Algorithms for Hyper-Parameter
// Optimization", NIPS 2011, section 4).
//
// Multivariate: each kernel spans all parameters (Falkner, Klein and Hutter, "BOHB", ICML 2018).
// A parameter that is inactive in a trial is uniform in that trial's kernel, so that conditional
// parameters keep their connection with those that switch them on. Running trials count among the
// others ("constant liar"), so that proposals made side by side keep apart.
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <ranges>

#include "caviar/math/parzen.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/cells.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/guide.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr std::uint64_t most_cells = 64;    // an ordered axis of more values counts as continuous
constexpr std::size_t most_kernels = 1000;  // of the other trials; an even selection beyond that
constexpr std::size_t most_good = 25;
constexpr double good_share = 0.1;
constexpr std::size_t fresh = 25;  // the latest trials weigh most

// How wide kernels are, against Scott's rule (1992, equation 6.42). Narrow kernels of the others
// push away from what was tried and no further; docs/samplers.md says how they were chosen.
constexpr double good_width = 0.7, other_width = 0.35;
constexpr double least_width = 0.01;
constexpr double prior_weight = 1;    // of the uniform component, in trials
constexpr double other_choice = 0.7;  // trials that every other choice counts as, in all kernels

// Saves time only: what follows from the history, and the reading of the space.
struct TpeMemory {
  Ledger ledger;
  std::vector<ParzenAxis> axes;
  Guide guide;
};

struct Tpe {
  int startup = 10;
  int candidates = 24;
  std::uint64_t seed = 0;
  std::shared_ptr<TpeMemory> memory = std::make_shared<TpeMemory>();
};

void fields(Tpe& o, auto&& field) {
  field("startup", o.startup, "trials spread evenly before the densities begin", 1, 1e6);
  field("candidates", o.candidates, "draws from the good density, of which the best is taken", 1,
        1e4);
}

void prepare(Tpe& o, const Setup& setup) { o.seed = setup.seed; }

ParzenAxis parzen_axis(const Distribution& distribution) {
  if (is_categorical(distribution)) {
    return {ParzenAxis::Kind::categorical, {}, static_cast<int>(*cardinality(distribution))};
  }
  std::vector<double> edges = cell_edges(distribution, most_cells);
  if (edges.empty()) return {};
  return {ParzenAxis::Kind::ordered, std::move(edges), 0};
}

// Rows for an estimator and what each of them weighs.
struct Kernels {
  std::vector<double> units, weights;

  void add(std::span<const double> unit, double weight) {
    units.insert(units.end(), unit.begin(), unit.end());
    weights.push_back(weight);
  }
};

// Scott's rule along one axis, the uniform prior counting as one more row. In a space of D axes
// the widths fall with the (D + 4)-th root of the rows.
double gaussian_width(const Kernels& kernels, std::size_t axis, std::size_t axes, double factor) {
  double count = 1, sum = 0.5, squares = 1.0 / 3;
  for (std::size_t at = axis; at < kernels.units.size(); at += axes) {
    const double x = kernels.units[at];
    if (std::isnan(x)) continue;
    count += 1;
    sum += x;
    squares += x * x;
  }
  const double variance = std::max(0.0, squares / count - sum / count * (sum / count));
  return factor * std::sqrt(variance) * std::pow(count, -1 / (static_cast<double>(axes) + 4));
}

ParzenEstimator estimator(const std::vector<ParzenAxis>& axes, const Kernels& kernels,
                          double factor) {
  std::vector<double> widths;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    const ParzenAxis& kind = axes[axis];
    if (kind.kind == ParzenAxis::Kind::categorical) {
      const double choices = kind.choices;
      const double share =
          other_choice / std::max(1.0, static_cast<double>(kernels.weights.size()));
      widths.push_back((choices - 1) * share / (1 + choices * share));
      continue;
    }
    const double half_cell =
        kind.edges.empty() ? 0 : 0.5 / static_cast<double>(kind.edges.size() - 1);
    widths.push_back(std::clamp(gaussian_width(kernels, axis, axes.size(), factor),
                                std::max(least_width, half_cell), 1.0));
  }
  return {axes, kernels.units, kernels.weights, prior_weight, widths};
}

// The best trials, weighing as the parents of an evolution strategy do: the logarithm of the rank.
Kernels good_kernels(const Ledger& ledger, std::size_t good) {
  Kernels kernels;
  double sum = 0;
  for (std::size_t rank = 0; rank < good; ++rank) {
    const double weight =
        std::log((static_cast<double>(good) + 0.5) / static_cast<double>(rank + 1));
    kernels.add(ledger.unit(ledger.order()[rank]), weight);
    sum += weight;
  }
  for (double& weight : kernels.weights) weight *= static_cast<double>(good) / sum;
  return kernels;
}

// All others and the running ones. The older a trial the less it weighs, down to 1 / n.
Kernels other_kernels(const Ledger& ledger, std::size_t good, const History& history) {
  const std::size_t rows = ledger.rows(), others = rows - good;
  std::vector<bool> is_good(rows);
  for (std::size_t rank = 0; rank < good; ++rank) is_good[ledger.order()[rank]] = true;
  const std::size_t wanted = std::min(others, most_kernels);
  const double old = static_cast<double>(rows) - static_cast<double>(fresh);
  Kernels kernels;
  for (std::size_t row = 0, passed = 0; row < rows; ++row) {
    if (is_good[row]) continue;
    const std::size_t before = passed * wanted / others;
    if (++passed * wanted / others == before) continue;
    const double age = std::min(1.0, (static_cast<double>(row) + 1) / std::max(1.0, old));
    kernels.add(ledger.unit(row), std::max(age, 1 / static_cast<double>(rows)));
  }
  for (const int running : history.pending()) {
    kernels.add(history.trials()[static_cast<std::size_t>(running)].unit, 1);
  }
  return kernels;
}

// Draws from l that the space allows, as the model sees them: values snapped, NaN where inactive.
std::vector<double> candidates(const ParzenEstimator& good, const Space& space, int wanted,
                               Rng& rng) {
  const bool free = !space.has_conditions() && space.constraints().empty();
  const std::size_t enough = static_cast<std::size_t>(wanted) * space.size();
  std::vector<double> points, unit(space.size());
  for (int k = 0; k < 4 * wanted && points.size() < enough; ++k) {
    good.draw(rng, unit);
    if (free) {
      points.insert(points.end(), unit.begin(), unit.end());
      continue;
    }
    const Point point = decode(space, unit);
    if (!feasible(space, point)) continue;
    const std::vector<double> seen = encode(space, point);
    points.insert(points.end(), seen.begin(), seen.end());
  }
  return points;
}

// The candidate of the greatest ratio that was not run before.
std::optional<Point> best_new(const History& history, std::span<const double> points,
                              const std::vector<double>& ratios) {
  const Space& space = history.space();
  const std::vector<std::size_t> order = ascending(ratios);
  std::vector<double> unit(space.size());
  for (const std::size_t k : order | std::views::reverse) {
    std::ranges::copy(points.subspan(k * space.size(), space.size()), unit.begin());
    for (double& x : unit) x = std::isnan(x) ? 0.5 : x;  // inactive: decode drops it again
    Point point = decode(space, unit);
    if (history.seen(point) == 0) return point;
  }
  return std::nullopt;
}

std::optional<Point> by_densities(const Tpe& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const Ledger& ledger = o.memory->ledger;
  std::vector<ParzenAxis>& axes = o.memory->axes;
  while (axes.size() < space.size()) axes.push_back(parzen_axis(space[axes.size()].distribution));
  const auto share =
      static_cast<std::size_t>(std::ceil(good_share * static_cast<double>(ledger.rows())));
  const std::size_t count = std::min({share, most_good, ledger.complete()});
  const ParzenEstimator good = estimator(axes, good_kernels(ledger, count), good_width);
  const ParzenEstimator other = estimator(axes, other_kernels(ledger, count, history), other_width);
  const std::vector<double> points = candidates(good, space, o.candidates, rng);
  std::vector<double> ratios = good.log_density(points);
  const std::vector<double> below = other.log_density(points);
  for (std::size_t k = 0; k < ratios.size(); ++k) ratios[k] -= below[k];
  if (Guide& guide = o.memory->guide; guide.follow(history), !guide.silent()) {
    const std::vector<double> known = guide.preferences(points);
    for (std::size_t k = 0; k < ratios.size(); ++k) ratios[k] += known[k];
  }
  return best_new(history, points, ratios);
}

std::optional<Proposal> propose(const Tpe& o, const History& history, Rng& rng) {
  o.memory->ledger.follow(history);
  const std::size_t asked = history.trials().size();
  if (asked < static_cast<std::size_t>(o.startup) || o.memory->ledger.complete() < 2) {
    std::uint64_t index = asked;
    if (std::optional<Point> point = next_sobol(history, o.seed, index)) {
      return Proposal{std::move(*point), "", {{"startup", 1}}};
    }
  } else if (std::optional<Point> point = by_densities(o, history, rng)) {
    return Proposal{std::move(*point), "", {}};
  }
  return Proposal{uniform_point(history.space(), rng), "", {{"fallback", 1}}};
}

}  // namespace

Entry tpe_sampler() {
  return sampler_entry<Tpe>("tpe", "draws where good trials are dense and the others are not");
}

}  // namespace caviar
