// The cells of a CSV text one after the other (RFC 4180: quotes, doubled quotes, line breaks inside
// quotes; any line end). Blanks around unquoted cells do not count; blank lines are skipped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caviar {

class CsvScanner {
 public:
  // Text and source must outlive it. `source` is the name used in errors.
  CsvScanner(std::string_view text, const std::string& source, char delimiter);

  // Goes to the next row that is not blank; false at the end. The cells of a row must be read
  // first.
  bool next_row();
  // The row's next cell, valid until the next call; false where the row ends.
  // Throws Error{input} on a quote that is not closed or has text behind it.
  bool next_cell(std::string_view& cell);
  // Reads up to `count` of the row's next cells as numbers, as long as they are nothing else: stops
  // before the end of the row and before a cell that is quoted or no finite number. How many it
  // read.
  std::size_t next_numbers(double* values, std::size_t count);
  bool in_row() const { return in_row_; }         // cells are left
  std::size_t line() const { return row_line_; }  // on which the row begins, from 1
  std::size_t offset() const { return at_; }      // bytes behind it

 private:
  bool ends_cell(char c) const { return c == delimiter_ || c == '\n' || c == '\r'; }
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && delimiter_ != '\t'); }
  void end_cell();
  void end_line();
  std::string_view plain_cell();
  std::string_view quoted_cell();

  std::string_view text_;
  const std::string& source_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t line_ = 1, row_line_ = 0;
  bool in_row_ = false;
  std::string unquoted_;
};

}  // namespace caviar
