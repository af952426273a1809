#include "caviar/sampler/belief.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "caviar/math/kernel_learning.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

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

}  // namespace caviar
