// Which hyperparameters mattered: functional analysis of variance (Hutter, Hoos and Leyton-Brown,
// "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014).
//
// A random forest learns the loss over the unit cube; its variance there is split exactly into what
// each hyperparameter explains alone, and what pairs explain beyond that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "caviar/math/forest.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

struct ParameterImportance {
  std::size_t parameter = 0;  // its index in the space
  double share = 0;           // of the variance, 0 … 1
  double spread = 0;          // standard deviation over the trees: how sure the share is
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
  ForestOptions forest;
  std::uint64_t seed = 0;  // same history and seed, same answer
};

// nullopt where nothing can be said: fewer than four complete trials, or all with the same loss.
// Losses are tamed first and failed trials count as bad ones: see evidence.hpp.
std::optional<Importance> importance(const History& history, const ImportanceOptions& options = {});

// The same of a forest: shares of its variance over the unit cube. nullopt where it is flat.
std::optional<Importance> importance(const Forest& forest);

}  // namespace caviar
