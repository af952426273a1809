// What configurations with partial budgets would come to with the full one.
//
// A Gaussian process over parameters and budget is learnt from all that was judged at any budget.
// A configuration is expected to come to what it has come to, and what the model sees change from
// there to the full budget for parameters like its own: slow learners are forgiven where others
// like them have caught up. (A model over both is that of Swersky, Snoek and Adams, "Freeze-thaw
// Bayesian optimization", 2014, and Klein et al., "Fast Bayesian optimization of machine learning
// hyperparameters on large datasets", AISTATS 2017; to keep each trial's own difference from it is
// for samplers that have a model of noise themselves.)
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "caviar/math/kernel.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

class Foresight {
 public:
  explicit Foresight(std::vector<double> budgets);  // ascending, the full one last

  // The configurations as complete trials of a history of their own, with what they are expected to
  // come to, on a scale on which smaller losses are smaller still, and no other number means
  // anything. nullopt where there is nothing to foresee with: several objectives, bounds, too few
  // judged at two budgets, too many configurations, no model that can be computed. Depends on
  // nothing but the history.
  std::optional<History> foresee(const History& history);

 private:
  std::vector<double> budgets_;
  // Saves time only: the kernel, and the digest of what it was learnt from.
  std::uint64_t digest_ = 0;
  std::optional<Kernel> kernel_;
};

}  // namespace caviar
