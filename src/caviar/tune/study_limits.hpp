// When a search has done enough, as a person writes it down.
#pragma once

#include "caviar/base/node.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/trial/goal.hpp"

namespace caviar {

// {trials: 100, time: 1h, target: 0.01, patience: 20, …}, as under `limits:` of a study file; what
// it says of resources is not looked at. Throws Error that names the place where a key or a value
// cannot be meant, or the goal has several objectives and a rule takes one.
Limits read_limits(const Node& node, const Goal& goal);

// A whole number from 1 on. Throws Error that names the place.
int at_least_one(const Node& node);

}  // namespace caviar
