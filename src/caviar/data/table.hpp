// A table as it was read: columns of numbers or of text, some cells missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caviar {

inline constexpr std::int32_t missing_level = -1;

struct Column {
  std::string name;
  bool is_text = false;
  std::vector<double> numbers;      // a number column: a cell a row, NaN where missing
  std::vector<std::int32_t> codes;  // a text column: a cell a row, an index into levels
  std::vector<std::string> levels;  // the different texts, in the order first seen

  std::size_t missing() const;  // how many cells
};

struct Table {
  std::string source;  // the file, for errors
  std::size_t rows = 0;
  std::vector<Column> columns;

  std::optional<std::size_t> index(std::string_view name) const;
  // Throws Error{input} naming the file, and the nearest column where one is near. `role` says what
  // the column was wanted for: "target".
  std::size_t need(std::string_view name, const std::string& role) const;
};

}  // namespace caviar
