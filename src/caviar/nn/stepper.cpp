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
  begin(knobs);
  for (const Segment& segment : segments) {
    const WeightStep<T> step = part(knobs, segment, weights);
    kernels.update(step.update, step.weights, gradients.data() + segment.from, step.slots,
                   segment.count);
  }
}

template <class T>
void Stepper<T>::begin(const Knobs& knobs) {
  steps_.advance(knobs);
  for (Prepared& prepared : prepared_) prepared.rate = -1;
}

template <class T>
WeightStep<T> Stepper<T>::part(const Knobs& knobs, const Segment& segment, std::span<T> weights) {
  assert(segment.from + segment.count <= size_);
  Prepared& prepared = prepared_[segment.kind == TensorKind::weight ? 0 : 1];
  if (prepared.rate != segment.rate) {
    Knobs here = knobs;
    here.learning_rate *= segment.rate;
    prepared = {segment.rate, update_for<T>(optimizer_, here, steps_, segment.kind)};
  }
  const auto at = [&](AlignedVector<T>& slot) {
    return slot.empty() ? nullptr : slot.data() + segment.from;
  };
  return {prepared.update,
          {at(slots_[0]), at(slots_[1]), at(slots_[2])},
          weights.data() + segment.from};
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
