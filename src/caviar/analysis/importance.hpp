// Which hyperparameters mattered: functional analysis of variance (Hutter, Hoos and Leyton-Brown,
// "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014).
//
// The variance of the loss over the unit cube is split into what each hyperparameter explains
// alone, and what pairs explain beyond that. What the loss is between the trials nobody knows: so
// the split is made of many functions, each as the trials leave it possible (draws from the
// posterior of a Gaussian process; Oakley and O'Hagan, "Probabilistic sensitivity analysis of
// complex models: a Bayesian approach", 2004). A share is the mean over these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

struct ParameterImportance {
  std::size_t parameter = 0;  // its index in the space
  double share = 0;           // of the variance, 0 … 1
  double spread = 0;          // one standard deviation: how sure the share is
  bool above_chance = true;   // false: as much is found where a parameter does nothing
};

struct PairImportance {
  std::size_t first = 0, second = 0;
  double share = 0;  // beyond what the two explain each by itself
  double spread = 0;
};

struct Importance {
  std::vector<ParameterImportance> parameters;  // the greatest first; one each
  std::vector<PairImportance> pairs;            // the greatest first; of the first eight parameters
};  // all shares together are at most 1

struct ImportanceOptions {
  std::size_t objective = 0;
  std::uint64_t seed = 0;  // same history and seed, same answer
};

// The spread joins how much the drawn functions differ with how much halves of the trials do, so
// that it also holds where the function is not of the kind that a Gaussian process expects.
// A share is above chance where it is more than two spreads. Of more than 240 trials as many are
// looked at, evenly over the study. nullopt where nothing can be said: fewer than four complete
// trials, or all with the same loss. Losses are tamed first and failed trials count as bad ones:
// see evidence.hpp.
std::optional<Importance> importance(const History& history, const ImportanceOptions& options = {});

}  // namespace caviar
