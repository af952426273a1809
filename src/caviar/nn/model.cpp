#include "caviar/nn/model.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace caviar {
namespace {

// Of the gradient of a layer, while it is stepped.
template <class T>
std::size_t weights_at_once(const Step<T>& step) {
  const std::size_t memory = step.layer->memory_of_step(step.inputs);
  return memory > 0 ? memory : step.sizes.weights;
}

// Everything that the model lends, read only.
template <class T>
Slot<T> lent_by(const Model<T>& model) {
  Slot<T> whole;
  whole.weights = model.weights().first(model.decayed());
  whole.biases = model.weights().subspan(model.decayed());
  whole.state = model.state();
  return whole;
}

}  // namespace

template <class T>
Model<T>::Model(std::size_t inputs, const std::vector<LayerPtr<T>>& layers, const Kernels<T>& table)
    : steps_(make_chain(inputs, layers)), rates_(steps_.size(), 1.0), kernels_(&table) {
  const Sizes sizes = total_sizes(steps_);
  decayed_ = sizes.weights;
  weights_.resize(sizes.weights + sizes.biases);
  state_.resize(sizes.state);
  find_segments();
}

template <class T>
std::vector<Tensor> Model<T>::tensors() const {
  std::vector<Tensor> all = chain_tensors(steps_);
  for (Tensor& tensor : all) {
    if (tensor.kind == TensorKind::bias) tensor.at += decayed_;
  }
  return all;
}

template <class T>
void Model<T>::initialize(Rng& rng) {
  for (std::size_t i = 0; i < steps_.size(); ++i) initialize(i, rng);
}

template <class T>
void Model<T>::initialize(std::size_t index, Rng& rng) {
  const Step<T>& step = steps_[index];
  const std::span<T> all = weights_;
  const std::span<T> weights = all.subspan(step.at.weights, step.sizes.weights);
  const std::span<T> biases = all.subspan(decayed_ + step.at.biases, step.sizes.biases);
  const std::span<T> state = std::span(state_).subspan(step.at.state, step.sizes.state);
  for (const std::span<T> part : {weights, biases, state})
    std::fill(part.begin(), part.end(), T(0));
  step.layer->initialize(step.inputs, weights, biases, state, rng);
}

template <class T>
void Model<T>::set_rate(std::size_t step, double factor) {
  assert(step < rates_.size() && factor >= 0);
  rates_[step] = factor;
  find_segments();
}

template <class T>
void Model<T>::find_segments() {
  segments_.clear();
  const auto add = [&](Segment next) {
    if (next.count == 0 || next.rate == 0) return;
    if (!segments_.empty()) {
      Segment& last = segments_.back();
      if (last.from + last.count == next.from && last.kind == next.kind && last.rate == next.rate) {
        last.count += next.count;
        return;
      }
    }
    segments_.push_back(next);
  };
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    add({steps_[i].at.weights, steps_[i].sizes.weights, TensorKind::weight, rates_[i]});
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    add({decayed_ + steps_[i].at.biases, steps_[i].sizes.biases, TensorKind::bias, rates_[i]});
  }
}

template <class T>
std::size_t Model<T>::largest_step() const {
  std::size_t largest = 0;
  for (const Step<T>& step : steps_) {
    largest = std::max(largest, weights_at_once(step) + step.sizes.biases);
  }
  return largest;
}

template <class T>
std::vector<LayerLine> Model<T>::table() const {
  std::vector<LayerLine> lines;
  lines.reserve(steps_.size());
  for (const Step<T>& step : steps_) {
    lines.push_back({step.layer->describe(), step.inputs, step.plan.outputs,
                     step.sizes.weights + step.sizes.biases});
  }
  return lines;
}

template <class T>
Workspace<T>::Workspace(const Model<T>& model, std::size_t max_rows) : max_rows_(max_rows) {
  std::size_t widest = 0;
  for (const Step<T>& step : model.steps()) {
    outputs_.emplace_back(max_rows * step.plan.outputs);
    scratch_.emplace_back(step.plan.scratch + max_rows * step.plan.scratch_per_row);
    widest = std::max(widest, step.plan.outputs);
  }
  delta_.resize(max_rows * widest);
  other_delta_.resize(max_rows * widest);
  last_outputs_ = model.outputs();
}

template <class T>
ConstMatrix<T> Workspace<T>::run(const Model<T>& model, Pass<T> pass, Slot<T> whole,
                                 ConstMatrix<T> x) {
  assert(x.rows > 0 && x.rows <= max_rows_ && x.columns == model.inputs());
  rows_ = x.rows;
  trained_ = pass.mode == Mode::training;
  for (std::size_t i = 0; i < model.steps().size(); ++i) {
    const Step<T>& step = model.steps()[i];
    const Matrix<T> y{outputs_[i].data(), rows_, step.plan.outputs};
    Slot<T> slot = part_of(whole, step);
    slot.scratch = scratch_[i];
    pass.frozen = model.rate(i) == 0;
    step.layer->forward(pass, slot, x, y);
    x = y;
  }
  return x;
}

template <class T>
ConstMatrix<T> Workspace<T>::predict(const Model<T>& model, ConstMatrix<T> x) {
  const Knobs unused;
  return run(model, {model.kernels(), unused}, lent_by(model), x);
}

template <class T>
ConstMatrix<T> Workspace<T>::forward(Model<T>& model, const Knobs& knobs, Rng& rng,
                                     ConstMatrix<T> x) {
  Slot<T> whole = lent_by<T>(model);
  whole.running = model.state();
  return run(model, {model.kernels(), knobs, Mode::training, &rng}, whole, x);
}

template <class T>
Matrix<T> Workspace<T>::delta() {
  return {delta_.data(), rows_, last_outputs_};
}

template <class T>
void Workspace<T>::backward(const Model<T>& model, const Knobs& knobs, ConstMatrix<T> x,
                            std::span<T> gradients) {
  assert(gradients.size() == model.weights().size());
  Slot<T> whole;
  whole.weight_gradients = gradients.first(model.decayed());
  whole.bias_gradients = gradients.subspan(model.decayed());
  descend(
      model, knobs, x,
      [&](std::size_t i, Slot<T>& slot) {
        const Slot<T> part = part_of(whole, model.steps()[i]);
        slot.weight_gradients = part.weight_gradients;
        slot.bias_gradients = part.bias_gradients;
      },
      [](std::size_t, const Slot<T>&) {});
}

template <class T>
void Workspace<T>::backward_and_step(Model<T>& model, const Knobs& knobs, ConstMatrix<T> x,
                                     std::span<T> gradients, Stepper<T>& stepper) {
  assert(gradients.size() >= model.largest_step());
  stepper.begin(knobs);
  WeightStep<T> weights;
  const auto part = [&](std::size_t at, std::size_t count, TensorKind kind, std::size_t i) {
    return stepper.part(knobs, {at, count, kind, model.rate(i)}, model.weights());
  };
  descend(
      model, knobs, x,
      [&](std::size_t i, Slot<T>& slot) {
        const Step<T>& step = model.steps()[i];
        const std::size_t at_once = weights_at_once(step);
        slot.weight_gradients = gradients.first(at_once);
        slot.bias_gradients = gradients.subspan(at_once, step.sizes.biases);
        if (model.rate(i) == 0 || step.sizes.weights == 0) return;
        weights = part(step.at.weights, step.sizes.weights, TensorKind::weight, i);
        if (step.layer->memory_of_step(step.inputs) > 0) slot.step = &weights;
      },
      [&](std::size_t i, const Slot<T>& slot) {
        const Step<T>& step = model.steps()[i];
        if (model.rate(i) == 0) return;
        const auto update = [&](const WeightStep<T>& own, std::span<const T> g) {
          model.kernels().update(own.update, own.weights, g.data(), own.slots, g.size());
        };
        if (step.sizes.weights > 0 && slot.step == nullptr) update(weights, slot.weight_gradients);
        if (step.sizes.biases == 0) return;
        update(part(model.decayed() + step.at.biases, step.sizes.biases, TensorKind::bias, i),
               slot.bias_gradients);
      });
}

template <class T>
template <class Lend, class Done>
void Workspace<T>::descend(const Model<T>& model, const Knobs& knobs, ConstMatrix<T> x,
                           const Lend& lend, const Done& done) {
  assert(trained_ && x.rows == rows_);
  const Slot<T> whole = lent_by(model);
  Pass<T> pass{model.kernels(), knobs, Mode::training};
  // Below the lowest layer that is trained nobody wants a derivative.
  std::size_t lowest = 0;
  while (lowest + 1 < model.steps().size() && !model.trains(lowest)) ++lowest;
  T* dy = delta_.data();
  T* dx = other_delta_.data();
  for (std::size_t i = model.steps().size(); i-- > lowest;) {
    const Step<T>& step = model.steps()[i];
    const ConstMatrix<T> y{outputs_[i].data(), rows_, step.plan.outputs};
    const ConstMatrix<T> input =
        i == 0 ? x : ConstMatrix<T>{outputs_[i - 1].data(), rows_, step.inputs};
    Slot<T> slot = part_of(whole, step);
    slot.scratch = scratch_[i];
    lend(i, slot);
    pass.frozen = model.rate(i) == 0;
    step.layer->backward(pass, slot, input, y, {dy, rows_, step.plan.outputs},
                         {i == lowest ? nullptr : dx, rows_, step.inputs});
    done(i, slot);
    std::swap(dy, dx);
  }
}

template class Model<float>;
template class Model<double>;
template class Workspace<float>;
template class Workspace<double>;

}  // namespace caviar
