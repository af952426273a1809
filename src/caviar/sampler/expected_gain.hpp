// What one more trial promises: a reason to stop.
#pragma once

#include <cstdint>
#include <optional>

#include "caviar/trial/history.hpp"

namespace caviar {

// By how much the next trial is expected to improve the best value, in the metric's unit: the
// largest expected improvement that a Gaussian process of the trials sees anywhere in the space
// (Mockus 1975; as a rule for stopping Nguyen, Gupta, Rana, Li and Venkatesh, "Regret for Expected
// Improvement over the Best-Observed Value and Stopping Condition", 2017). The worse half of the
// losses counts as the median: it tells where not to look, but not how much there is to win. Under
// bounds on outcomes it is weighted by the probability that they are kept.
//
// nullopt before there are ten complete trials and two a parameter, while none keeps the bounds,
// with several objectives, or where the model cannot be computed. The same history and seed give
// the same estimate.
std::optional<double> expected_gain(const History& history, std::uint64_t seed);

}  // namespace caviar
