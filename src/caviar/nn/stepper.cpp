#include "caviar/nn/stepper.hpp"

#include <cassert>

namespace caviar {

template <class T>
Stepper<T>::Stepper(Optimizer optimizer, std::size_t weights)
    : optimizer_(optimizer),
      size_(weights),
      slots_(static_cast<std::size_t>(slot_count(optimizer)) * weights) {}

template <class T>
void Stepper<T>::step(const Kernels<T>& kernels, const Knobs& knobs, std::size_t decayed,
                      std::span<const T> gradients, std::span<T> weights) {
  assert(weights.size() == size_ && gradients.size() == size_ && decayed <= size_);
  ++count_;
  pass(kernels, update_for<T>(optimizer_, knobs, count_, true), gradients.first(decayed),
       weights.first(decayed), 0);
  pass(kernels, update_for<T>(optimizer_, knobs, count_, false), gradients.subspan(decayed),
       weights.subspan(decayed), decayed);
}

template <class T>
void Stepper<T>::pass(const Kernels<T>& kernels, const Update<T>& update,
                      std::span<const T> gradients, std::span<T> weights, std::size_t from) {
  T* slot1 = slots_.empty() ? nullptr : slots_.data() + from;
  T* slot2 = slots_.size() <= size_ ? nullptr : slots_.data() + size_ + from;
  kernels.update(update, weights.data(), gradients.data(), slot1, slot2, weights.size());
}

template class Stepper<float>;
template class Stepper<double>;

}  // namespace caviar
