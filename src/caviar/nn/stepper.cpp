#include "caviar/nn/stepper.hpp"

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
  ++count_;
  for (const Segment& segment : segments) {
    assert(segment.from + segment.count <= size_);
    Knobs here = knobs;
    here.learning_rate *= segment.rate;
    T* slot1 = slots_.empty() ? nullptr : slots_.data() + segment.from;
    T* slot2 = slots_.size() <= size_ ? nullptr : slots_.data() + size_ + segment.from;
    kernels.update(update_for<T>(optimizer_, here, count_, segment.kind),
                   weights.data() + segment.from, gradients.data() + segment.from, slot1, slot2,
                   segment.count);
  }
}

template class Stepper<float>;
template class Stepper<double>;

}  // namespace caviar
