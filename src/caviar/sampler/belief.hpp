// What Gaussian processes believe of the objective.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/sampler/observations.hpp"
#include "caviar/space/space.hpp"

namespace caviar {

struct Belief {
  std::vector<GaussianProcess> models;  // one a kernel; of finished and running trials
  // The smallest mean at a finished trial within all bounds, of each model; while there is none, at
  // any.
  std::vector<double> best;
  // Rows of the observations by the first model's mean; those beyond a bound come after the others,
  // the one that breaks them least first.
  std::vector<std::size_t> order;
  bool solved = true;  // a trial is within all bounds
};

// One axis a parameter. A tier shifts the prior of the length scale: what practice says to matter
// more is expected to need a shorter one.
std::vector<Axis> axes_of(const Space& space);

// How likely the losses are under this kernel on this scale of them, up to a constant: what scales
// are compared by. Throws std::runtime_error where the model cannot be computed.
double log_evidence(const std::vector<Axis>& axes, std::span<const double> points,
                    const Levelling& level, const Kernel& kernel);

double deviation(const GaussianProcess::Prediction& at);  // above 0

// Of what was seen and of running trials, which count as if they had come out as the former alone
// has them expected ("kriging believer", Ginsbourger et al. 2010). Throws std::runtime_error where
// it cannot be computed.
GaussianProcess with_pending(const std::vector<Axis>& axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<const double> pending);

// Running trials are reckoned with. Throws std::runtime_error where a model cannot be computed.
Belief believe(const std::vector<Axis>& axes, const Observations& seen,
               std::span<const Kernel> kernels);

}  // namespace caviar
