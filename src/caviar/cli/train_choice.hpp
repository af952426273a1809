// What to train on and how, as a command line says it: a study file, --data and --target, settings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/cli/arguments.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar::cli {

struct TrainChoice {
  std::string file;                   // a study file or a table; or the first setting
  std::vector<std::string> settings;  // name=value
  std::optional<std::string> data, labels, test_data, test_labels, target;
  std::optional<int> epochs;
  std::optional<std::uint64_t> seed;

  void declare(Arguments& arguments);
  bool is_empty() const;
  // The study file that is named; "" where none is.
  std::string study_file() const;
  // The keys of the settings: "scaling", of validation.folds "validation".
  std::vector<std::string> keys() const;
  // Throws Error{input} where it is not said what to train on.
  TrainSpec spec() const;
};

}  // namespace caviar::cli
