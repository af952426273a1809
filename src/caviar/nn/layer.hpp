// One step of a network: arithmetic on borrowed memory. A layer is immutable, owns no memory, says
// beforehand how much it needs, and may be shared by many models and threads.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/nn/kernels.hpp"
#include "caviar/nn/matrix.hpp"
#include "caviar/nn/optimizer.hpp"
#include "caviar/nn/tensor.hpp"

namespace caviar {

// What a layer needs for a given number of inputs.
struct Plan {
  std::size_t outputs = 0;
  std::vector<Tensor> tensors = {};  // those of one kind lie in this order; `at` is unused
  std::size_t scratch = 0;           // kept from forward to backward: so many numbers,
  std::size_t scratch_per_row = 0;   // and so many for each row of the batch

  Sizes sizes() const;
};

// The optimiser's step of some weights.
template <class T>
struct WeightStep {
  Update<T> update;
  Slots<T> slots;
  T* weights = nullptr;
};

// The memory that is lent for one call.
template <class T>
struct Slot {
  std::span<const T> weights, biases, state;
  std::span<T> weight_gradients, bias_gradients;  // backward only
  std::span<T> running;  // forward in training only: the memory of `state`, to be brought forward
  std::span<T> scratch;
  const WeightStep<T>* step = nullptr;  // backward of layers that step their weights, or null
};

enum class Mode {
  test,      // nothing random, running averages are used
  training,  // dropout draws, normalisation uses the batch and moves its running averages
};

// What holds for the whole pass. Backward gets that of its forward.
template <class T>
struct Pass {
  const Kernels<T>& kernels;
  const Knobs& knobs;
  Mode mode = Mode::test;
  Rng* rng = nullptr;   // there for forward in training
  bool frozen = false;  // the layer's numbers are held: its running averages as well
};

template <class T>
class Layer {
 public:
  virtual ~Layer() = default;

  virtual std::string name() const = 0;      // "dense": one word, part of its tensors' names
  virtual std::string describe() const = 0;  // "dense, relu": for people
  virtual Plan plan(std::size_t inputs) const = 0;
  // Whether an input column holds codes, which no noise may change and no mixing may average.
  virtual bool reads_codes(std::size_t /*column*/) const { return false; }
  // The numbers before training. The spans hold zeros.
  virtual void initialize(std::size_t /*inputs*/, std::span<T> /*weights*/, std::span<T> /*biases*/,
                          std::span<T> /*state*/, Rng& /*rng*/) const {}
  // Writes y. x: rows × inputs, y: rows × outputs
  virtual void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
                       Matrix<T> y) const = 0;
  // How many numbers backward needs in weight_gradients where it makes the step that is lent with
  // the slot, and then leaves nothing of worth in; 0: it makes none, and wants memory for all.
  virtual std::size_t memory_of_step(std::size_t /*inputs*/) const { return 0; }
  // Given dy, the loss by y: writes the gradients and dx, the loss by x (dx.data null: not wanted).
  // x and y are those of forward; dy may be overwritten.
  virtual void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
                        ConstMatrix<T> y, Matrix<T> dy, Matrix<T> dx) const = 0;
};

template <class T>
using LayerPtr = std::shared_ptr<const Layer<T>>;

}  // namespace caviar
