#include "caviar/math/kernel_learning.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <utility>

#include "caviar/base/rng.hpp"
#include "caviar/math/kernel_density.hpp"
#include "caviar/math/minimize.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

Minimum most_probable_from(const KernelData& data, const std::vector<double>& start) {
  const Differentiable loss = [&](std::span<const double> theta, std::span<double> gradient) {
    const double density = log_density(data, theta, gradient);
    for (double& entry : gradient) entry = -entry;
    return -density;
  };
  std::vector<Bounds> bounds;
  for (const KernelPrior& p : data.prior) bounds.push_back(p.bounds);
  return minimize(loss, start, bounds,
                  {.max_iterations = 40,
                   .max_evaluations = 60,
                   .gradient_tolerance = 1e-3,
                   .value_tolerance = 1e-6});
}

// MAP from two starts: the middle of the priors, and a rough, noisy function.
std::vector<double> most_probable(const KernelData& data) {
  std::vector<double> smooth, rough;
  for (const KernelPrior& p : data.prior) {
    smooth.push_back(p.centre);
    rough.push_back(p.centre - (rough.size() < data.layout.axes ? 1 : 0));
  }
  rough[data.layout.noise()] = std::log(0.1);
  const Minimum first = most_probable_from(data, smooth);
  const Minimum second = most_probable_from(data, rough);
  const Minimum& best = second.value < first.value ? second : first;
  if (!std::isfinite(best.value)) throw std::runtime_error("no kernel fits the values");
  return best.x;
}

struct Found {
  KernelData data;
  std::vector<double> best;
};

// Nothing where it makes the values less than e² times as likely as even noise does: a few values
// that chance has put close together are no ground for believing in a quiet place.
std::optional<Found> with_heteroscedastic_noise(KernelData data, const Kernel& even,
                                                double least_noise) {
  constexpr double enough = 2;
  data.levels = levels_under(data, even);
  data.layout.heteroscedastic = true;
  data.prior = kernel_priors(data.embedding.axes(), data.layout, least_noise);
  const std::vector<double> start = packed(even, data.layout);
  std::vector<double> ignored(start.size());
  const double before = log_density(data, start, ignored);
  Minimum found = most_probable_from(data, start);
  if (!(-found.value > before + enough)) return std::nullopt;
  return Found{std::move(data), std::move(found.x)};
}

// Steps of elliptical slice sampling: on the ellipse through the present place and a draw from the
// prior, a point at least as likely as a level drawn below the present one.
class Walk {
 public:
  Walk(const KernelData& data, std::vector<double> start, Rng rng)
      : data_(data), at_(std::move(start)), rng_(rng), level_(log_likelihood(data, at_)) {}

  const std::vector<double>& at() const { return at_; }

  void step() {
    constexpr double turn = 2 * std::numbers::pi;
    std::vector<double> draw(at_.size()), next(at_.size());
    for (std::size_t i = 0; i < draw.size(); ++i) {
      draw[i] = data_.prior[i].deviation * rng_.normal();
    }
    const double floor = level_ + std::log(1 - rng_.uniform());
    double angle = rng_.uniform(0, turn), low = angle - turn, high = angle;
    for (int attempt = 0; attempt < 30; ++attempt) {
      for (std::size_t i = 0; i < next.size(); ++i) {
        const double centre = data_.prior[i].centre;
        next[i] = centre + (at_[i] - centre) * std::cos(angle) + draw[i] * std::sin(angle);
      }
      const double level = allowed(next) ? log_likelihood(data_, next) : -INFINITY;
      if (level > floor) {
        at_ = std::move(next);
        level_ = level;
        return;
      }
      (angle < 0 ? low : high) = angle;
      angle = rng_.uniform(low, high);
    }
  }

 private:
  bool allowed(const std::vector<double>& theta) const {
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const Bounds& bounds = data_.prior[i].bounds;
      if (theta[i] < bounds.low || theta[i] > bounds.high) return false;
    }
    return true;
  }

  const KernelData& data_;
  std::vector<double> at_;
  Rng rng_;
  double level_;
};

}  // namespace

Standardised standardised(std::span<const double> values) {
  Standardised result{{values.begin(), values.end()}, mean(values), 1};
  const double deviation = standard_deviation(values);
  if (deviation > 0 && std::isfinite(deviation)) result.scale = deviation;
  for (double& value : result.values) value = (value - result.shift) / result.scale;
  return result;
}

std::vector<Kernel> likely_kernels(std::span<const Axis> axes, std::span<const double> points,
                                   std::span<const double> values, const Learning& learning) {
  const Embedding embedding({axes.begin(), axes.end()}, points);
  const KernelLayout layout{.axes = axes.size(), .bowl = learning.bowl, .warped = learning.warped};
  Found found{{embedding, embedding.embed(points, values.size()), standardised(values).values,
               layout, kernel_priors(axes, layout, learning.least_noise)},
              {}};
  found.best = most_probable(found.data);
  const Kernel even = unpacked(found.best, layout);
  const bool noisy = even.noise >= learning.noisy_from;
  const std::optional<Found> growing =
      noisy && learning.heteroscedastic
          ? with_heteroscedastic_noise(found.data, even, learning.least_noise)
          : std::nullopt;
  const auto& [data, best] = growing ? *growing : found;
  constexpr int steps = 2;  // from one data to the next
  Walk walk(data, best, Rng(learning.seed, values.size()));
  std::vector<Kernel> kernels = {unpacked(walk.at(), data.layout)};
  for (int k = 0; noisy && k < learning.samples; ++k) {
    for (int step = 0; step < steps; ++step) walk.step();
    kernels.push_back(unpacked(walk.at(), data.layout));
  }
  return kernels;
}

double log_posterior_density(std::span<const Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<double> gradient, std::span<const double> levels) {
  const Embedding embedding({axes.begin(), axes.end()}, points);
  const KernelLayout layout{.axes = axes.size(),
                            .bowl = kernel.bowl > 0,
                            .heteroscedastic = !levels.empty(),
                            .warped = !kernel.warps.empty()};
  const KernelData data{embedding,
                        embedding.embed(points, values.size()),
                        {values.begin(), values.end()},
                        layout,
                        kernel_priors(axes, layout, Learning().least_noise),
                        {levels.begin(), levels.end()}};
  const std::vector<double> theta = packed(kernel, layout);
  return log_density(data, theta, gradient);
}

}  // namespace caviar
