// Regression with a Gaussian process over points of the unit cube, mixed and conditional parameters
// included (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006).
//
//   GaussianProcess model = GaussianProcess::fit(axes, points, values);
//   auto [mean, variance] = model.predict(point);
//
// Kernel: Matérn 5/2 with a length scale for each axis. Two points lie apart on a numeric axis by
// their distance, on a categorical axis by 1 wherever they differ. A NaN coordinate (an inactive
// parameter) stands at the middle of a numeric axis and is a category of its own.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace caviar {

struct Axis {
  bool categorical = false;  // coordinates are labels: any number, equal or not
  double length = 1;  // factor on the prior's median length scale: > 1 expects less influence
};

// What is learnt. Values are standardised first, so amplitude and noise are in units of their
// spread.
struct Kernel {
  std::vector<double> lengths;  // one an axis
  double amplitude = 1;         // prior variance of the function
  double noise = 1e-2;          // variance of one observation about the function
  double mean = 0;
};

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
                             std::span<const double> values);

  // The posterior under a kernel that is already known.
  GaussianProcess(std::vector<Axis> axes, std::span<const double> points,
                  std::span<const double> values, const Kernel& kernel);

  Prediction predict(std::span<const double> point) const;
  std::vector<Prediction> predict_all(std::span<const double> points) const;  // row after row
  Slope slope(std::span<const double> point) const;

  const Kernel& kernel() const;
  double noise_variance() const;           // in units of the values
  double log_marginal_likelihood() const;  // of the standardised values (equation 2.30)

 private:
  struct Posterior;
  std::shared_ptr<const Posterior> posterior_;
};

// The density that fit() maximises, and its gradient with respect to (log lengths, log amplitude,
// log noise, mean); values standardised by the caller. For tests and other optimisers.
double log_posterior_density(std::span<const Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<double> gradient);

}  // namespace caviar
