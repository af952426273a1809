// A first look at a configuration with few rows, which costs as much less as there are fewer.
#pragma once

#include <cstdint>

#include "caviar/trainer/prepared_data.hpp"

namespace caviar {

// The data with that share of its training rows (above 0, up to 1; at least one row, and one of
// each class), the rest as it is: scaling, validation and test part. The rows are drawn by the seed
// alone, each class in its share to within one row, and nested: those of a smaller share are among
// those of a larger one.
PreparedData with_share_of_rows(const PreparedData& data, double share, std::uint64_t seed);

}  // namespace caviar
