// An optimiser at work: its memory, its step count, one pass over the span of weights.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "caviar/nn/aligned.hpp"
#include "caviar/nn/layer.hpp"
#include "caviar/nn/optimizer.hpp"

namespace caviar {

template <class T>
class Stepper {
 public:
  Stepper(Optimizer optimizer, std::size_t weights);

  // A step in parts: begun once, then the parts of all segments.
  void begin(const Knobs& knobs);
  WeightStep<T> part(const Knobs& knobs, const Segment& segment, std::span<T> weights);

  // One step against the gradients of all segments, each at its own share of the learning rate;
  // what lies in none stays as it is. The spans have the size named at the start.
  void step(const Kernels<T>& kernels, const Knobs& knobs, std::span<const Segment> segments,
            std::span<const T> gradients, std::span<T> weights);

  // All that it remembers, to be stored and given back.
  const StepCount& steps() const { return steps_; }
  std::vector<T> slots() const;  // one after the other
  void restore(const StepCount& steps, std::span<const T> slots);

 private:
  Optimizer optimizer_;
  std::size_t size_;
  StepCount steps_;
  // Of weights and biases, as they were last worked out in this step; most segments have one rate.
  struct Prepared {
    double rate = -1;
    Update<T> update;
  };
  std::array<Prepared, 2> prepared_;
  std::array<AlignedVector<T>, 3> slots_;  // each as long as the weights, or empty
};

}  // namespace caviar
