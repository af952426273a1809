#include "caviar/nn/chain.hpp"

#include <cassert>

namespace caviar {

Sizes Plan::sizes() const {
  Sizes sizes;
  for (const Tensor& tensor : tensors) {
    if (tensor.kind == TensorKind::weight) sizes.weights += tensor.size();
    if (tensor.kind == TensorKind::bias) sizes.biases += tensor.size();
    if (tensor.kind == TensorKind::state) sizes.state += tensor.size();
  }
  return sizes;
}

template <class T>
std::vector<Step<T>> make_chain(std::size_t inputs, const std::vector<LayerPtr<T>>& layers) {
  assert(!layers.empty());
  std::vector<Step<T>> chain;
  Sizes at;
  for (const LayerPtr<T>& layer : layers) {
    Plan plan = layer->plan(inputs);
    const Sizes sizes = plan.sizes();
    const std::size_t outputs = plan.outputs;
    chain.push_back({layer, inputs, std::move(plan), at, sizes});
    at += sizes;
    inputs = outputs;
  }
  return chain;
}

template <class T>
std::vector<Tensor> chain_tensors(const std::vector<Step<T>>& chain) {
  std::vector<Tensor> all;
  Sizes next;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    for (Tensor tensor : chain[i].plan.tensors) {
      std::size_t& at = tensor.kind == TensorKind::weight ? next.weights
                        : tensor.kind == TensorKind::bias ? next.biases
                                                          : next.state;
      tensor.name = std::to_string(i) + "." + chain[i].layer->name() + "." + tensor.name;
      tensor.at = at;
      at += tensor.size();
      all.push_back(std::move(tensor));
    }
  }
  return all;
}

template <class T>
void initialize_chain(const std::vector<Step<T>>& chain, std::span<T> weights, std::span<T> biases,
                      std::span<T> state, Rng& rng) {
  for (const Step<T>& step : chain) {
    step.layer->initialize(step.inputs, weights.subspan(step.at.weights, step.sizes.weights),
                           biases.subspan(step.at.biases, step.sizes.biases),
                           state.subspan(step.at.state, step.sizes.state), rng);
  }
}

template std::vector<Step<float>> make_chain(std::size_t, const std::vector<LayerPtr<float>>&);
template std::vector<Step<double>> make_chain(std::size_t, const std::vector<LayerPtr<double>>&);
template std::vector<Tensor> chain_tensors(const std::vector<Step<float>>&);
template std::vector<Tensor> chain_tensors(const std::vector<Step<double>>&);
template void initialize_chain(const std::vector<Step<float>>&, std::span<float>, std::span<float>,
                               std::span<float>, Rng&);
template void initialize_chain(const std::vector<Step<double>>&, std::span<double>,
                               std::span<double>, std::span<double>, Rng&);

}  // namespace caviar
