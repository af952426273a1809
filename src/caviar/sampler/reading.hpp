// How a method that knows one loss a trial reads studies of several objectives or with bounds.
//
// It is shown the history as if each complete trial had one loss, made from all trials so far:
//   scalar  a weighted largest part of the objectives (augmented Chebyshev), with weights drawn for
//           each proposal, so that in time every part of the front is looked for: Knowles,
//           "ParEGO", 2006, equation 2; with one objective its own loss
//   order   its place in an order of all: by domination, then by what it adds to the hypervolume of
//           those before it (Ozaki et al., "Multiobjective Tree-Structured Parzen Estimator", 2022)
// A trial beyond the bounds counts as worse than all within them, the more the further it is (Deb,
// "An Efficient Constraint Handling Method for Genetic Algorithms", 2000, equation 4); or
//   bounded one loss as it is and the bounds, for methods that learn these, and several as all
#pragma once

#include <span>
#include <vector>

#include "caviar/sampler/sampler.hpp"

namespace caviar {

enum class Reading {
  nothing,  // it looks at no outcome
  all,      // it reads the history itself
  one,      // one objective, bounds as penalties; several are refused
  scalar,
  order,
  bounded,
};

// A study of one objective without bounds is shown as it is.
Sampler with_reading(Reading reading, Sampler sampler);

// Losses by trial, NaN where it is not complete. `weights`: one an objective, their sum 1.
std::vector<double> scalar_losses(const History& history, std::span<const double> weights);
// The same, trials beyond the bounds with their own.
std::vector<double> own_losses(const History& history, std::span<const double> weights);
// Of one objective alone.
std::vector<double> losses_of(const History& history, std::size_t objective);

// As if there was one objective, with weights drawn anew; bounds are kept.
History with_one_objective(const History& history, Rng& rng);

std::vector<double> places(const History& history);

}  // namespace caviar
