// Reading CSV files with a header row, plain or gzip, into a table.
//
// A column is a number column if all its cells are numbers or missing; if most of its cells are
// text column_type.hpp says what it is. Text among mostly numbers is taken for a mistake and
// refused, unless the column's type is told. Missing: an empty cell, NA, N/A, NaN, null or ?.
#pragma once

#include <string>
#include <string_view>

#include "caviar/data/table.hpp"

namespace caviar {

struct CsvOptions {
  ColumnTypes types;            // told, not found out
  bool types_may_miss = false;  // a name among them that is no column is no error
};

// Throws Error{missing, io} where the file cannot be read, Error{input} where it is no such table:
// ragged rows, text in a number column, no rows, empty or repeated column names, an open quote.
// Every text names the file, the line, the column, the value and what was expected.
Table read_csv(const std::string& path, const CsvOptions& options = {});
Table parse_csv(std::string_view text, const std::string& source, const CsvOptions& options = {});

bool is_missing(std::string_view cell);

}  // namespace caviar
