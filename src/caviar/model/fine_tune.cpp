#include "caviar/model/fine_tune.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

// Copies every array that both models have, name and shape alike, but none of the last layer.
void copy_all_but_last(const Model<float>& from, Model<float>& to, std::size_t layers) {
  const std::string last = std::to_string(layers - 1) + ".";
  const std::vector<Tensor> sources = from.tensors();
  for (const Tensor& target : to.tensors()) {
    if (target.name.starts_with(last)) continue;
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const Tensor& tensor) {
      return tensor.name == target.name && tensor.shape == target.shape;
    });
    if (source == sources.end()) continue;
    const bool is_state = target.kind == TensorKind::state;
    const auto numbers = (is_state ? from.state() : from.weights());
    const auto into = (is_state ? to.state() : to.weights());
    std::copy_n(numbers.begin() + static_cast<std::ptrdiff_t>(source->at), source->size(),
                into.begin() + static_cast<std::ptrdiff_t>(target.at));
  }
}

// The layers that have weights, from the first to the last.
std::vector<std::size_t> layers_with_weights(const Model<float>& model) {
  std::vector<std::size_t> layers;
  for (std::size_t i = 0; i < model.steps().size(); ++i) {
    const Sizes& sizes = model.steps()[i].sizes;
    if (sizes.weights + sizes.biases > 0) layers.push_back(i);
  }
  return layers;
}

void set_rates(Model<float>& model, const FineTuning& how) {
  const std::vector<std::size_t> layers = layers_with_weights(model);
  if (how.freeze < 0 || static_cast<std::size_t>(how.freeze) >= layers.size()) {
    throw Error(Fault::input,
                fmt::format("--freeze: {} given; the network has {} layers with weights, of which "
                            "at least the last must learn: 0 to {} was expected",
                            how.freeze, layers.size(), layers.size() - 1));
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool frozen = i < static_cast<std::size_t>(how.freeze);
    const auto behind = static_cast<double>(layers.size() - 1 - i);
    model.set_rate(layers[i], frozen ? 0 : std::pow(how.rate_decay, behind));
  }
}

// Drawn as the old one was.
Dense new_last_layer(const NetworkSpec& network, std::size_t outputs) {
  const auto* old = std::get_if<Dense>(&network.layers.back());
  return {.units = outputs,
          .initializer = old == nullptr ? std::optional<Initializer>() : old->initializer};
}

}  // namespace

TrainStart start_from(const SavedModel& saved, const PreparedData& data, const FineTuning& how) {
  if (!(how.rate_decay > 0 && how.rate_decay <= 1)) {
    throw Error(Fault::input, "--layer-rate: a factor above 0 and at most 1 was expected");
  }
  TrainStart start{saved.network, saved.model};
  const std::size_t outputs = data.outputs(how.loss);
  const bool same_outputs =
      saved.target.task == data.task && same_columns(saved.target, data.target) &&
      saved.target.classes == data.target.classes && saved.model.outputs() == outputs;
  if (!same_outputs) {
    start.network.layers.back() = new_last_layer(saved.network, outputs);
    start.model = make_model<float>(start.network);
    copy_all_but_last(saved.model, start.model, start.network.layers.size());
    Rng rng(how.seed);
    start.model.initialize(start.network.layers.size() - 1, rng);
  }
  set_rates(start.model, how);
  return start;
}

}  // namespace caviar
