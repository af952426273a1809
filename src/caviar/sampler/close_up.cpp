#include "caviar/sampler/close_up.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "caviar/math/stats.hpp"
#include "caviar/sampler/acquisitions.hpp"
#include "caviar/sampler/feasibility.hpp"

namespace caviar {
namespace {

// A part of the cube, and how its places look when it is seen as a whole cube.
struct Lens {
  std::vector<double> centre, width;  // half the width; 0 on categorical axes, which it leaves

  std::vector<double> through(std::span<const double> points) const {
    std::vector<double> result(points.begin(), points.end());
    for (std::size_t i = 0; i < result.size(); ++i) {
      const std::size_t a = i % centre.size();
      if (width[a] > 0) result[i] = 0.5 + (result[i] - centre[a]) / (2 * width[a]);
    }
    return result;
  }
  Region region() const {
    Region region;
    for (std::size_t a = 0; a < centre.size(); ++a) {
      region.low.push_back(width[a] > 0 ? std::max(0.0, centre[a] - width[a]) : 0);
      region.high.push_back(width[a] > 0 ? std::min(1.0, centre[a] + width[a]) : 1);
    }
    return region;
  }
};

double or_middle(double coordinate) { return std::isnan(coordinate) ? 0.5 : coordinate; }

// How far each row lies from one of them, in length scales.
std::vector<double> distances(const Observations& seen, std::size_t from,
                              const std::vector<Axis>& axes, const std::vector<double>& lengths) {
  std::vector<double> result;
  for (std::size_t i = 0; i < seen.rows(); ++i) {
    double sum = 0;
    for (std::size_t a = 0; a < seen.axes; ++a) {
      const double x = seen.points[i * seen.axes + a], c = seen.points[from * seen.axes + a];
      const bool same = x == c || (std::isnan(x) && std::isnan(c));
      const double gap = axes[a].categorical ? (same ? 0 : 1) : or_middle(x) - or_middle(c);
      sum += gap * gap / (lengths[a] * lengths[a]);
    }
    result.push_back(std::sqrt(sum));
  }
  return result;
}

Lens lens_around(const Observations& seen, std::size_t leader, double radius, const Space& space,
                 const std::vector<Axis>& axes, const std::vector<double>& lengths) {
  Lens lens;
  for (std::size_t a = 0; a < seen.axes; ++a) {
    lens.centre.push_back(or_middle(seen.points[leader * seen.axes + a]));
    double width = axes[a].categorical ? 0 : std::min(0.5, radius * lengths[a]);
    if (const auto values = cardinality(space[a].distribution); values && width > 0) {
      width = std::max(width, std::min(0.5, 1.5 / static_cast<double>(*values)));
    }
    lens.width.push_back(width);
  }
  return lens;
}

Observations close_rows(const Observations& seen, std::span<const std::size_t> rows,
                        const Lens& lens) {
  Observations close = seen.only(rows);
  close.points = lens.through(close.points);
  close.pending = lens.through(close.pending);
  return close;
}

struct Close {
  Observations seen;
  Kernel kernel;
};

// On the scale of values on which the trials are more likely.
Close learnt(Observations seen, const std::vector<Axis>& axes) {
  double most = -INFINITY;
  Close best;
  for (const Levelling& level : levellings(seen.losses)) {
    const GaussianProcess model =
        GaussianProcess::fit(axes, seen.points, level.values, {.bowl = true, .least_noise = 1e-10});
    const double evidence = log_evidence(axes, seen.points, level, model.kernel());
    if (best.kernel.lengths.empty() || evidence > most) {
      most = evidence;
      best.kernel = model.kernel();
      seen.values = level.values;
      best.seen = seen;
    }
  }
  return best;
}

Acquisition seen_through(const Lens& lens, const Acquisition& inner) {
  Acquisition outer;
  outer.all = [&lens, inner](std::span<const double> points) {
    return inner.all(lens.through(points));
  };
  outer.slope = [&lens, inner](std::span<const double> point, std::span<double> gradient) {
    const double value = inner.slope(lens.through(point), gradient);
    for (std::size_t a = 0; a < gradient.size(); ++a) {
      if (lens.width[a] > 0) gradient[a] /= 2 * lens.width[a];
    }
    return value;
  };
  return outer;
}

}  // namespace

std::optional<Point> closer(const History& history, const Observations& seen, const Belief& whole,
                            const std::vector<Axis>& axes, Rng& rng, const Caution& caution) {
  const auto numeric =
      static_cast<std::size_t>(std::ranges::count(axes, false, &Axis::categorical));
  if (numeric == 0 || seen.rows() < 2 || !whole.solved) return std::nullopt;
  const std::size_t leader = whole.order.front();
  const std::vector<double>& lengths = whole.models.front().kernel().lengths;
  const std::vector<double> distance = distances(seen, leader, axes, lengths);
  const std::vector<std::size_t> nearest = ascending(distance);
  const std::size_t reach = std::min(nearest.size() - 1, numeric + 1);
  const double radius = 2 * distance[nearest[reach]];
  if (radius < 1e-8) return std::nullopt;
  // Enough for all coefficients of a quadratic, and some more; none from another world.
  const std::size_t wanted = (numeric + 1) * (numeric + 2) / 2 + 2 * numeric + 5;
  std::size_t rows = std::min<std::size_t>({nearest.size(), wanted, 120});
  while (rows > reach + 1 && distance[nearest[rows - 1]] > 10 * radius) --rows;
  const Lens lens = lens_around(seen, leader, radius, history.space(), axes, lengths);
  const Close close = learnt(close_rows(seen, std::span(nearest).first(rows), lens), axes);
  const Belief belief = believe(axes, close.seen, std::span(&close.kernel, 1));
  Acquisition gain = log_expected_improvement(belief);
  std::optional<Feasibility> feasibility;
  if (seen.bounds > 0) {
    const std::vector<Demand> demands = kept_bounds(close.seen);
    feasibility.emplace(axes, demands, kernels_of(axes, demands, true), close.seen.pending);
    gain = feasibly(std::move(gain), *feasibility);
  }
  const auto centre = seen.unit(leader);
  const std::optional<Promising> found =
      most_promising(caution.but_for_failures(seen_through(lens, gain)), history,
                     {{centre.begin(), centre.end()}}, rng,
                     {.region = lens.region(),
                      .spread = 300,
                      .near = 100,
                      .avoid = [&](std::span<const double> unit) { return caution.avoids(unit); }});
  // In units of the spread of the values there, e^-35 is nothing.
  if (!found || found->score < -35) return std::nullopt;
  return found->point;
}

}  // namespace caviar
