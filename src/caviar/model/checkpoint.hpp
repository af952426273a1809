// A held training in one file: what is trained and how, and all that it has in memory, so that it
// goes on to the same bits. The arrays are safetensors, the rest stands in its metadata.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caviar/nn/training.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// The saved model that a training began with, and how it goes on from it.
struct HeldStart {
  std::string model;              // its name
  std::uint64_t fingerprint = 0;  // fingerprint_of_model(): another one would not go on
  int freeze = 0;
  double layer_rate = 1;
  bool operator==(const HeldStart&) const = default;
};

struct Checkpoint {
  TrainSpec spec;
  TrainingState<float> state;
  std::string save;                    // the name of the model that comes out; "": none
  std::vector<EpochStats> epochs;      // that are done, losses in the target's own unit
  std::uint64_t data = 0;              // fingerprint() of what it trains on
  std::optional<HeldStart> from = {};  // none: it began with a new network
  std::string report = {};             // the page that is written at the end; "": none
  int every = 0;                       // held after every so many epochs too; 0: not by itself
};

// Throws Error{input} where a file of this name is no checkpoint: it would be lost.
void check_replaceable(const std::string& path);

// Appears whole or not at all. Throws Error{io}.
void save_checkpoint(const std::string& path, const Checkpoint& checkpoint);

// Throws Error{missing, io, input} that names the file and what is wrong with it.
Checkpoint load_checkpoint(const std::string& path);

}  // namespace caviar
