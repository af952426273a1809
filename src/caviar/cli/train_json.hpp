// A finished training as the one JSON document that --json prints.
#pragma once

#include <map>
#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/cli/train_view.hpp"

namespace caviar::cli {

// Rows, scores, the curves (a list a quantity, an entry an epoch), and what was told apart on the
// test part, or without one the validation part.
Json training_json(const FinishedTraining& training, const TrainSpec& spec,
                   const std::map<std::string, double>& scores);

}  // namespace caviar::cli
