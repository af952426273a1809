// What one training takes of the machine's memory.
#pragma once

#include <cstdint>

#include "caviar/nn/network.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {

// Bytes at most, the data left out: each weight (its value, the best one, what the optimiser keeps,
// and where they are wanted its average and its gradient), and what a batch passes through.
double training_bytes(const NetworkSpec& network, const Settings& settings,
                      std::size_t training_rows);

// Throws Error{input} with the figures where that is more than `memory` bytes (0: not known), as
// the system would else end the program without a word.
void check_memory(const NetworkSpec& network, const Settings& settings, std::size_t training_rows,
                  std::uint64_t memory);

}  // namespace caviar
