#include "caviar/nn/layers/embedding.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/nn/network.hpp"

namespace caviar {
namespace {

template <class T>
class EmbeddingLayer final : public Layer<T> {
 public:
  explicit EmbeddingLayer(std::vector<EmbeddedColumn> columns) : columns_(std::move(columns)) {}

  std::string name() const override { return "embedding"; }

  std::string describe() const override {
    return "embedding of " + std::to_string(columns_.size());
  }

  Plan plan(std::size_t inputs) const override {
    Plan plan{.outputs = inputs - columns_.size()};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      plan.outputs += columns_[i].width;
      plan.tensors.push_back({"table" + std::to_string(i),
                              TensorKind::weight,
                              {columns_[i].levels, columns_[i].width}});
    }
    return plan;
  }

  bool reads_codes(std::size_t column) const override { return is_embedded(column); }

  void initialize(std::size_t /*inputs*/, std::span<T> weights, std::span<T> /*biases*/,
                  std::span<T> /*state*/, Rng& rng) const override {
    std::size_t at = 0;
    for (const EmbeddedColumn& embedded : columns_) {
      const double deviation = 1 / std::sqrt(static_cast<double>(embedded.width));
      for (T& value : weights.subspan(at, embedded.levels * embedded.width)) {
        value = static_cast<T>(deviation * rng.normal());
      }
      // Code 0 is what the trainer calls a level that it has never seen: it begins as nothing
      // known.
      std::fill_n(weights.subspan(at).begin(), embedded.width, T(0));
      at += embedded.levels * embedded.width;
    }
  }

  void forward(const Pass<T>& /*pass*/, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    for (std::size_t r = 0; r < x.rows; ++r) {
      T* to = y.row(r).data();
      for (std::size_t c = 0; c < x.columns; ++c) {
        if (!is_embedded(c)) *to++ = x.row(r)[c];
      }
      std::size_t at = 0;
      for (const EmbeddedColumn& embedded : columns_) {
        const std::size_t code = code_of(x.row(r)[embedded.column], embedded.levels);
        if (code == embedded.levels) {
          to = std::fill_n(to, embedded.width, T(0));
        } else {
          to = std::copy_n(slot.weights.data() + at + code * embedded.width, embedded.width, to);
        }
        at += embedded.levels * embedded.width;
      }
    }
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x, ConstMatrix<T> /*y*/,
                Matrix<T> dy, Matrix<T> dx) const override {
    if (!pass.frozen) table_gradients(slot.weight_gradients, x, dy);
    if (dx.data == nullptr) return;
    for (std::size_t r = 0; r < x.rows; ++r) {
      const T* from = dy.row(r).data();
      for (std::size_t c = 0; c < x.columns; ++c) dx.row(r)[c] = is_embedded(c) ? T(0) : *from++;
    }
  }

 private:
  bool is_embedded(std::size_t column) const {
    return std::any_of(columns_.begin(), columns_.end(),
                       [&](const EmbeddedColumn& embedded) { return embedded.column == column; });
  }

  // `levels` where the value is no code; written so that a NaN is none.
  static std::size_t code_of(T value, std::size_t levels) {
    if (!(value >= 0 && value < static_cast<T>(levels))) return levels;
    const auto code = static_cast<std::size_t>(value);
    return static_cast<T>(code) == value ? code : levels;
  }

  void table_gradients(std::span<T> gradients, ConstMatrix<T> x, ConstMatrix<T> dy) const {
    std::fill(gradients.begin(), gradients.end(), T(0));
    std::size_t at = 0;
    std::size_t first = x.columns - columns_.size();
    for (const EmbeddedColumn& embedded : columns_) {
      for (std::size_t r = 0; r < x.rows; ++r) {
        const std::size_t code = code_of(x.row(r)[embedded.column], embedded.levels);
        if (code == embedded.levels) continue;
        const T* from = dy.row(r).data() + first;
        T* to = gradients.data() + at + code * embedded.width;
        for (std::size_t j = 0; j < embedded.width; ++j) to[j] += from[j];
      }
      at += embedded.levels * embedded.width;
      first += embedded.width;
    }
  }

  std::vector<EmbeddedColumn> columns_;
};

}  // namespace

template <class T>
LayerPtr<T> embedding(const std::vector<EmbeddedColumn>& columns) {
  return std::make_shared<EmbeddingLayer<T>>(columns);
}

template LayerPtr<float> embedding(const std::vector<EmbeddedColumn>&);
template LayerPtr<double> embedding(const std::vector<EmbeddedColumn>&);

}  // namespace caviar
