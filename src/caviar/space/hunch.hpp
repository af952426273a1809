// Where a person expects the best value of a parameter to lie, and how sure of it they are.
#pragma once

#include <optional>
#include <string>

#include "caviar/space/distribution.hpp"

namespace caviar {

struct Hunch {
  Value at;
  // float, int, ordinal: one standard deviation. On a linear scale a distance, on a log scale a
  // factor (more than 1), on a reverse_log scale a factor of 1 − x, of an ordinal so many places.
  // categorical: the probability of this choice.
  // 0: not said; then a sixth of the axis, or 0.6.
  double within = 0;
  bool operator==(const Hunch&) const = default;
};

// nullopt where the hunch makes sense; the text begins with the key that does not, as in
// "within: 0.5 given, a factor of more than 1 expected".
std::optional<std::string> find_problem(const Hunch& hunch, const Distribution& distribution);

// The deviation as a part of the unit axis; of a categorical parameter the probability.
double unit_width(const Hunch& hunch, const Distribution& distribution);

}  // namespace caviar
