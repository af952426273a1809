#include "caviar/nn/clipping.hpp"

#include <algorithm>
#include <cmath>

namespace caviar {

template <class T>
double gradient_norm(std::span<const Segment> segments, std::span<const T> gradients) {
  // Several sums side by side: one alone would wait for every addition.
  constexpr std::size_t lanes = 8;
  double sums[lanes] = {};
  for (const Segment& segment : segments) {
    const T* g = gradients.data() + segment.from;
    const std::size_t whole = segment.count - segment.count % lanes;
    for (std::size_t i = 0; i < whole; i += lanes) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const auto value = static_cast<double>(g[i + lane]);
        sums[lane] += value * value;
      }
    }
    for (std::size_t i = whole; i < segment.count; ++i) {
      sums[i % lanes] += static_cast<double>(g[i]) * static_cast<double>(g[i]);
    }
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  return std::sqrt(sum);
}

template <class T>
void clip(std::span<const Segment> segments, const Knobs& knobs, std::span<T> gradients) {
  if (knobs.clip_value > 0) {
    const auto most = static_cast<T>(knobs.clip_value);
    for (const Segment& segment : segments) {
      for (T& g : gradients.subspan(segment.from, segment.count)) {
        g = g > most ? most : (g < -most ? -most : g);
      }
    }
  }
  if (knobs.clip_norm <= 0) return;
  const double norm = gradient_norm<T>(segments, gradients);
  if (norm <= knobs.clip_norm) return;
  const auto factor = static_cast<T>(knobs.clip_norm / norm);
  for (const Segment& segment : segments) {
    for (T& g : gradients.subspan(segment.from, segment.count)) g *= factor;
  }
}

template <class T>
MaxNorm<T>::MaxNorm(const Model<T>& model) {
  std::size_t widest = 0;
  for (const Tensor& tensor : model.tensors()) {
    const bool is_dense = tensor.name.ends_with("dense.weight");
    const bool trains =
        std::any_of(model.segments().begin(), model.segments().end(), [&](const Segment& segment) {
          return tensor.at >= segment.from && tensor.at < segment.from + segment.count;
        });
    if (!is_dense || !trains) continue;
    matrices_.push_back(tensor);
    widest = std::max(widest, tensor.shape[1]);
  }
  squares_.resize(widest);
}

template <class T>
void MaxNorm<T>::apply(double max_norm, std::span<T> weights) {
  for (const Tensor& tensor : matrices_) {
    const std::size_t rows = tensor.shape[0], units = tensor.shape[1];
    const Matrix<T> matrix{weights.data() + tensor.at, rows, units};
    std::fill(squares_.begin(), squares_.end(), 0.0);
    for (std::size_t r = 0; r < rows; ++r) {
      const T* row = matrix.row(r).data();
      for (std::size_t j = 0; j < units; ++j) {
        squares_[j] += static_cast<double>(row[j]) * static_cast<double>(row[j]);
      }
    }
    // From here on the factor of each unit.
    bool shortens = false;
    for (std::size_t j = 0; j < units; ++j) {
      const double length = std::sqrt(squares_[j]);
      squares_[j] = length > max_norm ? max_norm / length : 1;
      shortens = shortens || length > max_norm;
    }
    if (!shortens) continue;
    for (std::size_t r = 0; r < rows; ++r) {
      T* row = matrix.row(r).data();
      for (std::size_t j = 0; j < units; ++j) row[j] *= static_cast<T>(squares_[j]);
    }
  }
}

template double gradient_norm(std::span<const Segment>, std::span<const float>);
template double gradient_norm(std::span<const Segment>, std::span<const double>);
template void clip(std::span<const Segment>, const Knobs&, std::span<float>);
template void clip(std::span<const Segment>, const Knobs&, std::span<double>);
template class MaxNorm<float>;
template class MaxNorm<double>;

}  // namespace caviar
