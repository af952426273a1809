#include "caviar/nn/model.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace caviar {

template <class T>
Model<T>::Model(std::size_t inputs, const std::vector<LayerPtr<T>>& layers, const Kernels<T>& table)
    : kernels_(&table) {
  assert(!layers.empty());
  std::size_t biases = 0;
  for (const LayerPtr<T>& layer : layers) {
    const Plan plan = layer->plan(inputs);
    steps_.push_back({layer, inputs, plan, decayed_, biases});
    decayed_ += plan.weights;
    biases += plan.biases;
    inputs = plan.outputs;
  }
  for (Step& step : steps_) step.biases_at += decayed_;
  weights_.resize(decayed_ + biases);
}

template <class T>
void Model<T>::initialize(Rng& rng) {
  const std::span<T> all = weights_;
  for (const Step& step : steps_) {
    step.layer->initialize(step.inputs, all.subspan(step.weights_at, step.plan.weights),
                           all.subspan(step.biases_at, step.plan.biases), rng);
  }
}

template <class T>
std::vector<LayerLine> Model<T>::table() const {
  std::vector<LayerLine> lines;
  lines.reserve(steps_.size());
  for (const Step& step : steps_) {
    lines.push_back({step.layer->describe(), step.inputs, step.plan.outputs,
                     step.plan.weights + step.plan.biases});
  }
  return lines;
}

template <class T>
Workspace<T>::Workspace(const Model<T>& model, std::size_t max_rows) : max_rows_(max_rows) {
  std::size_t widest = 0;
  for (const auto& step : model.steps()) {
    outputs_.emplace_back(max_rows * step.plan.outputs);
    scratch_.emplace_back(max_rows * step.plan.scratch_per_row);
    widest = std::max(widest, step.plan.outputs);
  }
  delta_.resize(max_rows * widest);
  other_delta_.resize(max_rows * widest);
  last_outputs_ = model.outputs();
}

template <class T>
Slot<T> Workspace<T>::slot(const Model<T>& model, std::size_t step, std::span<T> gradients) {
  const auto& at = model.steps()[step];
  Slot<T> lent;
  lent.weights = model.weights().subspan(at.weights_at, at.plan.weights);
  lent.biases = model.weights().subspan(at.biases_at, at.plan.biases);
  lent.scratch = scratch_[step];
  if (gradients.empty()) return lent;
  lent.weight_gradients = gradients.subspan(at.weights_at, at.plan.weights);
  lent.bias_gradients = gradients.subspan(at.biases_at, at.plan.biases);
  return lent;
}

template <class T>
ConstMatrix<T> Workspace<T>::forward(const Model<T>& model, const Knobs& knobs, Rng* rng,
                                     ConstMatrix<T> x) {
  assert(x.rows > 0 && x.rows <= max_rows_ && x.columns == model.inputs());
  rows_ = x.rows;
  const Pass<T> pass{model.kernels(), knobs, rng};
  for (std::size_t i = 0; i < model.steps().size(); ++i) {
    const auto& step = model.steps()[i];
    const Matrix<T> y{outputs_[i].data(), rows_, step.plan.outputs};
    step.layer->forward(pass, slot(model, i, {}), x, y);
    x = y;
  }
  return x;
}

template <class T>
Matrix<T> Workspace<T>::delta() {
  return {delta_.data(), rows_, last_outputs_};
}

template <class T>
void Workspace<T>::backward(const Model<T>& model, const Knobs& knobs, Rng* rng, ConstMatrix<T> x,
                            std::span<T> gradients) {
  assert(x.rows == rows_ && gradients.size() == model.weights().size());
  const Pass<T> pass{model.kernels(), knobs, rng};
  T* dy = delta_.data();
  T* dx = other_delta_.data();
  for (std::size_t i = model.steps().size(); i-- > 0;) {
    const auto& step = model.steps()[i];
    const ConstMatrix<T> y{outputs_[i].data(), rows_, step.plan.outputs};
    const ConstMatrix<T> input =
        i == 0 ? x : ConstMatrix<T>{outputs_[i - 1].data(), rows_, step.inputs};
    step.layer->backward(pass, slot(model, i, gradients), input, y, {dy, rows_, step.plan.outputs},
                         {i == 0 ? nullptr : dx, rows_, step.inputs});
    std::swap(dy, dx);
  }
}

template class Model<float>;
template class Model<double>;
template class Workspace<float>;
template class Workspace<double>;

}  // namespace caviar
