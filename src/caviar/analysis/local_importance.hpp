// Which hyperparameters tell the best trials from the merely good ones: PED-ANOVA (Watanabe, Bansal
// and Hutter, "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary
// Subspaces", IJCAI 2023, equation 16).
//
// What decides between bad and good trials (importance.hpp) need not be what still matters among
// the good ones. Along each parameter the density p of the best trials is compared with the density
// q of the good ones: the Pearson divergence ∫ q (p / q − 1)², less what as many good trials drawn
// at random have. Among many parameters chance alone makes one look important: only those count
// whose divergence is greater than that of all parameters together in 19 of 20 such draws.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "caviar/analysis/importance.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

struct LocalImportanceOptions {
  std::size_t objective = 0;
  double good = 0.5;  // the share of all trials that count as good, above 0 and at most 1
  double best = 0.2;  // the share of the good ones that count as the best, above 0 and below 1
  std::uint64_t seed = 0;
};

struct LocalImportance {
  std::size_t good = 0, best = 0;  // how many trials
  // The greatest first. Those above chance share 1 among them; the share of all others is 0, and
  // their spread what chance makes of it.
  std::vector<ParameterImportance> parameters;
};

// The spread of a share is over bootstrap samples of the trials. nullopt with fewer than five best
// ones, or where nothing can be said at all (evidence.hpp).
std::optional<LocalImportance> local_importance(const History& history,
                                                const LocalImportanceOptions& options = {});

}  // namespace caviar
