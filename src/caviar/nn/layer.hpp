// One step of a network: arithmetic on borrowed memory. A layer is immutable, owns no memory, says
// beforehand how much it needs, and may be shared by many models and threads.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "caviar/base/rng.hpp"
#include "caviar/nn/kernels.hpp"
#include "caviar/nn/matrix.hpp"
#include "caviar/nn/optimizer.hpp"

namespace caviar {

// What a layer needs for a given number of inputs.
struct Plan {
  std::size_t outputs = 0;
  std::size_t weights = 0;          // penalties and weight decay pull these towards 0
  std::size_t biases = 0;           // and leave these alone
  std::size_t scratch_per_row = 0;  // kept from forward to backward
};

// The memory that is lent for one call. Gradients are there for backward only.
template <class T>
struct Slot {
  std::span<const T> weights, biases;
  std::span<T> weight_gradients, bias_gradients;
  std::span<T> scratch;
};

// What holds for the whole pass.
template <class T>
struct Pass {
  const Kernels<T>& kernels;
  const Knobs& knobs;
  Rng* rng = nullptr;  // null: not training, nothing is random
};

template <class T>
class Layer {
 public:
  virtual ~Layer() = default;

  virtual std::string describe() const = 0;  // "dense, relu": for people
  virtual Plan plan(std::size_t inputs) const = 0;
  virtual void initialize(std::size_t /*inputs*/, std::span<T> /*weights*/, std::span<T> /*biases*/,
                          Rng& /*rng*/) const {}
  // Writes y. x: rows × inputs, y: rows × outputs
  virtual void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
                       Matrix<T> y) const = 0;
  // Given dy, the loss by y: writes the gradients and dx, the loss by x (dx.data null: not wanted).
  // x and y are those of forward; dy may be overwritten.
  virtual void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
                        ConstMatrix<T> y, Matrix<T> dy, Matrix<T> dx) const = 0;
};

template <class T>
using LayerPtr = std::shared_ptr<const Layer<T>>;

}  // namespace caviar
