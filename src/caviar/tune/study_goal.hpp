// What a study file calls good: `metric` and `direction` or `objectives`, and the bounds of
// `outcomes`.
#pragma once

#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/space/space.hpp"
#include "caviar/trial/goal.hpp"

namespace caviar {

// Of a training: every name is a metric that it measures. Throws Error{input}.
Goal read_training_goal(Fields& file);

// Of a command, which measures what it likes: `metric` is its name where the file gives none. Which
// way is better must be said, unless the name is one that a training has. Throws Error{input}.
Goal read_command_goal(Fields& file, const std::string& metric);

// Throws Error{input} where trainings would be compared by losses that are not the same: it matters
// for `loss`, and for what changes it.
void check_comparable(const std::string& study_path, const Goal& goal, const Space& space);

// {metric: "<= 20", other: [">= 0.5", "<= 0.9"]}. Throws Error{input}.
std::vector<Bound> read_bounds(const Node& outcomes);

}  // namespace caviar
