#include "caviar/sampler/acquisitions.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "caviar/math/normal.hpp"

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

// Of which a drawn function is made.
constexpr int waves = 1000;

// By how much a trial has to be better to count as an improvement, in units of the values, which
// are standardised: without it the places next to the best trial were the likeliest of all.
constexpr double least_improvement = 0.01;

std::vector<double> log_chances(const GaussianProcess& model, double best,
                                std::span<const double> points) {
  std::vector<double> logs;
  for (const GaussianProcess::Prediction& at : model.predict_all(points)) {
    logs.push_back(normal_log_cdf((best - least_improvement - at.mean) / deviation(at)));
  }
  return logs;
}

double log_chance_at(const GaussianProcess& model, double best, std::span<const double> point,
                     std::span<double> gradient) {
  const GaussianProcess::Slope slope = model.slope(point);
  const double s = deviation(slope.at), z = (best - least_improvement - slope.at.mean) / s;
  const double log = normal_log_cdf(z);
  const double rise = std::exp(normal_log_pdf(z) - log);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    gradient[i] = -rise * (slope.mean[i] + z * slope.variance[i] / (2 * s)) / s;
  }
  return log;
}

// The logarithm of what is gained in the opinion of one model, whose best trial so far is `best`.
struct LogGain {
  std::function<std::vector<double>(const GaussianProcess&, double best,
                                    std::span<const double> points)>
      all;
  std::function<double(const GaussianProcess&, double best, std::span<const double> point,
                       std::span<double> gradient)>
      slope;
};

std::vector<double> mean_logs(const Belief& belief, const LogGain& gain,
                              std::span<const double> points) {
  const std::size_t models = belief.models.size();
  std::vector<std::vector<double>> logs;
  for (std::size_t m = 0; m < models; ++m) {
    logs.push_back(gain.all(belief.models[m], belief.best[m], points));
  }
  std::vector<double> result, of_one(models);
  for (std::size_t i = 0; i < logs.front().size(); ++i) {
    for (std::size_t m = 0; m < models; ++m) of_one[m] = logs[m][i];
    result.push_back(log_mean_exp(of_one));
  }
  return result;
}

double mean_log_at(const Belief& belief, const LogGain& gain, std::span<const double> point,
                   std::span<double> gradient) {
  const std::size_t models = belief.models.size();
  std::vector<double> logs;
  std::vector<std::vector<double>> slopes(models, std::vector<double>(gradient.size()));
  for (std::size_t m = 0; m < models; ++m) {
    logs.push_back(gain.slope(belief.models[m], belief.best[m], point, slopes[m]));
  }
  const double total = log_mean_exp(logs);
  std::ranges::fill(gradient, 0.0);
  for (std::size_t m = 0; m < models; ++m) {
    const double share = std::exp(logs[m] - total) / static_cast<double>(models);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += share * slopes[m][i];
  }
  return total;
}

// The logarithm of the mean over the models; a glance is the first one's opinion alone.
Acquisition mean_over_models(const Belief& belief, const LogGain& gain) {
  Acquisition acquisition;
  acquisition.glance = [&belief, gain](std::span<const double> points) {
    return gain.all(belief.models.front(), belief.best.front(), points);
  };
  acquisition.all = [&belief, gain](std::span<const double> points) {
    return mean_logs(belief, gain, points);
  };
  acquisition.slope = [&belief, gain](std::span<const double> point, std::span<double> gradient) {
    return mean_log_at(belief, gain, point, gradient);
  };
  return acquisition;
}

}  // namespace

Acquisition log_expected_improvement(const Belief& belief, bool augmented) {
  return mean_over_models(
      belief,
      {[augmented](const GaussianProcess& model, double best, std::span<const double> points) {
         return log_improvements(model, best, augmented, points);
       },
       [augmented](const GaussianProcess& model, double best, std::span<const double> point,
                   std::span<double> gradient) {
         return log_improvement_at(model, best, augmented, point, gradient);
       }});
}

Acquisition log_probability_of_improvement(const Belief& belief) {
  return mean_over_models(belief, {log_chances, log_chance_at});
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

Acquisition posterior_draw(const Belief& belief, Rng& rng) {
  const GaussianProcess& model = belief.models[rng.below(belief.models.size())];
  Acquisition acquisition;
  acquisition.all = [&model, &rng](std::span<const double> points) {
    std::vector<double> scores = model.draws(points, 1, waves, rng).front();
    for (double& score : scores) score = -score;
    return scores;
  };
  return acquisition;
}

}  // namespace caviar
