#include "caviar/nn/batches.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace caviar {

std::size_t iterations_per_epoch(std::size_t samples, std::size_t batch_size) {
  return (samples + batch_size - 1) / batch_size;
}

template <class T>
Batches<T>::Batches(const Samples<T>& samples, std::size_t batch_size)
    : all_(samples), batch_size_(std::min(batch_size, samples.size())), order_(samples.size()) {
  assert(batch_size > 0 && samples.size() > 0);
  std::iota(order_.begin(), order_.end(), 0U);
  x_.resize(batch_size_ * all_.x.columns);
  targets_.resize(batch_size_ * all_.targets.columns);
  labels_.resize(all_.labels.empty() ? 0 : batch_size_);
  weights_.resize(all_.weights.empty() ? 0 : batch_size_);
}

template <class T>
void Batches<T>::shuffle(Rng& rng) {
  rng.shuffle(std::span(order_));
}

template <class T>
void Batches<T>::set_order(std::span<const std::uint32_t> order) {
  assert(order.size() == order_.size());
  std::copy(order.begin(), order.end(), order_.begin());
}

template <class T>
Samples<T> Batches<T>::gather(std::size_t index) {
  const std::size_t first = index * batch_size_;
  const std::size_t rows = std::min(batch_size_, all_.size() - first);
  const std::size_t features = all_.x.columns;
  const std::size_t outputs = all_.targets.columns;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t from = order_[first + i];
    std::copy_n(all_.x.data + from * features, features, x_.data() + i * features);
    if (!labels_.empty()) labels_[i] = all_.labels[from];
    if (!weights_.empty()) weights_[i] = all_.weights[from];
    std::copy_n(all_.targets.data + from * outputs, outputs, targets_.data() + i * outputs);
  }
  return {{x_.data(), rows, features},
          {labels_.data(), labels_.empty() ? 0 : rows},
          {outputs == 0 ? nullptr : targets_.data(), rows, outputs},
          {weights_.data(), weights_.empty() ? 0 : rows}};
}

template class Batches<float>;
template class Batches<double>;

}  // namespace caviar
