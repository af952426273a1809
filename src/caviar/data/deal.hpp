// Dealing rows out to parts of given shares: by chance, class by class, or in whole groups.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/data/split.hpp"

namespace caviar {

using Rows = std::vector<std::size_t>;

// The rows by number: rows_by(labels)[l] are those of label l; one list of all without labels.
std::vector<Rows> rows_by(const Rows& rows, std::span<const std::int32_t> numbers);

// Takes whole groups away from `rows` to make up a share of them, each class in proportion as
// nearly as that goes, and gives them, ascending.
Rows take_groups(Rows& rows, const RowTraits& traits, double share, Rng& rng);
// The latest ones; rows of one time stay together.
Rows take_latest(Rows& rows, std::span<const double> times, double share);

// The part of each row, 0 … parts − 1, parts of one size as nearly as that goes.
std::vector<Rows> deal_rows(const Rows& rows, std::span<const std::int32_t> labels,
                            std::size_t parts, Rng& rng);
std::vector<Rows> deal_groups(const Rows& rows, const RowTraits& traits, std::size_t parts,
                              Rng& rng);
// Stretches of time, the earliest first; rows of one time stay together.
std::vector<Rows> deal_times(const Rows& rows, std::span<const double> times, std::size_t parts);

}  // namespace caviar
