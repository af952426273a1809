// A table as it was read: columns of numbers or of levels, some cells missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/data/numbers.hpp"

namespace caviar {

// number    a quantity
// date      a day or a moment, kept as seconds since the beginning of 1970 (UTC)
// yes_no    levels[0] means no, levels[1] yes
// category  one of some names
// text      free text, nearly every cell another; nothing learns from it
enum class ColumnType { number, date, yes_no, category, text };

std::string name_of(ColumnType type);  // "number", "date", "yes_no", "category", "text"
// Throws Error{input} that begins with `where`.
ColumnType parse_column_type(const std::string& name, const std::string& where);

inline constexpr std::int32_t missing_level = -1;

struct Column {
  std::string name;
  ColumnType type = ColumnType::number;
  Numbers numbers;                  // number, date: a cell a row, NaN where missing
  std::vector<std::int32_t> codes;  // the others: a cell a row, an index into levels
  std::vector<std::string> levels;  // the different texts, in the order first seen

  bool has_levels() const { return type != ColumnType::number && type != ColumnType::date; }
  bool is_missing(std::size_t row) const;
  std::size_t missing() const;  // how many cells
};

// Columns whose type is told, by name.
using ColumnTypes = std::map<std::string, ColumnType, std::less<>>;

// The pixels of a picture lie in a row: line after line, the channels of a pixel together.
struct ImageShape {
  std::size_t height = 0, width = 0, channels = 1;

  std::size_t pixels() const { return height * width * channels; }
  bool operator==(const ImageShape&) const = default;
};

struct Table {
  std::string source;  // the file, for errors
  std::size_t rows = 0;
  std::vector<Column> columns;
  std::optional<ImageShape> image;  // the first image->pixels() columns are one picture

  std::optional<std::size_t> index(std::string_view name) const;
  // Throws Error{input} naming the file, and the nearest column where one is near. `role` says what
  // the column was wanted for: "target".
  std::size_t need(std::string_view name, const std::string& role) const;
};

// The table without the rows in which one of these columns, the targets, is missing; nothing where
// none is. Throws Error{input} on a name that is no column.
std::optional<Table> without_missing(const Table& table, const std::vector<std::string>& targets);

// The table's rows of these numbers, in this order.
Table only_rows(const Table& table, const std::vector<std::size_t>& rows);

}  // namespace caviar
