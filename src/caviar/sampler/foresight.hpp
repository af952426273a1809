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
#include <memory>
#include <optional>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

class Foresight {
 public:
  explicit Foresight(std::vector<double> budgets);  // ascending, the full one last

  // The configurations as trials of a history of their own, complete with what they are expected to
  // come to. nullopt where there is nothing to foresee with: several objectives, bounds, too few
  // judged at two budgets, equal losses, no model that can be computed. Depends on nothing but the
  // history.
  std::optional<History> foresee(const History& history);

 private:
  class Model;

  std::vector<double> budgets_;
  // Saves time only: the latest model, and the digest of what it was made of.
  std::shared_ptr<const Model> model_;
  std::uint64_t digest_ = 0;
};

}  // namespace caviar
