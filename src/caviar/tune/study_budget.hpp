// search.budget of a study file: which trials get more of what.
#pragma once

#include "caviar/base/node.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar {

// Reads it into the study, whose objective and space are read already. A training's budget is
// epochs, at most those that it says, or a share of its rows; a population keeps what cannot change
// in a training. Throws Error{input} where the objective cannot be given budgets.
void read_budget(const Node& budget, StudyFile& file);

}  // namespace caviar
