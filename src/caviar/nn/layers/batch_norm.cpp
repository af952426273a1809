#include "caviar/nn/layers/batch_norm.hpp"

#include <algorithm>
#include <cmath>

namespace caviar {
namespace {

template <class T>
class BatchNormLayer final : public Layer<T> {
 public:
  BatchNormLayer(double momentum, double epsilon) : momentum_(momentum), epsilon_(epsilon) {}

  std::string name() const override { return "batch_norm"; }
  std::string describe() const override { return "batch norm"; }

  Plan plan(std::size_t inputs) const override {
    return {.outputs = inputs,
            .tensors = {{"scale", TensorKind::bias, {inputs}},
                        {"shift", TensorKind::bias, {inputs}},
                        {"mean", TensorKind::state, {inputs}},
                        {"variance", TensorKind::state, {inputs}}},
            .scratch = 2 * inputs};  // μ and 1 / √(σ² + ε)
  }

  void initialize(std::size_t inputs, std::span<T> /*weights*/, std::span<T> biases,
                  std::span<T> state, Rng& /*rng*/) const override {
    std::fill_n(biases.begin(), inputs, T(1));
    std::fill_n(state.begin() + static_cast<std::ptrdiff_t>(inputs), inputs, T(1));
  }

  void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    const std::size_t n = x.columns;
    T* mean = slot.scratch.data();
    T* inverse = mean + n;
    if (uses_batch(pass)) {
      pass.kernels.column_moments(x, mean, inverse);
      if (!slot.running.empty()) move_running(x.rows, mean, inverse, slot.running);
    } else {
      std::copy_n(slot.state.data(), n, mean);
      std::copy_n(slot.state.data() + n, n, inverse);
    }
    const auto epsilon = static_cast<T>(epsilon_);
    for (std::size_t j = 0; j < n; ++j) inverse[j] = 1 / std::sqrt(inverse[j] + epsilon);
    pass.kernels.normalize(x, mean, inverse, slot.biases.data(), y);
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x, ConstMatrix<T> /*y*/,
                Matrix<T> dy, Matrix<T> dx) const override {
    const std::size_t n = x.columns;
    const T* mean = slot.scratch.data();
    // The gradients lie as scale and shift do. A frozen layer is one multiplication and has none.
    T* gradients = uses_batch(pass) ? slot.bias_gradients.data() : nullptr;
    pass.kernels.normalize_gradient(x, mean, mean + n, slot.biases.data(), dy, gradients, dx);
  }

 private:
  static bool uses_batch(const Pass<T>& pass) {
    return pass.mode == Mode::training && !pass.frozen;
  }

  void move_running(std::size_t rows, const T* mean, const T* variance,
                    std::span<T> running) const {
    if (rows < 2) return;
    const std::size_t n = running.size() / 2;
    const auto kept = static_cast<T>(momentum_), fresh = static_cast<T>(1 - momentum_);
    const auto unbiased = static_cast<T>(static_cast<double>(rows) / static_cast<double>(rows - 1));
    for (std::size_t j = 0; j < n; ++j) {
      running[j] = kept * running[j] + fresh * mean[j];
      running[n + j] = kept * running[n + j] + fresh * unbiased * variance[j];
    }
  }

  double momentum_, epsilon_;
};

}  // namespace

template <class T>
LayerPtr<T> batch_norm(double momentum, double epsilon) {
  return std::make_shared<BatchNormLayer<T>>(momentum, epsilon);
}

template LayerPtr<float> batch_norm(double, double);
template LayerPtr<double> batch_norm(double, double);

}  // namespace caviar
