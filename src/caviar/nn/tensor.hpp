// What the numbers of a layer are: their names and shapes, for whoever stores or shows them, and
// their kind, which says who may change them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace caviar {

enum class TensorKind {
  weight,  // trained; `weight_decay` and `l1` pull it towards 0
  bias,    // trained; a bias, or scale and shift of a normalisation: `bias_decay` and `bias_l1`
  state,   // not trained: running averages, written by forward passes in training
};

// One array of a layer or a model. Row-major; the arrays of one kind lie one after the other.
struct Tensor {
  std::string name;  // in a layer "weight", in a model "0.dense.weight"
  TensorKind kind = TensorKind::weight;
  std::vector<std::size_t> shape;  // {in, out}, {units}
  std::size_t at = 0;              // in Model::weights(), or in Model::state() for a state

  std::size_t size() const {
    std::size_t product = 1;
    for (const std::size_t extent : shape) product *= extent;
    return product;
  }
};

// How many numbers of each kind.
struct Sizes {
  std::size_t weights = 0, biases = 0, state = 0;

  Sizes& operator+=(const Sizes& more) {
    weights += more.weights;
    biases += more.biases;
    state += more.state;
    return *this;
  }
};

// A piece of a model's flat span of weights that an optimiser treats alike.
struct Segment {
  std::size_t from = 0, count = 0;
  TensorKind kind = TensorKind::weight;
  double rate = 1;  // what the learning rate is multiplied by
};

}  // namespace caviar
