// What other libraries call otherwise than it is called here.
#pragma once

#include <optional>
#include <string>

namespace caviar {

// The key of objective.train that somebody means who writes "lr", "num_layers" or
// "validation_split": "learning_rate", "layers", "validation"; nullopt where no such name is known.
std::optional<std::string> name_here(const std::string& name_elsewhere);

// What follows "no hyperparameter 'lr'": " (did you mean 'learning_rate'?)", by name_here and else
// by the nearest hyperparameter.
std::string hyperparameter_suggestion(const std::string& written);

}  // namespace caviar
