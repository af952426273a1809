// A trained model as it leaves: all that is needed to predict from rows of a table, and what a
// person wants to know about it. On disk two files: NAME.safetensors holds the numbers, NAME.json
// everything else.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "caviar/data/preprocess.hpp"
#include "caviar/data/target.hpp"
#include "caviar/nn/model.hpp"
#include "caviar/nn/network.hpp"
#include "caviar/space/point.hpp"

namespace caviar {

struct SavedModel {
  NetworkSpec network;
  Model<float> model;  // of this network
  Preprocessor preprocessor;
  TargetCode target;
  Point hyperparameters;                 // how it was trained
  std::map<std::string, double> scores;  // validation_loss, test_accuracy, …
  std::string data;                      // what it learnt from
  std::string version;                   // of caviar
};

// The two files of a model that was named as NAME, NAME.json or NAME.safetensors.
struct ModelFiles {
  std::string document, numbers;
};
ModelFiles model_files(const std::string& name);
// Those of a model that is there, to be read. The folder of a run stands for the model in it.
// Throws Error{missing} that says what was looked for.
ModelFiles find_model(const std::string& name);

// Each file appears whole or not at all; a pair of different models is found out when it is read.
// Throws Error{io}.
void save_model(const std::string& name, const SavedModel& saved);

// Throws Error{missing, io, input} that names the file and what is wrong with it.
SavedModel load_model(const std::string& name);

// A number that tells the model's two files from others. Throws Error{missing, io}.
std::uint64_t fingerprint_of_model(const std::string& name);

}  // namespace caviar
