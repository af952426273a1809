#include "caviar/nn/layers/dense.hpp"

#include <algorithm>

namespace caviar {
namespace {

template <class T>
class Dense final : public Layer<T> {
 public:
  Dense(std::size_t units, Activation activation, Initializer initializer)
      : units_(units), activation_(activation), initializer_(initializer) {}

  std::string describe() const override { return "dense, " + name_of(activation_); }

  Plan plan(std::size_t inputs) const override {
    return {.outputs = units_, .weights = inputs * units_, .biases = units_};
  }

  void initialize(std::size_t inputs, std::span<T> weights, std::span<T> biases,
                  Rng& rng) const override {
    caviar::initialize(initializer_, inputs, units_, weights, rng);
    std::fill(biases.begin(), biases.end(), T(0));
  }

  void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    pass.kernels.dense(x, {slot.weights.data(), x.columns, units_}, slot.biases.data(), activation_,
                       y);
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x, ConstMatrix<T> y,
                Matrix<T> dy, Matrix<T> dx) const override {
    pass.kernels.activation_gradient(activation_, y.data, dy.data, dy.size());
    pass.kernels.weight_gradient(x, dy, {slot.weight_gradients.data(), x.columns, units_},
                                 slot.bias_gradients.data());
    if (dx.data == nullptr) return;
    pass.kernels.input_gradient(dy, {slot.weights.data(), x.columns, units_}, dx);
  }

 private:
  std::size_t units_;
  Activation activation_;
  Initializer initializer_;
};

}  // namespace

template <class T>
LayerPtr<T> dense(std::size_t units, Activation activation, Initializer initializer) {
  return std::make_shared<Dense<T>>(units, activation, initializer);
}

template LayerPtr<float> dense(std::size_t, Activation, Initializer);
template LayerPtr<double> dense(std::size_t, Activation, Initializer);

}  // namespace caviar
