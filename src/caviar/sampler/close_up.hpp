// A close look at the neighbourhood of the best trial: a model of its own, of the nearest trials
// alone, that sees them as if the neighbourhood were the whole cube. Their values count as they are
// or on a logarithmic scale, whichever makes them more likely, and a quadratic is part of the
// kernel: so a smooth valley, however narrow and tilted, is followed to its bottom in the way of
// Newton, where the model of the whole space has long lost it in its noise.
//
// In the spirit of trust regions over interpolated quadratics (Powell, "The NEWUOA software for
// unconstrained optimization without derivatives", 2006) and of local Gaussian processes (Eriksson
// et al., "Scalable global optimization via local Bayesian optimization", NeurIPS 2019).
#pragma once

#include <optional>

#include "caviar/base/rng.hpp"
#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/caution.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// The most promising new configuration near the best trial; nullopt where nothing is left to gain
// there, or there is no numeric parameter. The neighbourhood reaches as far, in the length scales
// of the model of the whole, twice as far as about one trial a numeric parameter. Throws
// std::runtime_error where no model can be computed.
std::optional<Point> closer(const History& history, const Observations& seen, const Belief& whole,
                            const std::vector<Axis>& axes, Rng& rng, const Caution& caution = {});

}  // namespace caviar
