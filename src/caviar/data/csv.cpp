#include "caviar/data/csv.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv_column.hpp"
#include "caviar/data/csv_layout.hpp"
#include "caviar/data/csv_scanner.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {
namespace {

// Numbers are read into a block of rows and then handed to their columns, which lie far apart.
constexpr std::size_t block_cells = 32768;

class Reader {
 public:
  Reader(std::string_view text, const std::string& source, const TableOptions& options)
      : text_(text), options_(options), layout_(find_layout(text, source, options)) {
    table_.source = source;
  }

  Table read() {
    const std::size_t expected = expected_rows();
    const ColumnTypes told = told_types();
    for (const std::string& name : layout_.names) {
      const auto type = told.find(name);
      columns_.emplace_back(name, type == told.end() ? std::nullopt : std::optional(type->second),
                            expected);
    }
    block_rows_ = std::clamp<std::size_t>(block_cells / width(), 1, expected);
    block_.resize(block_rows_ * width());
    read_rows();
    if (table_.rows == 0) {
      throw Error(Fault::input, table_.source + ": there are no rows below the header");
    }
    read_again();
    for (CsvColumn& column : columns_) table_.columns.push_back(column.finish(table_.source));
    return std::move(table_);
  }

 private:
  std::size_t width() const { return layout_.names.size(); }

  ColumnTypes told_types() const {
    Table names;
    names.source = table_.source;
    for (const std::string& name : layout_.names) names.columns.emplace_back().name = name;
    for (const auto& [name, type] : options_.types) {
      if (!options_.types_may_miss) names.need(name, "type told (" + name_of(type) + ")");
    }
    return options_.types;
  }

  // A little more than the rows there are, going by how long the first ones are.
  std::size_t expected_rows() const {
    constexpr std::size_t seen = 1 << 16;
    const std::string_view start = text_.substr(0, seen);
    const auto lines = static_cast<std::size_t>(std::count(start.begin(), start.end(), '\n'));
    const double share = static_cast<double>(text_.size()) / static_cast<double>(start.size());
    return static_cast<std::size_t>(1.05 * share * static_cast<double>(lines + 1)) + 1;
  }

  CsvScanner start() const {
    CsvScanner scanner(text_, table_.source, layout_.delimiter);
    std::string_view cell;
    if (layout_.header) {
      scanner.next_row();
      while (scanner.next_cell(cell)) continue;
    }
    return scanner;
  }

  // Columns of numbers that stand together are read in one go.
  void find_numbers() {
    numbers_end_.resize(width());
    for (std::size_t index = width(); index-- > 0;) {
      const bool ends = index + 1 == width() || columns_[index + 1].holds_levels();
      numbers_end_[index] = columns_[index].holds_levels() ? index
                            : ends                         ? index + 1
                                                           : numbers_end_[index + 1];
    }
  }

  void read_rows() {
    find_numbers();
    CsvScanner scanner = start();
    std::size_t in_block = 0;
    while (scanner.next_row()) {
      read_row(scanner, in_block);
      ++table_.rows;
      if (++in_block < block_rows_) continue;
      hand_out(in_block);
      in_block = 0;
    }
    hand_out(in_block);
  }

  void read_row(CsvScanner& scanner, std::size_t in_block) {
    double* const row = block_.data() + in_block * width();
    std::size_t index = 0;
    std::string_view cell;
    while (index < width()) {
      index += scanner.next_numbers(row + index, numbers_end_[index] - index);
      if (index == width()) break;
      if (!scanner.next_cell(cell)) break;
      CsvColumn& column = columns_[index];
      if (column.holds_levels()) {
        column.add_level(cell, scanner.line(), table_.source);
      } else {
        row[index] = take(index, cell, scanner.line(), in_block);
      }
      ++index;
    }
    if (index < width() || scanner.in_row()) fail_ragged(scanner, index);
  }

  // A cell that is not a plain number, in a column of numbers: what stands for it there.
  double take(std::size_t index, std::string_view cell, std::size_t line, std::size_t in_block) {
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    if (is_missing(cell)) return missing;
    if (const auto number = number_in(cell)) return *number;
    CsvColumn& column = columns_[index];
    column.note_text(cell, line, table_.source);
    if (column.texts() == 1 && !number_seen(index, in_block)) {
      column.become_levels(table_.rows);
      column.add_level(cell, line, table_.source);
      find_numbers();
    }
    return missing;
  }

  bool number_seen(std::size_t index, std::size_t in_block) const {
    for (std::size_t row = 0; row < in_block; ++row) {
      if (!std::isnan(block_[row * width() + index])) return true;
    }
    return columns_[index].has_numbers();
  }

  void hand_out(std::size_t rows) {
    for (std::size_t index = 0; index < width(); ++index) {
      CsvColumn& column = columns_[index];
      if (!column.holds_levels()) column.add_numbers(block_.data() + index, width(), rows);
    }
  }

  [[noreturn]] void fail_ragged(CsvScanner& scanner, std::size_t cells) const {
    std::string_view cell;
    for (; scanner.next_cell(cell); ++cells) continue;
    const std::string where =
        cells < width() ? fmt::format("the first without one is '{}'", layout_.names[cells])
                        : "the rest belongs to no column";
    throw Error(
        Fault::input,
        fmt::format("{}:{}: {} cells, but the {} {} columns; {}", table_.source, scanner.line(),
                    cells, layout_.header ? "header names" : "first line has", width(), where));
  }

  // Columns that began with numbers, but are of texts most of which are none.
  void read_again() {
    std::vector<std::size_t> again;
    for (std::size_t index = 0; index < width(); ++index) {
      if (columns_[index].must_read_again(table_.source)) again.push_back(index);
    }
    if (again.empty()) return;
    for (const std::size_t index : again) columns_[index].become_levels(0);
    CsvScanner scanner = start();
    std::string_view cell;
    while (scanner.next_row()) {
      auto next = again.begin();
      for (std::size_t index = 0; scanner.next_cell(cell); ++index) {
        if (next == again.end() || index != *next) continue;
        columns_[index].add_level(cell, scanner.line(), table_.source);
        ++next;
      }
    }
  }

  std::string_view text_;
  const TableOptions& options_;
  CsvLayout layout_;
  Table table_;
  std::vector<CsvColumn> columns_;
  std::vector<std::size_t> numbers_end_;  // behind the columns of numbers that begin here
  std::vector<double> block_;
  std::size_t block_rows_ = 0;
};

}  // namespace

bool is_missing(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > 4) return false;
  return cell == "NA" || cell == "?" || cell == "NaN" || cell == "nan" || cell == "N/A" ||
         cell == "null" || cell == "NULL";
}

Table parse_csv(std::string_view text, const std::string& source, const TableOptions& options) {
  return Reader(text, source, options).read();
}

}  // namespace caviar
