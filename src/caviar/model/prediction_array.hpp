// Predictions as one NumPy array, which says in front how many rows there are: so all of them are
// kept until the last.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "caviar/data/target.hpp"

namespace caviar {

// classification  float32, rows × classes: the probabilities; without these texts, rows: the
// classes multi_label     float32, rows × labels: the probabilities; without these bool: which are
// yes regression      float64, rows × targets, of a single one rows
class PredictionArray {
 public:
  // The target must outlive it.
  PredictionArray(const TargetCode& target, bool probabilities)
      : target_(target), probabilities_(probabilities) {}

  // What a row's outputs come to: probabilities, or numbers in the targets' units.
  void add(std::span<const double> values);
  // The file.
  std::string bytes() const;

 private:
  const TargetCode& target_;
  bool probabilities_;
  std::size_t rows_ = 0;
  std::string cells_;
  std::vector<std::int32_t> classes_;
};

}  // namespace caviar
