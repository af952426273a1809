#include "caviar/nn/layers/dense.hpp"

namespace caviar {
namespace {

template <class T>
class DenseLayer final : public Layer<T> {
 public:
  DenseLayer(std::size_t units, Activation activation, Initializer initializer, bool bias)
      : units_(units), activation_(activation), initializer_(initializer), bias_(bias) {}

  std::string name() const override { return "dense"; }

  std::string describe() const override {
    if (activation_ == Activation::linear) return bias_ ? "dense" : "dense, no bias";
    return "dense, " + name_of(activation_) + (bias_ ? "" : ", no bias");
  }

  Plan plan(std::size_t inputs) const override {
    Plan plan{.outputs = units_};
    plan.tensors.push_back({"weight", TensorKind::weight, {inputs, units_}});
    if (bias_) plan.tensors.push_back({"bias", TensorKind::bias, {units_}});
    if (needs_sum(activation_)) plan.scratch_per_row = units_;
    return plan;
  }

  void initialize(std::size_t inputs, std::span<T> weights, std::span<T> /*biases*/,
                  std::span<T> /*state*/, Rng& rng) const override {
    caviar::initialize(initializer_, inputs, units_, weights, rng);
  }

  void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    const ConstMatrix<T> w{slot.weights.data(), x.columns, units_};
    const T* bias = bias_ ? slot.biases.data() : nullptr;
    if (!needs_sum(activation_)) {
      pass.kernels.dense(x, w, bias, activation_, y);
      return;
    }
    const Matrix<T> z{slot.scratch.data(), y.rows, units_};
    pass.kernels.dense(x, w, bias, Activation::linear, z);
    pass.kernels.activate(activation_, z.data, y.data, y.size());
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x, ConstMatrix<T> y,
                Matrix<T> dy, Matrix<T> dx) const override {
    const T* kept = needs_sum(activation_) ? slot.scratch.data() : y.data;
    pass.kernels.activation_gradient(activation_, kept, dy.data, dy.size());
    // First, for it wants the weights as they were.
    if (dx.data != nullptr) {
      pass.kernels.input_gradient(dy, {slot.weights.data(), x.columns, units_}, dx);
    }
    if (pass.frozen) return;
    T* const dw = slot.weight_gradients.data();
    T* const db = bias_ ? slot.bias_gradients.data() : nullptr;
    if (const WeightStep<T>* step = slot.step; step != nullptr) {
      pass.kernels.weight_step(x, dy, step->update, dw, db, {step->weights, x.columns, units_},
                               step->slots);
    } else {
      pass.kernels.weight_gradient(x, dy, {dw, x.columns, units_}, db);
    }
  }

  std::size_t memory_of_step(std::size_t inputs) const override {
    return step_memory(inputs, units_);
  }

 private:
  std::size_t units_;
  Activation activation_;
  Initializer initializer_;
  bool bias_;
};

}  // namespace

template <class T>
LayerPtr<T> dense(std::size_t units, Activation activation, Initializer initializer, bool bias) {
  return std::make_shared<DenseLayer<T>>(units, activation, initializer, bias);
}

template LayerPtr<float> dense(std::size_t, Activation, Initializer, bool);
template LayerPtr<double> dense(std::size_t, Activation, Initializer, bool);

}  // namespace caviar
