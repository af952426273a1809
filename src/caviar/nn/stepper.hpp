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

  // One step against the gradients of all segments, each at its own share of the learning rate;
  // what lies in none stays as it is. The spans have the size named at the start.
  void step(const Kernels<T>& kernels, const Knobs& knobs, std::span<const Segment> segments,
            std::span<const T> gradients, std::span<T> weights);

 private:
  Optimizer optimizer_;
  std::size_t size_;
  std::int64_t count_ = 0;
  std::vector<T> slots_;
};

}  // namespace caviar
