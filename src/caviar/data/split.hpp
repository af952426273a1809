// Which rows train, which choose (validation), which judge at the very end (test): once, or in
// folds, so that every row chooses once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "caviar/data/table.hpp"

namespace caviar {

struct SplitShares {
  double validation = 0.2, test = 0.2;  // of all rows; 0: none; together below 1
  std::uint64_t seed = 0;
};

// Row numbers, ascending, disjoint; together all rows, except that folds by time leave out what
// comes after their validation part.
struct Split {
  std::vector<std::size_t> training, validation, test;
};

// Why rows are not all alike. Each list is empty, or has an entry for every row.
struct RowTraits {
  std::size_t rows = 0;
  std::vector<std::int32_t> labels;  // every part gets its share of each, 0 … labels − 1
  std::vector<std::int32_t> groups;  // rows of one group stay together, 0 … groups − 1
  std::vector<double> times;         // nothing learns from what comes later; no groups then
};

// The groups and times that two columns of the table say; "" for none. Throws Error{input}: no such
// column, both, a missing cell, times that are neither numbers nor dates.
RowTraits row_traits(const Table& table, std::vector<std::int32_t> labels,
                     const std::string& group_column, const std::string& time_column);

// Drawn at random by the seed alone. With labels every class has its share in every part to within
// one row, and at least one row that trains; where groups stay together, as nearly as they let it.
// By time the test part is the latest and the validation part the latest of the rest, and no two
// parts share a time. The test part depends on the traits, the seed and its own share only.
// Throws Error{input} on shares that make no sense or leave a part empty.
Split split_rows(const RowTraits& traits, const SplitShares& shares);
Split split_rows(std::size_t rows, std::span<const std::int32_t> labels, const SplitShares& shares);

struct FoldPlan {
  std::size_t folds = 5, repeats = 1;
  double test = 0.2;  // drawn as above and the same in every fold: nothing touches it
  std::uint64_t seed = 0;
};

// repeats × folds splits. Within one repeat the validation parts are of one size to within a row
// (or group) and together are all rows but the test part. With labels each has its share of every
// class to within one row; a class of fewer rows than folds is absent from some. By time fold i
// trains on the first i + 1 of folds + 1 stretches and chooses on the next, and repeats would be
// the same. Throws Error{input} on fewer than 2 folds, on more folds than rows or groups, on
// repeats by time.
std::vector<Split> fold_rows(const RowTraits& traits, const FoldPlan& plan);

// Nested folds, to judge a search as a whole: each of the `outer` folds is once the test part, and
// the rest is folded `inner` times to choose. result[outer fold][inner fold].
std::vector<std::vector<Split>> nested_folds(const RowTraits& traits, std::size_t outer,
                                             std::size_t inner, std::uint64_t seed);

}  // namespace caviar
