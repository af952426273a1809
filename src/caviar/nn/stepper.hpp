// An optimiser at work: its memory, its step count, one pass over the span of weights.
#pragma once

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

  // All that it remembers, to be stored and given back.
  const StepCount& steps() const { return steps_; }
  std::span<const T> slots() const { return slots_; }
  void restore(const StepCount& steps, std::span<const T> slots);

 private:
  Optimizer optimizer_;
  std::size_t size_;
  StepCount steps_;
  std::vector<T> slots_;
};

}  // namespace caviar
