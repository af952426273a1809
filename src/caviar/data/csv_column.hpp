// One column of a CSV file while its cells come in.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caviar/data/growing_numbers.hpp"
#include "caviar/data/level_index.hpp"
#include "caviar/data/table.hpp"

namespace caviar {

// Holds numbers, or levels where that is told or a text comes before the first number.
class CsvColumn {
 public:
  CsvColumn(std::string name, std::optional<ColumnType> told, std::size_t rows_expected);
  // Numbers go into this room, which `owner` keeps and which has a place for every row.
  void use(std::shared_ptr<void> owner, std::span<double> room) {
    numbers_.use(std::move(owner), room);
  }
  // Cells pass by and none is kept; all of them are missing.
  void leave_out() { left_out_ = holds_levels_ = true; }

  bool holds_levels() const { return holds_levels_; }
  // `count` cells, `stride` numbers from one to the next.
  void add_numbers(const double* first, std::size_t stride, std::size_t count) {
    numbers_.add(first, stride, count);
  }
  bool has_numbers() const { return numbers_.present() > 0; }
  // A text among the numbers, which stays a gap there. Throws Error{input} where numbers are told.
  void note_text(std::string_view cell, std::size_t line, const std::string& source);
  std::size_t texts() const { return texts_.count; }
  // From now on levels, with so many cells missing before.
  void become_levels(std::size_t rows);
  void add_level(std::string_view cell, std::size_t line, const std::string& source);

  // After the last row. True: the cells that look like numbers are texts too, and the column must
  // be read again from its first row on, after become_levels(0). Throws Error{input} where a text
  // stands among numbers.
  bool must_read_again(const std::string& source) const;
  // `rows_before`: of the file, in front of the first of these.
  Column finish(const std::string& source, std::size_t rows_before = 0);

 private:
  struct Texts {
    std::size_t count = 0, first_line = 0;
    std::string first;
  };
  std::size_t numbers_among_levels() const;
  [[noreturn]] void fail_text(const std::string& source, std::size_t numbers) const;

  std::string name_;
  std::optional<ColumnType> told_;
  bool holds_levels_, left_out_ = false;
  GrowingNumbers numbers_;
  std::vector<std::int32_t> codes_;
  LevelIndex levels_;
  Texts texts_;
};

}  // namespace caviar
