// Training that begins with a saved model: its network and weights, on other data.
#pragma once

#include <cstdint>

#include "caviar/model/saved_model.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar {

struct FineTuning {
  int freeze = 0;          // the first so many layers that have weights keep them
  double rate_decay = 1;   // each layer's rate is so many times that of the one behind it: (0, 1]
  std::uint64_t seed = 0;  // of a new output layer
  Loss loss = Loss::cross_entropy;  // which the outputs are to suit
};

// The data must have been prepared with what the model knows. Where the classes are others, the
// last layer is a new one. Throws Error{input}: more layers to freeze than there are.
TrainStart start_from(const SavedModel& saved, const PreparedData& data, const FineTuning& how);

}  // namespace caviar
