// What a model-based sampler learns from: the finished trials as numbers that a model can digest.
#pragma once

#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

struct Observations {
  std::size_t axes = 0;
  std::vector<double> points;   // unit vectors, row after row; NaN where inactive
  std::vector<double> values;   // one a row; smaller is better; about standard normal
  std::vector<double> pending;  // unit vectors of running trials

  std::size_t rows() const { return values.size(); }
};

// From the trials numbered below `end`. A pruned trial counts with its last report. A trial that
// failed, or whose value is no number, counts as somewhat worse than the worst. Beyond `most` rows,
// the better half of them are the best trials and the rest is spread evenly over the others.
Observations observe(const History& history, std::size_t end, std::size_t most);

// Losses on a scale where their distribution is nearly normal and no outlier dominates: a shifted
// logarithm, as strong as makes them most likely to be normal (Box and Cox 1964, for λ = 0 and a
// shift), standardised, its far upper tail drawn in. Keeps their order.
std::vector<double> levelled(std::vector<double> losses);

}  // namespace caviar
