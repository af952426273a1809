#include "caviar/sampler/feasibility.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/belief.hpp"

namespace caviar {
namespace {

// Of labels that are 1 and 0, so 2.5 deviations on either side of a half.
constexpr double softness_of_labels = 0.04;

// sign(x) log(1 + |x|)
double bilog(double x) { return std::copysign(std::log1p(std::fabs(x)), x); }

Demand kept_bound(const Observations& seen, std::size_t bound) {
  Demand demand;
  for (std::size_t row = 0; row < seen.rows(); ++row) {
    const double margin = seen.margins_of(row)[bound];
    if (std::isnan(margin)) continue;
    demand.points.insert(demand.points.end(), seen.unit(row).begin(), seen.unit(row).end());
    // An infinite one is as good as the largest number.
    demand.values.push_back(std::clamp(margin, -1e300, 1e300));
  }
  std::vector<double> sizes;
  for (const double margin : demand.values) sizes.push_back(std::fabs(margin));
  const double typical = sizes.empty() ? 0 : median(sizes);
  for (double& value : demand.values) value = bilog(typical > 0 ? value / typical : value);
  return demand;
}

}  // namespace

Demand no_failures(const Observations& seen) {
  Demand demand{
      .points = seen.points, .least = 0.5, .softness = softness_of_labels, .least_noise = 1e-3};
  for (const double loss : seen.losses) demand.values.push_back(std::isnan(loss) ? 0 : 1);
  return demand;
}

std::vector<Demand> kept_bounds(const Observations& seen) {
  std::vector<Demand> demands;
  for (std::size_t bound = 0; bound < seen.bounds; ++bound) {
    demands.push_back(kept_bound(seen, bound));
  }
  return demands;
}

std::vector<Kernel> kernels_of(const std::vector<Axis>& axes, std::span<const Demand> demands,
                               bool bowl) {
  std::vector<Kernel> kernels;
  for (const Demand& demand : demands) {
    if (demand.values.empty()) {
      kernels.emplace_back();
      continue;
    }
    const Learning learning{.bowl = bowl, .least_noise = demand.least_noise};
    kernels.push_back(likely_kernels(axes, demand.points, demand.values, learning).front());
  }
  return kernels;
}

Feasibility::Feasibility(const std::vector<Axis>& axes, std::span<const Demand> demands,
                         std::span<const Kernel> kernels, std::span<const double> pending)
    : axes_(axes.size()) {
  for (std::size_t k = 0; k < demands.size(); ++k) {
    const Demand& demand = demands[k];
    if (demand.values.empty()) continue;
    GaussianProcess model = with_pending(axes, demand.points, demand.values, kernels[k], pending);
    // What is measured may be noisy, too.
    const double softness =
        demand.softness > 0 ? demand.softness : model.noise_variance(demand.least);
    walls_.push_back({std::move(model), demand.least, softness});
  }
}

std::vector<double> Feasibility::logs(std::span<const double> points) const {
  std::vector<double> result(axes_ == 0 ? 0 : points.size() / axes_);
  for (const Wall& wall : walls_) {
    const std::vector<GaussianProcess::Prediction> all = wall.model.predict_all(points);
    for (std::size_t i = 0; i < all.size(); ++i) {
      result[i] +=
          normal_log_cdf((all[i].mean - wall.least) / std::sqrt(all[i].variance + wall.softness));
    }
  }
  return result;
}

double Feasibility::log_at(std::span<const double> point, std::span<double> gradient) const {
  double sum = 0;
  for (const Wall& wall : walls_) {
    const GaussianProcess::Slope slope = wall.model.slope(point);
    const double spread = std::sqrt(slope.at.variance + wall.softness);
    const double z = (slope.at.mean - wall.least) / spread, log = normal_log_cdf(z);
    // φ(z) / Φ(z)
    const double rise = std::exp(normal_log_pdf(z) - log);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] +=
          rise * (slope.mean[i] / spread - 0.5 * z * slope.variance[i] / (spread * spread));
    }
    sum += log;
  }
  return sum;
}

Acquisition feasibly(Acquisition acquisition, const Feasibility& feasibility) {
  const auto with = [&feasibility](Scores scores) -> Scores {
    if (!scores) return {};
    return [&feasibility, scores = std::move(scores)](std::span<const double> points) {
      std::vector<double> result = scores(points);
      const std::vector<double> logs = feasibility.logs(points);
      for (std::size_t i = 0; i < result.size(); ++i) result[i] += logs[i];
      return result;
    };
  };
  Acquisition result;
  result.glance = with(acquisition.glance);
  result.all = with(acquisition.all);
  result.slope = [&feasibility, slope = std::move(acquisition.slope)](std::span<const double> point,
                                                                      std::span<double> gradient) {
    const double score = slope(point, gradient);
    return score + feasibility.log_at(point, gradient);
  };
  return result;
}

Acquisition probably_feasible(const Feasibility& feasibility) {
  Acquisition result;
  result.all = [&feasibility](std::span<const double> points) { return feasibility.logs(points); };
  result.slope = [&feasibility](std::span<const double> point, std::span<double> gradient) {
    std::ranges::fill(gradient, 0.0);
    return feasibility.log_at(point, gradient);
  };
  return result;
}

}  // namespace caviar
