// A network: layers compiled once into steps over one flat span of weights.
//
// The span holds the weights of all layers first, then all biases, so that one pass of the
// optimiser with decay and one without cover everything. A Model copies by default (its layers are
// shared); a Workspace holds the activations of one batch, so threads that share a model have one
// each.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/nn/layer.hpp"
#include "caviar/nn/matrix.hpp"

namespace caviar {

// One line of the network as a table.
struct LayerLine {
  std::string layer;
  std::size_t inputs = 0, outputs = 0, parameters = 0;
};

template <class T>
class Model {
 public:
  struct Step {
    LayerPtr<T> layer;
    std::size_t inputs = 0;
    Plan plan;
    std::size_t weights_at = 0, biases_at = 0;  // in the flat span
  };

  Model() = default;
  // All weights 0 until initialize. At least one layer.
  Model(std::size_t inputs, const std::vector<LayerPtr<T>>& layers,
        const Kernels<T>& table = caviar::kernels<T>());

  std::size_t inputs() const { return steps_.front().inputs; }
  std::size_t outputs() const { return steps_.back().plan.outputs; }
  std::span<const Step> steps() const { return steps_; }
  const Kernels<T>& kernels() const { return *kernels_; }

  std::span<T> weights() { return weights_; }
  std::span<const T> weights() const { return weights_; }
  std::size_t decayed() const { return decayed_; }  // the first so many weights are no biases

  void initialize(Rng& rng);
  std::vector<LayerLine> table() const;

 private:
  std::vector<Step> steps_;
  std::vector<T> weights_;
  std::size_t decayed_ = 0;
  const Kernels<T>* kernels_ = nullptr;
};

// The memory of forward and backward passes of at most `max_rows` rows through one model.
template <class T>
class Workspace {
 public:
  Workspace(const Model<T>& model, std::size_t max_rows);

  std::size_t max_rows() const { return max_rows_; }
  // The outputs for x (1 … max_rows rows), valid until the next call. rng null: not training.
  ConstMatrix<T> forward(const Model<T>& model, const Knobs& knobs, Rng* rng, ConstMatrix<T> x);
  // Where the derivative by the outputs of the last forward has to be written before backward.
  Matrix<T> delta();
  // Writes the gradient of all weights, laid out as Model::weights. After forward with the same x.
  void backward(const Model<T>& model, const Knobs& knobs, Rng* rng, ConstMatrix<T> x,
                std::span<T> gradients);

 private:
  Slot<T> slot(const Model<T>& model, std::size_t step, std::span<T> gradients);

  std::size_t max_rows_ = 0;
  std::size_t rows_ = 0;                           // of the last forward
  std::vector<std::vector<T>> outputs_, scratch_;  // a step each
  std::vector<T> delta_, other_delta_;             // the two ends of one backward step
  std::size_t last_outputs_ = 0;
};

}  // namespace caviar
