// How each kind of distribution lies on the unit interval. distribution.cpp picks the kind.
// All of it needs a valid distribution (see problem.hpp).
#pragma once

#include <cstdint>
#include <optional>

#include "caviar/space/distribution.hpp"

namespace caviar {

// Cells of equal width: the one that unit lies in, and the middle of one. count up to 2^48.
std::uint64_t cell_at(double unit, std::uint64_t count);
double middle_of_cell(std::uint64_t index, std::uint64_t count);

// The number of values; nullopt where continuous; 2^64 − 1 stands for 2^64 too.
std::optional<std::uint64_t> count(const Float& axis);
std::uint64_t count(const Int& axis);

double value_at(const Float& axis, std::uint64_t index);  // stepped or fixed only
std::int64_t value_at(const Int& axis, std::uint64_t index);

// Which value it is, for a stepped or fixed Float up to a millionth of a step; nullopt if none.
std::optional<std::uint64_t> index_of(const Float& axis, double value);
std::optional<std::uint64_t> index_of(const Int& axis, std::int64_t value);

double decode_axis(const Float& axis, double unit);
std::int64_t decode_axis(const Int& axis, double unit);
double encode_axis(const Float& axis, double value);
double encode_axis(const Int& axis, std::int64_t value);

}  // namespace caviar
