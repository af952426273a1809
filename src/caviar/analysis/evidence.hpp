// What the trials of a study say about its landscape, as rows of numbers: the input of every model
// in this layer.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

// How losses are tamed, so that a few terrible trials do not drown the differences among good ones:
// where they have a long tail (the worst lies over five times as far from the best as the median)
// log(1 + distance from the best / that of the median), which is straight near the best and bends
// beyond the median; then the worst 5 in 100 count alike.
class Taming {
 public:
  Taming() = default;
  // losses: at least one, finite, in any order.
  Taming(std::vector<double> losses, Direction direction);

  double operator()(double loss) const;  // at most cap(); rises with the loss
  double value(double tamed) const;      // back to a value in the user's sign
  double cap() const { return cap_; }

 private:
  double warp(double loss) const;
  bool maximize_ = false;
  double best_ = 0;
  double scale_ = 0;  // 0: left straight
  double cap_ = 0;
};

struct Evidence {
  std::size_t dimensions = 0;
  std::vector<double> units;   // row after row; NaN where inactive
  std::vector<double> losses;  // tamed, one a row
  Taming taming;
  std::size_t rows() const { return losses.size(); }
};

// The budget at which a study's configurations are compared: the highest that so many reached that
// a model of their parameters can be learnt (20, and four times as many as parameters), else the
// one with the most; of a population the first, since later members go on with the weights of
// others. nullopt where trials have no budgets.
std::optional<double> budget_of_evidence(const History& history);

// Complete trials with their loss by that objective; of the first one, pruned trials with what they
// would have come to (expected_loss in trial/reports.hpp); failed ones at the cap: where training
// diverges says as much as a bad value. Where trials have budgets, configurations with their losses
// at budget_of_evidence(), and no others. nullopt with fewer than 4 losses, or where all of them
// are the same: then there is nothing to explain.
std::optional<Evidence> evidence(const History& history, std::size_t objective = 0);

// At most so many of them, evenly over the study.
Evidence spaced(const Evidence& evidence, std::size_t rows);

// At most `rows` (4 or more) of them: half are the best ones, the others spread evenly over the
// rest up to the worst.
Evidence thinned(const Evidence& evidence, std::size_t rows);

}  // namespace caviar
