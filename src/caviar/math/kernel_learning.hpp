// Learning the kernel of a Gaussian process: the most probable one, and others that the values
// leave possible.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "caviar/math/kernel.hpp"

namespace caviar {

struct Learning {
  bool bowl = false;          // with a quadratic, its variance learnt too
  bool warped = false;        // numeric axes may be bent
  double least_noise = 1e-7;  // variance
  int samples = 0;            // kernels drawn from the posterior besides the most probable one,
  double sampled_from = 0;    // where that has at least this noise
  std::uint64_t seed = 0;     // of the draws
};

// points: row after row, one coordinate an axis; values: one a row, finite, at least one. First the
// kernel with the largest posterior density (MAP, gradients from two starts), then draws from the
// posterior by elliptical slice sampling (Murray, Adams and MacKay 2010). Cost: some dozen times
// rows³. Throws std::runtime_error where no kernel can be factorised.
std::vector<Kernel> likely_kernels(std::span<const Axis> axes, std::span<const double> points,
                                   std::span<const double> values, const Learning& learning = {});

// The density that is maximised, and its gradient with respect to (log lengths, log amplitude, log
// noise, mean, log bowl where that is above 0, and log a, log b of every axis where they are
// warped); values standardised by the caller. For tests
// and other optimisers.
double log_posterior_density(std::span<const Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<double> gradient);

// Values less their mean, over their standard deviation where that is a number above 0.
struct Standardised {
  std::vector<double> values;
  double shift = 0, scale = 1;
};
Standardised standardised(std::span<const double> values);

}  // namespace caviar
