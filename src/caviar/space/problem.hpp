// What is wrong with a distribution or a list of parameters, with the key that it lies in: the one
// statement of the rules, for constructors and for parsers, which know the place in the document.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "caviar/space/space.hpp"

namespace caviar {

struct Problem {
  std::string key;   // "low", "step", "choices", "when" …; "" for the whole
  std::string text;  // "0 given, a log scale needs more than 0"
};
std::optional<Problem> find_problem(const Distribution& distribution);

struct SpaceProblem {
  std::size_t parameter;  // its index
  Problem problem;
};
// Names, tiers, distributions and conditions.
std::optional<SpaceProblem> find_problem(std::span<const Parameter> parameters);
// A constraint's parameters must be there and be numbers.
std::optional<std::string> find_problem(const Constraint& constraint,
                                        std::span<const Parameter> parameters);

// Stable: the order of the list wherever conditions leave the choice. Parameters in a circle of
// conditions, and those that wait for them, are left out; every condition must name a parameter.
std::vector<std::size_t> topological_order(std::span<const Parameter> parameters);

}  // namespace caviar
