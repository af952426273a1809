// How the values of a finite, ordered parameter lie on the unit axis, for methods that think in
// continuous coordinates.
#pragma once

#include <cstdint>
#include <vector>

#include "caviar/space/distribution.hpp"

namespace caviar {

// The edges of the values' cells, from 0 to 1: one more than there are values. Empty where the
// parameter is continuous, unordered, or has more than `most` values.
std::vector<double> cell_edges(const Distribution& distribution, std::uint64_t most);

}  // namespace caviar
