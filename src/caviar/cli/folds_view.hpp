// What folds have measured, as a person and a program read it.
#pragma once

#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/trainer/cross_validation.hpp"

namespace caviar::cli {

// "validation_loss  0.12 ± 0.01 over 5 folds", a line for each name that begins with the prefix.
std::string folds_text(const FoldScores& scores, const std::string& prefix,
                       const std::string& folds);

// {"validation_loss": {"mean": 0.12, "deviation": 0.01}, …}
Json folds_json(const FoldScores& scores);

}  // namespace caviar::cli
