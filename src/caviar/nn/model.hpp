// A network: layers compiled once into steps over one flat span of weights.
//
// The span holds the weights of all layers first, then all biases, so that one pass of the
// optimiser with decay and one without cover everything; running numbers that no optimiser touches
// lie in a span of their own, the state. A Model copies by default (its layers are shared); a
// Workspace holds the activations of one batch, so threads that share a model have one each.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/nn/aligned.hpp"
#include "caviar/nn/chain.hpp"
#include "caviar/nn/layer.hpp"
#include "caviar/nn/matrix.hpp"
#include "caviar/nn/stepper.hpp"

namespace caviar {

// One line of the network as a table.
struct LayerLine {
  std::string layer;
  std::size_t inputs = 0, outputs = 0, parameters = 0;
};

template <class T>
class Model {
 public:
  Model() = default;
  // All weights 0 until initialize. At least one layer.
  Model(std::size_t inputs, const std::vector<LayerPtr<T>>& layers,
        const Kernels<T>& table = caviar::kernels<T>());

  std::size_t inputs() const { return steps_.front().inputs; }
  std::size_t outputs() const { return steps_.back().plan.outputs; }
  std::span<const Step<T>> steps() const { return steps_; }
  const Kernels<T>& kernels() const { return *kernels_; }

  std::span<T> weights() { return weights_; }
  std::span<const T> weights() const { return weights_; }
  std::size_t decayed() const { return decayed_; }  // the first so many weights are no biases
  std::span<T> state() { return state_; }
  std::span<const T> state() const { return state_; }
  std::size_t largest_step() const;  // numbers that the gradient of a layer takes while stepped
  // Every array by name: "0.dense.weight". What a model file stores.
  std::vector<Tensor> tensors() const;

  void initialize(Rng& rng);                    // all steps
  void initialize(std::size_t step, Rng& rng);  // one step only, for a new output layer
  // Multiplies the learning rate of one step; 0 freezes it: weights, and running averages as well.
  void set_rate(std::size_t step, double factor);
  double rate(std::size_t step) const { return rates_[step]; }
  bool trains(std::size_t step) const {  // it has weights, and they are not frozen
    return rates_[step] != 0 && steps_[step].sizes.weights + steps_[step].sizes.biases > 0;
  }
  // The trained parts of weights(), neighbours that are treated alike in one.
  std::span<const Segment> segments() const { return segments_; }

  std::vector<LayerLine> table() const;

 private:
  void find_segments();

  std::vector<Step<T>> steps_;
  AlignedVector<T> weights_, state_;
  std::size_t decayed_ = 0;
  std::vector<double> rates_;
  std::vector<Segment> segments_;
  const Kernels<T>* kernels_ = nullptr;
};

// The memory of forward and backward passes of at most `max_rows` rows through one model.
template <class T>
class Workspace {
 public:
  Workspace(const Model<T>& model, std::size_t max_rows);

  std::size_t max_rows() const { return max_rows_; }
  // The outputs for x (1 … max_rows rows) at test time, valid until the next call.
  ConstMatrix<T> predict(const Model<T>& model, ConstMatrix<T> x);
  // The same in training: dropout draws from rng, the model's running averages move.
  ConstMatrix<T> forward(Model<T>& model, const Knobs& knobs, Rng& rng, ConstMatrix<T> x);
  // Where the derivative by the outputs of the last pass has to be written before backward.
  Matrix<T> delta();
  // Writes the gradient of all weights that are not frozen, laid out as Model::weights. After
  // forward, with the same model, knobs and x.
  void backward(const Model<T>& model, const Knobs& knobs, ConstMatrix<T> x,
                std::span<T> gradients);
  // backward, then a step of the optimiser, to the same bits, layer by layer: `gradients` is free
  // memory of at least model.largest_step() numbers.
  void backward_and_step(Model<T>& model, const Knobs& knobs, ConstMatrix<T> x,
                         std::span<T> gradients, Stepper<T>& stepper);

 private:
  // `lend` adds to each layer's slot what its backward may write, `done` follows that.
  template <class Lend, class Done>
  void descend(const Model<T>& model, const Knobs& knobs, ConstMatrix<T> x, const Lend& lend,
               const Done& done);
  ConstMatrix<T> run(const Model<T>& model, Pass<T> pass, Slot<T> whole, ConstMatrix<T> x);

  std::size_t max_rows_ = 0;
  std::size_t rows_ = 0;                             // of the last pass
  bool trained_ = false;                             // whether that one was in training
  std::vector<AlignedVector<T>> outputs_, scratch_;  // a step each
  AlignedVector<T> delta_, other_delta_;             // the two ends of one backward step
  std::size_t last_outputs_ = 0;
};

}  // namespace caviar
