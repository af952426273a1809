#include "caviar/nn/stepper.hpp"

#include <algorithm>
#include <cassert>

namespace caviar {

template <class T>
Stepper<T>::Stepper(Optimizer optimizer, std::size_t weights)
    : optimizer_(optimizer), size_(weights) {
  for (int i = 0; i < slot_count(optimizer); ++i)
    slots_[static_cast<std::size_t>(i)].resize(weights);
}

template <class T>
void Stepper<T>::step(const Kernels<T>& kernels, const Knobs& knobs,
                      std::span<const Segment> segments, std::span<const T> gradients,
                      std::span<T> weights) {
  assert(weights.size() == size_ && gradients.size() == size_);
  steps_.advance(knobs);
  const auto slots_at = [&](std::size_t from) {
    const auto at = [from](AlignedVector<T>& slot) {
      return slot.empty() ? nullptr : slot.data() + from;
    };
    return Slots<T>{at(slots_[0]), at(slots_[1]), at(slots_[2])};
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
std::vector<T> Stepper<T>::slots() const {
  std::vector<T> all;
  for (const AlignedVector<T>& slot : slots_) all.insert(all.end(), slot.begin(), slot.end());
  return all;
}

template <class T>
void Stepper<T>::restore(const StepCount& steps, std::span<const T> slots) {
  steps_ = steps;
  for (AlignedVector<T>& slot : slots_) {
    assert(slots.size() >= slot.size());
    std::copy_n(slots.begin(), slot.size(), slot.begin());
    slots = slots.subspan(slot.size());
  }
}

template class Stepper<float>;
template class Stepper<double>;

}  // namespace caviar
