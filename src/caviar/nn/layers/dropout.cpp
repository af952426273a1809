#include "caviar/nn/layers/dropout.hpp"

#include <algorithm>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

// Draws for every element of `factors` 0 with probability p, otherwise 1 / (1 − p).
template <class T>
void draw_mask(double p, Rng& rng, std::span<T> factors) {
  const auto kept = static_cast<T>(1 / (1 - p));
  const auto limit = static_cast<std::uint64_t>(p * 0x1.0p32);  // 32 random bits a unit
  for (std::size_t i = 0; i < factors.size(); i += 2) {
    const std::uint64_t word = rng.next();
    factors[i] = (word >> 32) < limit ? T(0) : kept;
    if (i + 1 < factors.size()) factors[i + 1] = (word & 0xffffffffU) < limit ? T(0) : kept;
  }
}

template <class T>
class DropoutLayer final : public Layer<T> {
 public:
  explicit DropoutLayer(std::optional<double> rate) : rate_(rate) {}

  std::string name() const override { return "dropout"; }

  std::string describe() const override {
    return rate_ ? "dropout, " + number_text(*rate_) : "dropout";
  }

  Plan plan(std::size_t inputs) const override {
    return {.outputs = inputs, .scratch_per_row = inputs};
  }

  void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    const double p = probability(pass);
    if (p == 0) {
      std::copy_n(x.data, x.size(), y.data);
      return;
    }
    const std::span<T> mask = slot.scratch.first(x.size());
    draw_mask(p, *pass.rng, mask);
    for (std::size_t i = 0; i < x.size(); ++i) y.data[i] = x.data[i] * mask[i];
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> /*x*/,
                ConstMatrix<T> /*y*/, Matrix<T> dy, Matrix<T> dx) const override {
    if (dx.data == nullptr) return;
    if (probability(pass) == 0) {
      std::copy_n(dy.data, dy.size(), dx.data);
      return;
    }
    for (std::size_t i = 0; i < dy.size(); ++i) dx.data[i] = dy.data[i] * slot.scratch[i];
  }

 private:
  double probability(const Pass<T>& pass) const {
    return pass.mode == Mode::training ? rate_.value_or(pass.knobs.dropout) : 0;
  }

  std::optional<double> rate_;
};

}  // namespace

template <class T>
LayerPtr<T> dropout(std::optional<double> rate) {
  return std::make_shared<DropoutLayer<T>>(rate);
}

template LayerPtr<float> dropout(std::optional<double>);
template LayerPtr<double> dropout(std::optional<double>);

}  // namespace caviar
