// Several objectives, each with a model of its own: where a trial is expected to enlarge the front
// most.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/math/gaussian_process.hpp"
#include "caviar/math/hypervolume_gain.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"

namespace caviar {

struct FrontBelief {
  std::vector<GaussianProcess> models;       // one an objective; of finished and running trials
  HypervolumeGain gain;                      // beyond what the models expect of these trials
  std::vector<std::vector<double>> leaders;  // unit vectors of those that no other dominates
};

// seen, kernels: one an objective. solutions: unit vectors of the trials within all bounds, at
// least one, row after row. Running trials count as if they had come out as expected. nullopt
// where the front is too large to be cut into boxes. Throws std::runtime_error where a model cannot
// be computed.
std::optional<FrontBelief> believe_front(const std::vector<Axis>& axes,
                                         std::span<const Observations> seen,
                                         std::span<const Kernel> kernels,
                                         std::span<const double> solutions);

// The logarithm of the expected gain of hypervolume (Emmerich et al. 2006; as a logarithm, because
// it is next to nothing almost everywhere, Ament et al. 2023). The belief must outlive it.
Acquisition log_front_gain(const FrontBelief& belief);

}  // namespace caviar
