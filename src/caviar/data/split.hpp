// Which rows train, which choose (validation), which judge at the very end (test).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace caviar {

struct SplitShares {
  double validation = 0.2, test = 0.2;  // of all rows; 0: none; together below 1
  std::uint64_t seed = 0;
};

struct Split {
  std::vector<std::size_t> training, validation,
      test;  // row numbers, ascending, disjoint, all rows
};

// Drawn at random by the seed alone. With labels every class has its share in every part to within
// one row, and at least one row that trains. The test part depends on rows, labels, seed and its
// own share only. Throws Error{input} on shares that make no sense or leave a part empty.
Split split_rows(std::size_t rows, std::span<const std::int32_t> labels, const SplitShares& shares);

}  // namespace caviar
