// Whether an objective differs from the stored one only as far as an edited space makes it: the
// command of a study needs a place for a parameter that is new.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/study/study_spec.hpp"

namespace caviar {

// Every setting by its path, a line each: "/train/epochs was 60, now 80".
std::vector<std::string> objective_differences(const Node& stored, const Node& wanted);

// The same objective has the same text, in whatever order its settings were written.
std::string objective_text(const Node& objective);

// A command and its environment may change where they name, as {name}, a parameter that has just
// come or gone; in a list of words each stretch that differs must do so. Everything else must stay.
// Returns the change in words for people, a line each.
std::optional<std::vector<std::string>> changes_with_space(const StudySpec& stored,
                                                           const StudySpec& wanted);

}  // namespace caviar
