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
  // Where the most probable kernel has at least so much noise:
  double noisy_from = 0;
  bool heteroscedastic = false;  // the noise may grow with the function, where that is clear
  int samples = 0;               // so many kernels are drawn from the posterior besides
  std::uint64_t seed = 0;        // of the draws
};

// points: row after row, one coordinate an axis; values: one a row, finite, at least one. First the
// kernel with the largest posterior density (MAP, gradients from two starts; growing noise by the
// levels that even noise gives, after Kersting et al., "Most likely heteroscedastic Gaussian
// process regression", ICML 2007), then draws from the posterior by elliptical slice sampling
// (Murray, Adams and MacKay 2010). Cost: some dozen times rows³. Throws std::runtime_error where no
// kernel can be factorised.
std::vector<Kernel> likely_kernels(std::span<const Axis> axes, std::span<const double> points,
                                   std::span<const double> values, const Learning& learning = {});

// The density that is maximised, and its gradient with respect to (log lengths, log amplitude, log
// noise, mean, log bowl where that is above 0, the noise's growth where levels are given, and log
// a, log b of every axis where they are warped); values standardised by the caller. levels: of the
// function at each row, by which its noise grows. For tests and other optimisers.
double log_posterior_density(std::span<const Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<double> gradient, std::span<const double> levels = {});

// Values less their mean, over their standard deviation where that is a number above 0.
struct Standardised {
  std::vector<double> values;
  double shift = 0, scale = 1;
};
Standardised standardised(std::span<const double> values);

}  // namespace caviar
