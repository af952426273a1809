// Rows of inputs with what is known about them, in somebody else's memory; a batch is one too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "caviar/nn/matrix.hpp"

namespace caviar {

template <class T>
struct Samples {
  ConstMatrix<T> x;                           // samples × features
  std::span<const std::int32_t> labels = {};  // classification: 0 … classes − 1
  // Regression: samples × outputs. Yes/no labels: samples × outputs, 0 to 1. Classification
  // without labels: samples × classes, shares that sum to 1.
  ConstMatrix<T> targets = {};
  std::span<const T> weights = {};  // ≥ 0, one for each sample; empty: all alike

  std::size_t size() const { return x.rows; }
  Samples slice(std::size_t first, std::size_t count) const {
    return {x.slice(first, count), labels.empty() ? labels : labels.subspan(first, count),
            targets.data == nullptr ? targets : targets.slice(first, count),
            weights.empty() ? weights : weights.subspan(first, count)};
  }
};

}  // namespace caviar
