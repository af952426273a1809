// Where a parameter's axis gets its marks: round values of its own scale, at their unit places.
#pragma once

#include <string>
#include <vector>

#include "caviar/space/distribution.hpp"

namespace caviar {

struct Tick {
  double unit = 0;  // 0 … 1
  std::string label;
  bool minor = false;  // labelled only where there is room
};

// Choices: each of them; linear: about six round values; log: decades, or doublings of an integer
// that starts at a power of two, with 2 and 5 between; reverse_log: 0.9, 0.99, 0.999 and between.
// In ascending order; at least one.
std::vector<Tick> ticks(const Distribution& distribution);

}  // namespace caviar
