// What the hidden units of a network do on real rows.
#pragma once

#include <cstddef>
#include <vector>

#include "caviar/nn/model.hpp"
#include "caviar/nn/network.hpp"

namespace caviar {

struct HiddenUnits {
  std::size_t layer = 0;  // of the network
  std::size_t units = 0;
  std::size_t dead = 0;  // that say the same of every row
};

// Every hidden layer, the first one first. At least one row; costs a pass over x for each layer.
std::vector<HiddenUnits> hidden_units_on(const NetworkSpec& network, const Model<float>& model,
                                         ConstMatrix<float> x);

}  // namespace caviar
