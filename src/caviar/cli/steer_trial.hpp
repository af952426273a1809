// A word to a running trial of a program on the wire: stop, pause, resume, or other values of its
// hyperparameters.
#pragma once

#include <string>
#include <vector>

namespace caviar::cli {

// `file`: the study file, or its database. Throws Error{input} where it cannot be meant.
int steer_trial(const std::string& file, int trial, const std::vector<std::string>& words);

}  // namespace caviar::cli
