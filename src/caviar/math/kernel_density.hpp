// How probable a kernel is, given values: what math/kernel_learning.hpp maximises and draws from.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/math/kernel.hpp"
#include "caviar/math/minimize.hpp"

namespace caviar {

// The numbers of a kernel that are learnt, in their order: log lengths, log amplitude, log noise,
// mean; log bowl; the noise's growth; log a and log b of every axis.
struct KernelLayout {
  std::size_t axes = 0;
  bool bowl = false, heteroscedastic = false, warped = false;

  std::size_t amplitude() const { return axes; }
  std::size_t noise() const { return axes + 1; }
  std::size_t mean() const { return axes + 2; }
  std::size_t bowl_at() const { return axes + 3; }
  std::size_t growth() const { return axes + (bowl ? 4 : 3); }
  std::size_t warp(std::size_t axis) const {
    return growth() + (heteroscedastic ? 1 : 0) + 2 * axis;
  }
  std::size_t size() const { return warp(warped ? axes : 0); }
};

// The prior of every hyperparameter is normal in its logarithm (the mean's is plain).
struct KernelPrior {
  double centre, deviation;
  Bounds bounds;

  double log_density(double x) const {
    const double z = (x - centre) / deviation;
    return -0.5 * z * z;
  }
  double slope(double x) const { return -(x - centre) / (deviation * deviation); }
};

std::vector<KernelPrior> kernel_priors(std::span<const Axis> axes, const KernelLayout& layout,
                                       double least_noise);

std::vector<double> packed(const Kernel& kernel, const KernelLayout& layout);
Kernel unpacked(std::span<const double> theta, const KernelLayout& layout);

// What was seen, and what of a kernel is to be learnt from it.
struct KernelData {
  const Embedding& embedding;
  std::vector<double> embedded;  // the points
  std::vector<double> values;    // standardised
  KernelLayout layout;
  std::vector<KernelPrior> prior;   // one a number
  std::vector<double> levels = {};  // of the function at each row, where noise may be uneven
};

// Log likelihood plus log prior, with the gradient (Rasmussen and Williams, equations 2.30, 5.9).
// −∞ where the covariance cannot be factorised; so below.
double log_density(const KernelData& data, std::span<const double> theta,
                   std::span<double> gradient);
double log_likelihood(const KernelData& data, std::span<const double> theta);

// The function at each row: its value with the noise, which is even, taken off. Throws
// std::runtime_error where the covariance cannot be factorised.
std::vector<double> levels_under(const KernelData& data, const Kernel& kernel);

}  // namespace caviar
