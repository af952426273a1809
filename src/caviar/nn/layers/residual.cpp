#include "caviar/nn/layers/residual.hpp"

#include <algorithm>
#include <utility>

#include "caviar/nn/chain.hpp"
#include "caviar/nn/initializer.hpp"

namespace caviar {
namespace {

template <class T>
class ResidualLayer final : public Layer<T> {
 public:
  ResidualLayer(std::size_t inputs, const std::vector<LayerPtr<T>>& layers)
      : chain_(make_chain(inputs, layers)), sizes_(total_sizes(chain_)) {
    widest_ = inputs;
    for (const Step<T>& step : chain_) widest_ = std::max(widest_, step.plan.outputs);
  }

  std::string name() const override { return "residual"; }

  std::string describe() const override {
    std::string text = "residual (";
    for (const Step<T>& step : chain_) {
      text += (text.back() == '(' ? "" : "; ") + step.layer->describe();
    }
    return text + ")";
  }

  // Scratch: that of the layers, all their outputs (the last as well: y holds the sum), and in
  // backward the two ends of a step.
  Plan plan(std::size_t /*inputs*/) const override {
    Plan plan{.outputs = outputs(), .tensors = chain_tensors(chain_)};
    if (projects()) {
      plan.tensors.push_back({"projection", TensorKind::weight, {inputs(), outputs()}});
    }
    for (const Step<T>& step : chain_) {
      plan.scratch += step.plan.scratch;
      plan.scratch_per_row += step.plan.scratch_per_row + step.plan.outputs;
    }
    plan.scratch_per_row += 2 * widest_;
    return plan;
  }

  bool reads_codes(std::size_t column) const override {
    return chain_.front().layer->reads_codes(column);
  }

  void initialize(std::size_t /*inputs*/, std::span<T> weights, std::span<T> biases,
                  std::span<T> state, Rng& rng) const override {
    initialize_chain(chain_, weights, biases, state, rng);
    if (!projects()) return;
    caviar::initialize(Initializer::glorot_uniform, inputs(), outputs(),
                       weights.subspan(sizes_.weights), rng);
  }

  void forward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x,
               Matrix<T> y) const override {
    if (projects()) {
      pass.kernels.dense(x, projection(slot), nullptr, Activation::linear, y);
    } else {
      std::copy_n(x.data, x.size(), y.data);
    }
    T* free = slot.scratch.data();
    for (const Step<T>& step : chain_) {
      const Lent lent = lend(slot, step, x.rows, free);
      step.layer->forward(pass, lent.slot, x, lent.y);
      x = lent.y;
    }
    for (std::size_t i = 0; i < y.size(); ++i) y.data[i] += x.data[i];
  }

  void backward(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x, ConstMatrix<T> /*y*/,
                Matrix<T> dy, Matrix<T> dx) const override {
    around(pass, slot, x, dy, dx);
    T* free = slot.scratch.data() + scratch_before(chain_.size(), x.rows);
    T* from = free;
    T* to = free + x.rows * widest_;
    std::copy_n(dy.data, dy.size(), from);
    for (std::size_t i = chain_.size(); i-- > 0;) {
      const Step<T>& step = chain_[i];
      T* lies_at = slot.scratch.data() + scratch_before(i, x.rows);
      const Lent lent = lend(slot, step, x.rows, lies_at);
      const ConstMatrix<T> input =
          i == 0 ? x : ConstMatrix<T>{output_of(slot, i - 1, x.rows), x.rows, step.inputs};
      const bool wanted = i > 0 || dx.data != nullptr;
      step.layer->backward(pass, lent.slot, input, lent.y, {from, x.rows, step.plan.outputs},
                           {wanted ? to : nullptr, x.rows, step.inputs});
      std::swap(from, to);
    }
    if (dx.data == nullptr) return;
    for (std::size_t i = 0; i < dx.size(); ++i) dx.data[i] += from[i];
  }

 private:
  struct Lent {
    Slot<T> slot;
    Matrix<T> y;
  };

  std::size_t inputs() const { return chain_.front().inputs; }
  std::size_t outputs() const { return chain_.back().plan.outputs; }
  bool projects() const { return inputs() != outputs(); }

  ConstMatrix<T> projection(const Slot<T>& slot) const {
    return {slot.weights.data() + sizes_.weights, inputs(), outputs()};
  }

  // The part of one step: its scratch, then its outputs, from `free` on, which moves behind them.
  static Lent lend(const Slot<T>& slot, const Step<T>& step, std::size_t rows, T*& free) {
    Lent lent;
    lent.slot = part_of(slot, step);
    const std::size_t scratch = step.plan.scratch + rows * step.plan.scratch_per_row;
    lent.slot.scratch = {free, scratch};
    lent.y = {free + scratch, rows, step.plan.outputs};
    free += scratch + lent.y.size();
    return lent;
  }

  // What the steps before `index` take of the scratch.
  std::size_t scratch_before(std::size_t index, std::size_t rows) const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < index; ++i) {
      const Plan& plan = chain_[i].plan;
      sum += plan.scratch + rows * (plan.scratch_per_row + plan.outputs);
    }
    return sum;
  }

  const T* output_of(const Slot<T>& slot, std::size_t index, std::size_t rows) const {
    return slot.scratch.data() + scratch_before(index + 1, rows) -
           rows * chain_[index].plan.outputs;
  }

  // The derivatives of the way around the layers.
  void around(const Pass<T>& pass, const Slot<T>& slot, ConstMatrix<T> x, ConstMatrix<T> dy,
              Matrix<T> dx) const {
    if (!projects()) {
      if (dx.data != nullptr) std::copy_n(dy.data, dy.size(), dx.data);
      return;
    }
    if (!pass.frozen) {
      T* gradient = slot.weight_gradients.data() + sizes_.weights;
      pass.kernels.weight_gradient(x, dy, {gradient, inputs(), outputs()}, nullptr);
    }
    if (dx.data != nullptr) pass.kernels.input_gradient(dy, projection(slot), dx);
  }

  std::vector<Step<T>> chain_;
  Sizes sizes_;
  std::size_t widest_ = 0;
};

}  // namespace

template <class T>
LayerPtr<T> residual(std::size_t inputs, const std::vector<LayerPtr<T>>& layers) {
  return std::make_shared<ResidualLayer<T>>(inputs, layers);
}

template LayerPtr<float> residual(std::size_t, const std::vector<LayerPtr<float>>&);
template LayerPtr<double> residual(std::size_t, const std::vector<LayerPtr<double>>&);

}  // namespace caviar
