// Numbers as programs write what they measured, also where it is not finite.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "caviar/base/json_fwd.hpp"

namespace caviar {

// As parse_number; but a number too large for a double is infinite, one too small for it is 0.
std::optional<double> parse_measured(std::string_view text);

// One line of a program's. What JSON lacks and programs write all the same is read as the texts
// "nan", "inf" and "-inf": NaN and Infinity, as Python's json.dumps has them, nan and inf, as
// printf does, and numbers too large for a double. Discarded (is_discarded) where it is no JSON.
Json parse_json_line(std::string_view line);
// The text with these tokens replaced, outside of strings; any other text as it is.
std::string with_non_finite_quoted(std::string_view text);

}  // namespace caviar
