// Whose the folder of all trials is: two studies of one name beside each other would write over
// each other's trials, whose numbers are the same.
#pragma once

#include <string>

#include "caviar/tune/stored_study.hpp"

namespace caviar {

// Notes in FOLDER/study.json that it is that study's; `make`: also where there is no such folder
// yet. A study in memory leaves no note. Throws Error{conflict} where it belongs to another study,
// whose storage is still there; Error{io}.
void claim_folder(const std::string& folder, const StudyPlace& place, bool make);

}  // namespace caviar
