#include "caviar/sampler/belief.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "caviar/math/kernel_learning.hpp"
#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

// What there is to learn where the deviation is s, and its derivative: the logarithm of
// 1 − τ / √(s² + τ²) for noise of deviation τ (Huang et al., "Global optimization of stochastic
// black-box systems via sequential kriging meta-models", 2006).
struct Novelty {
  double log = 0, slope = 0;

  Novelty(double s, double noise) {
    if (!(noise > 0)) return;
    const double t = std::sqrt(noise), both = std::hypot(s, t);
    const double share = s / both * (s / (both + t));  // the same without cancellation
    log = std::log(share);
    slope = t * s / (both * both * both * share);
  }
};

// At places as good as the best one, which are those that matter.
double noise_beside(const GaussianProcess& model, double best, bool augmented) {
  return augmented ? model.noise_variance(best) : 0;
}

std::vector<double> log_improvements(const GaussianProcess& model, double best, bool augmented,
                                     std::span<const double> points) {
  const double noise = noise_beside(model, best, augmented);
  std::vector<double> logs;
  for (const GaussianProcess::Prediction& at : model.predict_all(points)) {
    const double s = deviation(at);
    logs.push_back(std::log(s) + log_improvement((best - at.mean) / s) + Novelty(s, noise).log);
  }
  return logs;
}

double log_improvement_at(const GaussianProcess& model, double best, bool augmented,
                          std::span<const double> point, std::span<double> gradient) {
  const GaussianProcess::Slope slope = model.slope(point);
  const double s = deviation(slope.at), z = (best - slope.at.mean) / s;
  const double rise = log_improvement_slope(z);
  const Novelty novelty(s, noise_beside(model, best, augmented));
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double ds = slope.variance[i] / (2 * s);
    gradient[i] = ds / s - rise * (slope.mean[i] + z * ds) / s + novelty.slope * ds;
  }
  return std::log(s) + log_improvement(z) + novelty.log;
}

double log_mean_exp(std::span<const double> logs) {
  const double top = *std::ranges::max_element(logs);
  if (!std::isfinite(top)) return top;
  double sum = 0;
  for (const double x : logs) sum += std::exp(x - top);
  return top + std::log(sum / static_cast<double>(logs.size()));
}

std::vector<double> mean_log_improvements(const Belief& belief, bool augmented,
                                          std::span<const double> points) {
  const std::size_t models = belief.models.size();
  std::vector<std::vector<double>> logs;
  for (std::size_t m = 0; m < models; ++m) {
    logs.push_back(log_improvements(belief.models[m], belief.best[m], augmented, points));
  }
  std::vector<double> result, of_one(models);
  for (std::size_t i = 0; i < logs.front().size(); ++i) {
    for (std::size_t m = 0; m < models; ++m) of_one[m] = logs[m][i];
    result.push_back(log_mean_exp(of_one));
  }
  return result;
}

double mean_log_improvement_at(const Belief& belief, bool augmented, std::span<const double> point,
                               std::span<double> gradient) {
  const std::size_t models = belief.models.size();
  std::vector<double> logs;
  std::vector<std::vector<double>> slopes(models, std::vector<double>(gradient.size()));
  for (std::size_t m = 0; m < models; ++m) {
    logs.push_back(
        log_improvement_at(belief.models[m], belief.best[m], augmented, point, slopes[m]));
  }
  const double total = log_mean_exp(logs);
  std::ranges::fill(gradient, 0.0);
  for (std::size_t m = 0; m < models; ++m) {
    const double share = std::exp(logs[m] - total) / static_cast<double>(models);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += share * slopes[m][i];
  }
  return total;
}

// How far each row lies beyond the bounds, in all, each in parts of what is typical of it; 0:
// within all of them. What was not measured is worth as much as all else can be.
std::vector<double> breaches(const Observations& seen) {
  std::vector<double> result(seen.rows());
  for (std::size_t bound = 0; bound < seen.bounds; ++bound) {
    std::vector<double> sizes;
    for (std::size_t row = 0; row < seen.rows(); ++row) {
      const double margin = seen.margins_of(row)[bound];
      if (margin < 0) sizes.push_back(-margin);
    }
    const double typical = sizes.empty() ? 1 : median(sizes);
    for (std::size_t row = 0; row < seen.rows(); ++row) {
      const double margin = seen.margins_of(row)[bound];
      // Between 0 and 1, so that one bound does not decide alone.
      if (margin < 0) result[row] += -margin / (-margin + typical);
      if (std::isnan(margin)) result[row] += 1;
    }
  }
  return result;
}

}  // namespace

double deviation(const GaussianProcess::Prediction& at) {
  return std::sqrt(std::max(at.variance, 1e-16));
}

GaussianProcess with_pending(const std::vector<Axis>& axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<const double> pending) {
  GaussianProcess model(axes, points, values, kernel);
  if (pending.empty()) return model;
  std::vector<double> all_points(points.begin(), points.end());
  std::vector<double> all_values(values.begin(), values.end());
  for (const auto& at : model.predict_all(pending)) all_values.push_back(at.mean);
  all_points.insert(all_points.end(), pending.begin(), pending.end());
  return {axes, all_points, all_values, kernel};
}

std::vector<Axis> axes_of(const Space& space) {
  std::vector<Axis> axes;
  for (const Parameter& parameter : space.parameters()) {
    Axis axis;
    axis.categorical = is_categorical(parameter.distribution);
    if (parameter.tier > 0) axis.length = std::pow(1.3, parameter.tier - 2);
    axes.push_back(axis);
  }
  return axes;
}

double log_evidence(const std::vector<Axis>& axes, std::span<const double> points,
                    const Levelling& level, const Kernel& kernel) {
  const GaussianProcess model(axes, points, level.values, kernel);
  return model.log_marginal_likelihood() + level.log_slope -
         static_cast<double>(level.values.size()) * std::log(standardised(level.values).scale);
}

Belief believe(const std::vector<Axis>& axes, const Observations& seen,
               std::span<const Kernel> kernels) {
  Belief belief;
  const std::vector<double> beyond = breaches(seen);
  belief.solved = std::ranges::count(beyond, 0.0) > 0;
  for (const Kernel& kernel : kernels) {
    GaussianProcess model(axes, seen.points, seen.values, kernel);
    std::vector<double> means;
    for (const auto& at : model.predict_all(seen.points)) means.push_back(at.mean);
    if (belief.order.empty()) {
      belief.order = ascending(means);
      std::ranges::stable_sort(belief.order, {}, [&](std::size_t row) { return beyond[row]; });
    }
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t row = 0; row < means.size(); ++row) {
      if (!belief.solved || beyond[row] == 0) best = std::min(best, means[row]);
    }
    belief.best.push_back(best);
    if (!seen.pending.empty()) {
      model = with_pending(axes, seen.points, seen.values, kernel, seen.pending);
    }
    belief.models.push_back(std::move(model));
  }
  return belief;
}

Acquisition log_expected_improvement(const Belief& belief, bool augmented) {
  Acquisition acquisition;
  acquisition.glance = [&belief, augmented](std::span<const double> points) {
    return log_improvements(belief.models.front(), belief.best.front(), augmented, points);
  };
  acquisition.all = [&belief, augmented](std::span<const double> points) {
    return mean_log_improvements(belief, augmented, points);
  };
  acquisition.slope = [&belief, augmented](std::span<const double> point,
                                           std::span<double> gradient) {
    return mean_log_improvement_at(belief, augmented, point, gradient);
  };
  return acquisition;
}

Acquisition low_bound(const Belief& belief, double deviations) {
  const double share = 1 / static_cast<double>(belief.models.size());
  const auto scores_of = [deviations](const GaussianProcess& model,
                                      std::span<const double> points) {
    std::vector<double> scores;
    for (const GaussianProcess::Prediction& at : model.predict_all(points)) {
      scores.push_back(deviations * deviation(at) - at.mean);
    }
    return scores;
  };
  Acquisition acquisition;
  acquisition.all = [&belief, share, scores_of](std::span<const double> points) {
    std::vector<double> scores;
    for (const GaussianProcess& model : belief.models) {
      const std::vector<double> own = scores_of(model, points);
      scores.resize(own.size());
      for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += share * own[i];
    }
    return scores;
  };
  acquisition.glance = [&belief, scores_of](std::span<const double> points) {
    return scores_of(belief.models.front(), points);
  };
  acquisition.slope = [&belief, share, deviations](std::span<const double> point,
                                                   std::span<double> gradient) {
    double score = 0;
    std::ranges::fill(gradient, 0.0);
    for (const GaussianProcess& model : belief.models) {
      const GaussianProcess::Slope slope = model.slope(point);
      const double s = deviation(slope.at);
      score += share * (deviations * s - slope.at.mean);
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        gradient[i] += share * (deviations * slope.variance[i] / (2 * s) - slope.mean[i]);
      }
    }
    return score;
  };
  return acquisition;
}

}  // namespace caviar
