// What to train on and how, as a person wrote it: `objective: {train: {...}}` of a study file, or
// the whole file of `caviar train`.
//
//   data: data/digits.csv.gz        CSV with a header, plain or gzip
//   target: digit                   the column to learn
//   task: classification            or regression; found out where not said
//   categorical: [zip_code]         number columns that are names
//   ignore: [id]                    columns to leave out
//   validation: 0.2                 the share of the rows that chooses
//   test: 0.2                       the share that judges once, at the end
//   early_stopping: {patience: 10, min_delta: 0, monitor: loss}    or false
//   seed: 0                         of the split, the first weights, the order, dropout
//   epochs: 60                      and every other hyperparameter that shall be fixed
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/data/target.hpp"
#include "caviar/nn/fit.hpp"
#include "caviar/space/point.hpp"

namespace caviar {

struct TrainSpec {
  std::string data, target;
  std::optional<Task> task;
  std::vector<std::string> categorical, ignore;
  double validation = 0.2, test = 0.2;
  std::optional<int> patience = 10;
  double min_delta = 0;
  Monitor monitor = Monitor::loss;
  std::uint64_t seed = 0;
  Point fixed;  // hyperparameters set by hand, checked
};

// Throws Error{input} with the place of what is wrong; unknown keys with the nearest known one.
TrainSpec parse_train_spec(const Node& node);

}  // namespace caviar
