// Hyperparameters that somebody said and that change nothing, as the others are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/data/target.hpp"
#include "caviar/space/space.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// A sentence that says why; nullopt where it has an effect, or may have with some configuration of
// the space that is searched. task: where it is known.
std::optional<std::string> why_without_effect(const std::string& hyperparameter,
                                              const TrainSpec& spec, const Space& searched = {},
                                              std::optional<Task> task = std::nullopt);

// Whether the first has an effect only where the second is that value (or another one that it goes
// with): "momentum", "optimizer", "nesterov".
bool needs_choice(const std::string& hyperparameter, const std::string& other,
                  const std::string& value);

// Of all that the spec fixes or the space searches, a sentence each.
std::vector<std::string> without_effect(const TrainSpec& spec, const Space& searched = {},
                                        std::optional<Task> task = std::nullopt);

}  // namespace caviar
