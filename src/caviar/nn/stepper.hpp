// An optimiser at work: its memory, its step count, one pass over the span of weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "caviar/nn/kernels.hpp"
#include "caviar/nn/optimizer.hpp"

namespace caviar {

template <class T>
class Stepper {
 public:
  Stepper(Optimizer optimizer, std::size_t weights);

  // One step against the gradients; the first `decayed` weights are pulled towards 0 where the
  // knobs say so, the rest (biases) are not. The spans have the size named at the start.
  void step(const Kernels<T>& kernels, const Knobs& knobs, std::size_t decayed,
            std::span<const T> gradients, std::span<T> weights);

 private:
  void pass(const Kernels<T>& kernels, const Update<T>& update, std::span<const T> gradients,
            std::span<T> weights, std::size_t from);

  Optimizer optimizer_;
  std::size_t size_;
  std::int64_t count_ = 0;
  std::vector<T> slots_;
};

}  // namespace caviar
