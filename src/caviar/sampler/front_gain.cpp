#include "caviar/sampler/front_gain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "caviar/math/pareto.hpp"
#include "caviar/sampler/belief.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_boxes = 20'000;
constexpr double beyond_worst = 0.3;  // where the reference lies, in parts of the front's ranges
constexpr double nothing = 1e-100;    // added to gains, so that they have a logarithm

// The means of all models, row after row.
std::vector<double> means_at(std::span<const GaussianProcess> models,
                             std::span<const double> points) {
  std::vector<double> means;
  for (std::size_t k = 0; k < models.size(); ++k) {
    const auto all = models[k].predict_all(points);
    means.resize(all.size() * models.size());
    for (std::size_t row = 0; row < all.size(); ++row) {
      means[row * models.size() + k] = all[row].mean;
    }
  }
  return means;
}

// A little beyond the front's worst in each column; of a front without a range, beyond the worst of
// all.
std::vector<double> reference_of(std::span<const double> means, std::span<const std::size_t> ranks,
                                 std::size_t columns) {
  std::vector<double> reference;
  for (std::size_t c = 0; c < columns; ++c) {
    double low = std::numeric_limits<double>::infinity(), high = -low, worst = -low;
    for (std::size_t row = 0; row < ranks.size(); ++row) {
      const double mean = means[row * columns + c];
      worst = std::max(worst, mean);
      if (ranks[row] > 0) continue;
      low = std::min(low, mean);
      high = std::max(high, mean);
    }
    if (!(high > low)) high = std::max(worst, low + beyond_worst);
    reference.push_back(high + beyond_worst * (high - low));
  }
  return reference;
}

}  // namespace

std::optional<FrontBelief> believe_front(const std::vector<Axis>& axes,
                                         std::span<const Observations> seen,
                                         std::span<const Kernel> kernels,
                                         std::span<const double> solutions) {
  const std::size_t columns = seen.size();
  std::vector<GaussianProcess> models;
  for (std::size_t k = 0; k < columns; ++k) {
    models.push_back(
        with_pending(axes, seen[k].points, seen[k].values, kernels[k], seen[k].pending));
  }
  std::vector<double> points(solutions.begin(), solutions.end());
  points.insert(points.end(), seen.front().pending.begin(), seen.front().pending.end());
  const std::vector<double> means = means_at(models, points);
  const std::vector<std::size_t> ranks = domination_ranks(means, columns);
  std::vector<double> front;
  std::vector<std::vector<double>> leaders;
  for (std::size_t row = 0; row < ranks.size(); ++row) {
    if (ranks[row] > 0) continue;
    const auto losses = std::span(means).subspan(row * columns, columns);
    front.insert(front.end(), losses.begin(), losses.end());
    const auto unit = std::span(points).subspan(row * axes.size(), axes.size());
    leaders.emplace_back(unit.begin(), unit.end());
  }
  // About as many boxes as that, and time and memory with them.
  if (std::pow(static_cast<double>(leaders.size()), static_cast<double>(columns - 1)) >
      static_cast<double>(most_boxes)) {
    return std::nullopt;
  }
  HypervolumeGain gain(front, columns, reference_of(means, ranks, columns));
  return FrontBelief{std::move(models), std::move(gain), std::move(leaders)};
}

Acquisition log_front_gain(const FrontBelief& belief) {
  Acquisition acquisition;
  acquisition.all = [&belief](std::span<const double> points) {
    const std::size_t columns = belief.models.size();
    std::vector<std::vector<GaussianProcess::Prediction>> all;
    for (const GaussianProcess& model : belief.models) all.push_back(model.predict_all(points));
    std::vector<double> scores, means(columns), deviations(columns);
    for (std::size_t row = 0; row < all.front().size(); ++row) {
      for (std::size_t k = 0; k < columns; ++k) {
        means[k] = all[k][row].mean;
        deviations[k] = deviation(all[k][row]);
      }
      scores.push_back(std::log(belief.gain.at(means, deviations) + nothing));
    }
    return scores;
  };
  acquisition.slope = [&belief](std::span<const double> point, std::span<double> gradient) {
    const std::size_t columns = belief.models.size();
    std::vector<GaussianProcess::Slope> slopes;
    std::vector<double> means, deviations, by_mean(columns), by_deviation(columns);
    for (const GaussianProcess& model : belief.models) {
      slopes.push_back(model.slope(point));
      means.push_back(slopes.back().at.mean);
      deviations.push_back(deviation(slopes.back().at));
    }
    const double gain = belief.gain.at(means, deviations, by_mean, by_deviation) + nothing;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] = 0;
      for (std::size_t k = 0; k < columns; ++k) {
        gradient[i] += (by_mean[k] * slopes[k].mean[i] +
                        by_deviation[k] * slopes[k].variance[i] / (2 * deviations[k])) /
                       gain;
      }
    }
    return std::log(gain);
  };
  return acquisition;
}

}  // namespace caviar
