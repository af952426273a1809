#include "caviar/sampler/feasibility.hpp"

#include <cmath>
#include <cstddef>
#include <utility>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

// Variance added to the model's: labels are 1 and 0, so 2.5 deviations on either side of a half.
constexpr double softness = 0.04;

std::vector<double> labels(const Observations& seen) {
  std::vector<double> result;
  for (const double loss : seen.losses) result.push_back(std::isnan(loss) ? 0 : 1);
  return result;
}

}  // namespace

Feasibility::Feasibility(const std::vector<Axis>& axes, const Observations& seen,
                         const Kernel& kernel)
    : model_(axes, seen.points, labels(seen), kernel) {}

Kernel kernel_of_failures(const std::vector<Axis>& axes, const Observations& seen) {
  return likely_kernels(axes, seen.points, labels(seen), {.least_noise = 1e-3}).front();
}

std::vector<double> Feasibility::logs(std::span<const double> points) const {
  std::vector<double> result;
  for (const GaussianProcess::Prediction& at : model_.predict_all(points)) {
    result.push_back(normal_log_cdf((at.mean - 0.5) / std::sqrt(at.variance + softness)));
  }
  return result;
}

double Feasibility::log_at(std::span<const double> point, std::span<double> gradient) const {
  const GaussianProcess::Slope slope = model_.slope(point);
  const double spread = std::sqrt(slope.at.variance + softness);
  const double z = (slope.at.mean - 0.5) / spread, log = normal_log_cdf(z);
  // φ(z) / Φ(z)
  const double rise = std::exp(-0.5 * z * z - log) * 0.3989422804014327;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient[i] +=
        rise * (slope.mean[i] / spread - 0.5 * z * slope.variance[i] / (spread * spread));
  }
  return log;
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

}  // namespace caviar
