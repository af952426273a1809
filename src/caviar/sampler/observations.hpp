// What a model-based sampler learns from: the finished trials as numbers that a model can digest.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

struct Observations {
  std::size_t axes = 0;
  std::vector<double> points = {};   // unit vectors, row after row; NaN where inactive
  std::vector<double> losses = {};   // as told; NaN: failed
  std::vector<double> values = {};   // one a row; smaller is better; about standard normal
  std::vector<double> pending = {};  // unit vectors of running trials
  std::size_t bounds = 0;            // on outcomes
  std::vector<double> margins =
      {};  // how far within each of them, row after row; NaN: not measured

  std::size_t rows() const { return values.size(); }
  std::span<const double> unit(std::size_t row) const {
    return std::span(points).subspan(row * axes, axes);
  }
  std::span<const double> margins_of(std::size_t row) const {
    return std::span(margins).subspan(row * bounds, bounds);
  }
  bool within(std::size_t row) const;  // all bounds
  // These rows alone, with the same values.
  Observations only(std::span<const std::size_t> rows) const;
};

// From the trials numbered below `end`. A pruned trial counts with what it would have come to. A
// trial that failed, whose value is no number or that did not measure what has a bound counts as
// somewhat worse than the worst. Beyond `most` rows, the better half of them are the best trials
// and the rest is spread evenly over the others.
Observations observe(const History& history, std::size_t end, std::size_t most);

// The same without the trials that failed, as long as at least two others are left.
Observations without_failures(const Observations& seen);

// Losses on another scale, standardised, in their order.
struct Levelling {
  std::vector<double> values;
  double log_slope = 0;  // Σ log dvalue/dloss, up to a constant that depends on the losses alone
};
// Two such scales, NaN standing for a failure, which becomes somewhat worse than the worst. First a
// shifted logarithm, as strong as makes the losses most likely to be normal (Box and Cox 1964, for
// λ = 0 and a shift), its far upper tail drawn in, so that no outlier dominates; then the losses as
// they are.
std::vector<Levelling> levellings(const std::vector<double>& losses);
std::vector<double> levelled(const std::vector<double>& losses);  // the first one's values

}  // namespace caviar
