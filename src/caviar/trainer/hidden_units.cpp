#include "caviar/trainer/hidden_units.hpp"

#include <algorithm>
#include <variant>

#include "caviar/trainer/evaluate.hpp"

namespace caviar {
namespace {

// The network up to and with layer `last`, with the same numbers.
Model<float> beginning_of(const NetworkSpec& network, const Model<float>& model, std::size_t last) {
  NetworkSpec front = network;
  front.layers.resize(last + 1);
  Model<float> cut = make_model<float>(front);
  const std::vector<Tensor> sources = model.tensors();
  for (const Tensor& target : cut.tensors()) {
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const auto& tensor) {
      return tensor.name == target.name;
    });
    const bool is_state = target.kind == TensorKind::state;
    const auto numbers = is_state ? model.state() : model.weights();
    const auto into = is_state ? cut.state() : cut.weights();
    std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(source->at), source->size(),
                into.begin() + static_cast<std::ptrdiff_t>(target.at));
  }
  return cut;
}

std::size_t dead_units(const Model<float>& model, ConstMatrix<float> x) {
  const std::vector<float> outputs = outputs_of(model, x);
  const std::size_t units = model.outputs();
  std::size_t dead = 0;
  for (std::size_t unit = 0; unit < units; ++unit) {
    float low = outputs[unit], high = outputs[unit];
    for (std::size_t row = 1; row < x.rows; ++row) {
      low = std::min(low, outputs[row * units + unit]);
      high = std::max(high, outputs[row * units + unit]);
    }
    dead += static_cast<std::size_t>(high - low <= 1e-6F);
  }
  return dead;
}

// Layers that end in an activation: their units are what the next layer sees.
bool is_hidden(const LayerSpec& layer) {
  const auto* dense = std::get_if<Dense>(&layer);
  if (dense != nullptr) return dense->activation != Activation::linear;
  return std::holds_alternative<ActivationLayer>(layer) || std::holds_alternative<Residual>(layer);
}

}  // namespace

std::vector<HiddenUnits> hidden_units_on(const NetworkSpec& network, const Model<float>& model,
                                         ConstMatrix<float> x) {
  std::vector<HiddenUnits> all;
  for (std::size_t i = 0; i + 1 < network.layers.size(); ++i) {
    if (!is_hidden(network.layers[i])) continue;
    const Model<float> front = beginning_of(network, model, i);
    all.push_back({i, front.outputs(), dead_units(front, x)});
  }
  return all;
}

}  // namespace caviar
