// Numbers in text, read exactly and fast.
#pragma once

#include <optional>
#include <string_view>

namespace caviar {

// Reads the number that begins at `first`: 12, -0.5, +3e-7, .5, 12.; the nearest double, ties to
// even. Gives the place behind it, or nullptr where none begins or it is not finite.
const char* read_number(const char* first, const char* last, double& value);

// A finite number that takes up the whole cell.
std::optional<double> number_in(std::string_view cell);

}  // namespace caviar
