#include "caviar/nn/stepper.hpp"

#include <algorithm>
#include <cassert>

namespace caviar {

template <class T>
Stepper<T>::Stepper(Optimizer optimizer, std::size_t weights)
    : optimizer_(optimizer),
      size_(weights),
      slots_(static_cast<std::size_t>(slot_count(optimizer)) * weights) {}

template <class T>
void Stepper<T>::step(const Kernels<T>& kernels, const Knobs& knobs,
                      std::span<const Segment> segments, std::span<const T> gradients,
                      std::span<T> weights) {
  assert(weights.size() == size_ && gradients.size() == size_);
  steps_.advance(knobs);
  const auto slots_at = [&](std::size_t from) {
    T* data[3] = {};
    for (std::size_t i = 0; i * size_ < slots_.size(); ++i)
      data[i] = slots_.data() + i * size_ + from;
    return Slots<T>{data[0], data[1], data[2]};
  };
  for (const Segment& segment : segments) {
    assert(segment.from + segment.count <= size_);
    Knobs here = knobs;
    here.learning_rate *= segment.rate;
    kernels.update(update_for<T>(optimizer_, here, steps_, segment.kind),
                   weights.data() + segment.from, gradients.data() + segment.from,
                   slots_at(segment.from), segment.count);
  }
}

template <class T>
void Stepper<T>::restore(const StepCount& steps, std::span<const T> slots) {
  assert(slots.size() == slots_.size());
  steps_ = steps;
  std::copy(slots.begin(), slots.end(), slots_.begin());
}

template class Stepper<float>;
template class Stepper<double>;

}  // namespace caviar
