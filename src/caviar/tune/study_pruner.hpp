// Whether what a study tunes can report on its way, as its pruner needs.
#pragma once

#include "caviar/tune/study_file.hpp"

namespace caviar {

// Throws Error{input} where the file has a pruner, and its objective says its value at the end
// only.
void check_pruner(const StudyFile& file);

}  // namespace caviar
