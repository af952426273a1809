// All arithmetic of a network, as one table of functions for each instruction set: the one seam
// where faster arithmetic may enter. The best table for this processor is chosen when the program
// runs.
//
// Every table gives the same results up to rounding; one table gives the same bits every time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "caviar/nn/activation.hpp"
#include "caviar/nn/matrix.hpp"
#include "caviar/nn/optimizer.hpp"

namespace caviar {

// An optimiser's memory of the same weights.
template <class T>
struct Slots {
  T *first = nullptr, *second = nullptr, *third = nullptr;

  // Those of the weights from number `count` on.
  Slots from(std::size_t count) const {
    const auto behind = [&](T* slot) { return slot == nullptr ? nullptr : slot + count; };
    return {behind(first), behind(second), behind(third)};
  }
};

template <class T>
struct Kernels {
  std::string_view name;  // "avx512", "avx2", "portable"

  // y = activation(x · w + bias).  x: rows × in, w: in × out, bias: out or null, y: rows × out
  void (*dense)(ConstMatrix<T> x, ConstMatrix<T> w, const T* bias, Activation activation,
                Matrix<T> y);
  // dw = xᵀ · dz, db = the column sums of dz.  dw: in × out, db: out, null: not wanted
  void (*weight_gradient)(ConstMatrix<T> x, ConstMatrix<T> dz, Matrix<T> dw, T* db);
  // dx = dz · wᵀ
  void (*input_gradient)(ConstMatrix<T> dz, ConstMatrix<T> w, Matrix<T> dx);
  // y = f(z); y may be z
  void (*activate)(Activation activation, const T* z, T* y, std::size_t count);
  // dy *= f′, so that dy becomes dz; kept is y, or z where needs_sum(activation)
  void (*activation_gradient)(Activation activation, const T* kept, T* dy, std::size_t count);
  // Mean and variance (divided by the rows) of every column.
  void (*column_moments)(ConstMatrix<T> x, T* mean, T* variance);
  // y = (x − mean) · inverse · scale + shift, by column; scale_shift: all scales, then all shifts
  void (*normalize)(ConstMatrix<T> x, const T* mean, const T* inverse, const T* scale_shift,
                    Matrix<T> y);
  // Backward through that and, where gradients (laid out as scale_shift) are wanted, through the
  // mean and variance of x; gradients null: those were constants. dx.data null: not wanted.
  void (*normalize_gradient)(ConstMatrix<T> x, const T* mean, const T* inverse, const T* scale,
                             ConstMatrix<T> dy, T* gradients, Matrix<T> dx);
  // Returns Σ over the rows of −log softmax(logits)[label], by log-sum-exp, nothing clipped;
  // delta = (softmax − onehot) · scale.  delta: as logits
  double (*cross_entropy)(ConstMatrix<T> logits, const std::int32_t* labels, T scale,
                          Matrix<T> delta);
  // probabilities = softmax(logits); −log of the one at j is log_sum − (logits[j] − largest). The
  // two have a number for each row.
  void (*softmax)(ConstMatrix<T> logits, Matrix<T> probabilities, T* largest, T* log_sum);
  // One optimiser pass over `count` weights; slots that the optimiser does not need may be null.
  void (*update)(const Update<T>& update, T* w, const T* g, const Slots<T>& slots,
                 std::size_t count);
  // weight_gradient, then update of w by it, to the same bits, some rows at a time.  w: in × out;
  // free: memory for step_memory(in, out) numbers
  void (*weight_step)(ConstMatrix<T> x, ConstMatrix<T> dz, const Update<T>& update, T* free, T* db,
                      Matrix<T> w, const Slots<T>& slots);
};

// Rows of a gradient that weight_step holds at once: what stays in the second cache, and enough
// for its products to run as fast as if they were one.
constexpr std::size_t step_rows(std::size_t in, std::size_t out) {
  return std::min(in, std::max<std::size_t>(64, (std::size_t{1} << 16U) / out));
}
constexpr std::size_t step_memory(std::size_t in, std::size_t out) {
  return step_rows(in, out) * out;
}

// The fastest table that this processor runs, or the one that the environment names in
// CAVIAR_KERNELS: two processors give the same bits only with the same table. Throws what
// kernels_named throws.
template <class T>
const Kernels<T>& kernels();

// Throws Error{input} where this processor runs none of that name.
template <class T>
const Kernels<T>& kernels_named(std::string_view name);

// All that this processor runs, the fastest first; "portable" is always the last.
template <class T>
std::span<const Kernels<T>* const> available_kernels();

}  // namespace caviar
