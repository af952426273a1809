// Where a falling learning curve will end, with its uncertainty.
#pragma once

#include <span>

namespace caviar {

// The chance that the curve is at or below `target` at `horizon`, given its losses so far at
// ascending positive steps (at least 3 of them, before the horizon; below that 1, as nothing is
// known). Every law y = c + a·φ(t), a ≥ 0, with φ a power t^−b, an exponential e^(−kt) or a
// logarithmic power 1 / (1 + (t / t₀)^b) over a grid of b, k and t₀, is a Bayesian linear
// regression with unknown noise; their predictions, which are Student's t, are averaged by their
// marginal likelihoods (Murphy, "Machine Learning", 2012, section 7.6).
double chance_below(double target, double horizon, std::span<const double> steps,
                    std::span<const double> losses);

}  // namespace caviar
