// Regression with a Gaussian process over points of the unit cube, mixed and conditional parameters
// included (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006).
//
//   GaussianProcess model = GaussianProcess::fit(axes, points, values);
//   auto [mean, variance] = model.predict(point);
//
// The kernel is that of math/kernel.hpp; math/kernel_learning.hpp says how it is learnt.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/math/kernel.hpp"
#include "caviar/math/kernel_learning.hpp"

namespace caviar {

class GaussianProcess {
 public:
  struct Prediction {
    double mean = 0;
    double variance = 0;  // of the function itself, without the noise; never negative
  };
  struct Slope {  // with respect to each coordinate; 0 on categorical axes and where NaN
    Prediction at;
    std::vector<double> mean, variance;
  };

  // points: row after row, one coordinate an axis; values: one a row, finite, at least one.
  // The kernel with the largest posterior density (MAP), then the posterior given the points.
  // Cost: some dozen times rows³. Throws std::runtime_error where no kernel can be factorised.
  static GaussianProcess fit(std::vector<Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Learning& learning = {});

  // The posterior under a kernel that is already known.
  GaussianProcess(std::vector<Axis> axes, std::span<const double> points,
                  std::span<const double> values, const Kernel& kernel);

  Prediction predict(std::span<const double> point) const;
  std::vector<Prediction> predict_all(std::span<const double> points) const;  // row after row
  std::vector<double> means(std::span<const double> points) const;  // at a fraction of the cost
  Slope slope(std::span<const double> point) const;
  // Functions drawn from the posterior, each by its values at the points (row after row): a draw
  // from the prior of `features` random waves (Rahimi and Recht 2007), corrected by what it says
  // of the rows that were seen (Matheron's rule; Wilson et al., "Efficiently sampling functions
  // from Gaussian process posteriors", ICML 2020). The kernel must have no bowl.
  std::vector<std::vector<double>> draws(std::span<const double> points, int count, int features,
                                         Rng& rng) const;

  const Kernel& kernel() const;
  // Of one observation where the function has this value, in units of the values.
  double noise_variance(double value) const;
  double log_marginal_likelihood() const;  // of the standardised values (equation 2.30)

 private:
  struct Posterior;
  std::shared_ptr<const Posterior> posterior_;
};

}  // namespace caviar
