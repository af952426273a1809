// Layers one after the other: which part of flat memory each of them works on.
#pragma once

#include <vector>

#include "caviar/nn/layer.hpp"

namespace caviar {

template <class T>
struct Step {
  LayerPtr<T> layer;
  std::size_t inputs = 0;
  Plan plan;
  Sizes at, sizes;  // where its numbers of each kind begin, and how many they are
};

// At least one layer.
template <class T>
std::vector<Step<T>> make_chain(std::size_t inputs, const std::vector<LayerPtr<T>>& layers);

// How many numbers all steps have.
template <class T>
Sizes total_sizes(const std::vector<Step<T>>& chain) {
  Sizes all = chain.back().at;
  return all += chain.back().sizes;
}

// The tensors of all steps, named "2.dense.weight"; `at` counts from the first of its kind.
template <class T>
std::vector<Tensor> chain_tensors(const std::vector<Step<T>>& chain);

template <class T>
void initialize_chain(const std::vector<Step<T>>& chain, std::span<T> weights, std::span<T> biases,
                      std::span<T> state, Rng& rng);

// One step's part of what is lent to all; the scratch is left to the caller.
template <class T>
Slot<T> part_of(const Slot<T>& whole, const Step<T>& step) {
  const auto cut = [](auto span, std::size_t at, std::size_t size) {
    return span.empty() ? span : span.subspan(at, size);
  };
  Slot<T> part;
  part.weights = cut(whole.weights, step.at.weights, step.sizes.weights);
  part.biases = cut(whole.biases, step.at.biases, step.sizes.biases);
  part.state = cut(whole.state, step.at.state, step.sizes.state);
  part.running = cut(whole.running, step.at.state, step.sizes.state);
  part.weight_gradients = cut(whole.weight_gradients, step.at.weights, step.sizes.weights);
  part.bias_gradients = cut(whole.bias_gradients, step.at.biases, step.sizes.biases);
  return part;
}

}  // namespace caviar
