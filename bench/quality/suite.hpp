// All problems. A family a file: what is in it, and why, stands at its head.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "problem.hpp"

namespace caviar::quality {

// By family, in a fixed order; names are unique. Made at the first call.
std::span<const Problem> problems();
// Throws Error{input} where there is none of that name (the nearest suggested).
const Problem& problem(const std::string& name);

std::vector<Problem> bbob_problems();
std::vector<Problem> classic_problems();
std::vector<Problem> mixed_problems();
std::vector<Problem> conditional_problems();
std::vector<Problem> noisy_problems();
std::vector<Problem> failing_problems();
std::vector<Problem> constrained_problems();
std::vector<Problem> table_problems();     // scikit-learn's models, see make_tables.py
std::vector<Problem> training_problems();  // caviar's own networks, trained when asked

}  // namespace caviar::quality
