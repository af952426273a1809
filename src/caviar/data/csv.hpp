// Reading CSV and the like (commas, semicolons, tabs), with a header row or none, into a table.
//
// A column is a number column if all its cells are numbers or missing; if most of its cells are
// text column_type.hpp says what it is. Text among mostly numbers is taken for a mistake and
// refused, unless the column's type is told. Missing: an empty cell, NA, N/A, NaN, null or ?.
// Without a header the columns are called column_1, column_2 and so on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "caviar/data/table.hpp"
#include "caviar/data/table_options.hpp"

namespace caviar {

// Throws Error{input} where it is no such table: ragged rows, text in a number column, no rows,
// empty or repeated column names, an open quote, text that is not UTF-8. Every text names the file,
// the line, the column, the value and what was expected.
Table parse_csv(std::string_view text, const std::string& source, const TableOptions& options = {});

// What a first column without a name in the header is called. pandas and R write the rows' numbers
// or names there, which say nothing of other rows: its type is text unless it is told.
inline constexpr const char* row_names = "row_names";

class CsvReader;

// The same in blocks of rows, for memory that does not grow with the text. Every column whose type
// is told is read; of the others no cell is kept, and all are missing.
class CsvBlocks {
 public:
  // Text, source and options must outlive it. Throws as parse_csv does, as does next().
  CsvBlocks(std::string_view text, const std::string& source, const TableOptions& options);
  ~CsvBlocks();
  CsvBlocks(const CsvBlocks&) = delete;
  CsvBlocks& operator=(const CsvBlocks&) = delete;

  // The next rows, at most so many, which is at least 1; nothing behind the last. Where there are
  // no rows below the header, the first block has its columns and no rows.
  std::optional<Table> next(std::size_t rows);

 private:
  std::unique_ptr<CsvReader> reader_;
};

bool is_missing(std::string_view cell);

}  // namespace caviar
