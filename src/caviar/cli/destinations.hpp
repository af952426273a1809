// Where a command is about to write: known before the work begins to be possible, and to destroy
// nothing that it reads.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/trainer/train_spec.hpp"

namespace caviar::cli {

struct Destination {
  std::string option, path;  // "" as path: nothing is written
};

// Throws Error{input} where one of them is a file that is read, Error{io} where it cannot be
// written. Of the files read "" and those that do not exist count for nothing.
void check_destinations(std::span<const std::string> read, std::span<const Destination> written);

// The data of a training, as far as they are files.
std::vector<std::string> files_read(const TrainSpec& spec);

}  // namespace caviar::cli
