// Training that begins with a saved model: its network and weights, on other data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "caviar/model/saved_model.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar {

struct FineTuning {
  int freeze = 0;          // the first so many layers that have weights keep them: a dense layer, a
                           // batch normalisation, an embedding, a residual block count as one each
  double rate_decay = 1;   // each layer's rate is so many times that of the one behind it: (0, 1]
  std::uint64_t seed = 0;  // of a new output layer
  Loss loss = Loss::cross_entropy;  // which the outputs are to suit
};

// The spec with the hyperparameters of the model's network, so that it says what is trained. Throws
// Error{input} where it says otherwise about what is the model's: network and preprocessing.
// `said`: the keys that somebody wrote out, which count even where they say what is usual.
TrainSpec spec_from(const SavedModel& saved, TrainSpec spec,
                    const std::vector<std::string>& said = {});

// The data must have been prepared with what the model knows. Where the target is another column or
// the classes are others, the last layer is a new one. Throws Error{input}: more layers to freeze
// than there are.
TrainStart start_from(const SavedModel& saved, const PreparedData& data, const FineTuning& how);

}  // namespace caviar
