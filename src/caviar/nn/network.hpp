// A network as data: what a model file says and what a trainer builds. Plain values that are
// complete (nothing about the network is decided elsewhere), compare and copy.
//
// The numbers (weights and running averages) are no part of it: Model::weights(), Model::state(),
// named by Model::tensors().
#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "caviar/nn/activation.hpp"
#include "caviar/nn/initializer.hpp"
#include "caviar/nn/model.hpp"

namespace caviar {

// y = f(x · W + b). Tensors: weight {in, units}, bias {units}.
struct Dense {
  std::size_t units = 1;
  Activation activation = Activation::linear;
  bool bias = true;  // none: before a batch normalisation, which has its own
  // None: what suits the activation, or where that is linear the one that follows, with only
  // normalisation and dropout between.
  std::optional<Initializer> initializer = {};
  bool operator==(const Dense&) const = default;
};

// Over the batch in training, by running averages at test time (Ioffe and Szegedy, 2015).
// Tensors: scale, shift {n}; states mean, variance {n}.
struct BatchNorm {
  double momentum = 0.9;  // the share of the running averages that a new batch leaves: [0, 1)
  double epsilon = 1e-5;  // added to the variance: above 0
  bool operator==(const BatchNorm&) const = default;
};

// Inverted dropout: in training each unit is kept with probability 1 − rate and multiplied by
// 1 / (1 − rate).
struct Dropout {
  std::optional<double> rate = {};  // [0, 1); none: Knobs::dropout, which may change on the way
  bool operator==(const Dropout&) const = default;
};

struct ActivationLayer {
  Activation activation = Activation::relu;
  bool operator==(const ActivationLayer&) const = default;
};

// One input column that holds codes 0 … levels − 1, as numbers. Anything else in it counts as
// nothing known: zeros, from which nothing is learnt.
struct EmbeddedColumn {
  std::size_t column = 0;
  std::size_t levels = 1;
  std::size_t width = 1;  // each code becomes so many learned numbers
  bool operator==(const EmbeddedColumn&) const = default;
};

// Outputs: the other columns in their order, then the numbers of each embedded one in the order
// given. Tensors: table0, table1, … {levels, width}.
struct Embedding {
  std::vector<EmbeddedColumn> columns = {};  // each column at most once
  bool operator==(const Embedding&) const = default;
};

struct Residual;
using LayerSpec = std::variant<Dense, BatchNorm, Dropout, ActivationLayer, Residual, Embedding>;

// y = layers(x) + x; where widths differ, + x · W instead, W learnt (He et al., 2016, equations 1
// and 2). Tensors: those of the layers ("0.dense.weight"), then projection {in, out} if needed.
struct Residual {
  std::vector<LayerSpec> layers = {};  // at least one
  bool operator==(const Residual& other) const;
};

struct NetworkSpec {
  std::size_t inputs = 1;
  std::vector<LayerSpec> layers = {};  // at least one; the last one's outputs are the network's
  bool operator==(const NetworkSpec&) const = default;
};

// "dense", "batch_norm", "dropout", "activation", "embedding", "residual"
std::string kind_of(const LayerSpec& layer);

// All numbers 0 until Model::initialize. Throws Error{input} that names the layer and the value:
// "layers[2].units: …".
template <class T>
Model<T> make_model(const NetworkSpec& network, const Kernels<T>& table = kernels<T>());

// What a network takes, told before any of it is allocated: numbers.
struct NetworkSize {
  std::size_t weights = 0;  // biases included
  std::size_t fixed = 0;    // running averages and scratch, whatever the batch
  std::size_t per_row = 0;  // of a batch on its way forward and back
};

// Throws as make_model does.
NetworkSize size_of_network(const NetworkSpec& network);

}  // namespace caviar
