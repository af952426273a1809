#include "caviar/nn/layers/activation_layer.hpp"

#include <algorithm>

namespace caviar {
namespace {

template <class T>
class ElementwiseLayer final : public Layer<T> {
 public:
  explicit ElementwiseLayer(Activation activation) : activation_(activation) {}

  std::string name() const override { return "activation"; }
  std::string describe() const override { return name_of(activation_); }
  Plan plan(std::size_t inputs) const override { return {.outputs = inputs}; }

  void forward(const Pass<T>& pass, const Slot<T>& /*slot*/, ConstMatrix<T> x,
               Matrix<T> y) const override {
    pass.kernels.activate(activation_, x.data, y.data, x.size());
  }

  void backward(const Pass<T>& pass, const Slot<T>& /*slot*/, ConstMatrix<T> x, ConstMatrix<T> y,
                Matrix<T> dy, Matrix<T> dx) const override {
    if (dx.data == nullptr) return;
    std::copy_n(dy.data, dy.size(), dx.data);
    pass.kernels.activation_gradient(activation_, needs_sum(activation_) ? x.data : y.data, dx.data,
                                     dx.size());
  }

 private:
  Activation activation_;
};

}  // namespace

template <class T>
LayerPtr<T> activation_layer(Activation activation) {
  return std::make_shared<ElementwiseLayer<T>>(activation);
}

template LayerPtr<float> activation_layer(Activation);
template LayerPtr<double> activation_layer(Activation);

}  // namespace caviar
