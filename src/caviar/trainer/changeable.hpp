// Which hyperparameters may change while a training runs.
#pragma once

#include <string>

namespace caviar {

// Why it cannot, for people; nullptr where it can, or is no hyperparameter.
const std::string* why_unchangeable(const std::string& hyperparameter);

}  // namespace caviar
