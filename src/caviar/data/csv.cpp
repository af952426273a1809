#include "caviar/data/csv.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/data/column_file.hpp"
#include "caviar/data/csv_column.hpp"
#include "caviar/data/csv_layout.hpp"
#include "caviar/data/csv_scanner.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {
namespace {

// Numbers are read into a block of rows and then handed to their columns, which lie far apart.
constexpr std::size_t block_cells = 32768;

}  // namespace

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& source, const TableOptions& options)
      : text_(text),
        source_(source),
        options_(options),
        layout_(find_layout(text, source, options)),
        scanner_(start()) {
    check_told();
  }

  Table read() {
    const bool in_file = !options_.columns_in.empty();
    begin(expected_rows(), in_file ? 0 : expected_rows());
    if (in_file) move_to_file();
    read_rows(std::numeric_limits<std::size_t>::max());
    check_any();
    read_again();
    return finish();
  }

  std::optional<Table> next(std::size_t rows) {
    if (ended_) return std::nullopt;
    begin(rows, rows);
    for (std::size_t index = 0; index < width(); ++index) {
      if (!options_.types.contains(layout_.names[index])) columns_[index].leave_out();
    }
    read_rows(rows);
    ended_ = table_.rows < rows;
    if (table_.rows == 0 && rows_before_ > 0) return std::nullopt;
    return finish();
  }

 private:
  // Columns for so many rows, with memory for some of them from the beginning.
  void begin(std::size_t rows, std::size_t reserved) {
    table_ = {};
    table_.source = source_;
    columns_.clear();
    for (const std::string& name : layout_.names) {
      columns_.emplace_back(name, type_told(name), reserved);
    }
    block_rows_ = std::clamp<std::size_t>(block_cells / width(), 1, rows);
    block_.resize(block_rows_ * width());
  }

  std::optional<ColumnType> type_told(const std::string& name) const {
    const auto type = options_.types.find(name);
    if (type != options_.types.end()) return type->second;
    const bool is_row_name = layout_.has_row_names && columns_.empty();
    return is_row_name ? std::optional(ColumnType::text) : std::nullopt;
  }

  // As many line ends as there are leave room for every row.
  void move_to_file() {
    const auto ends = std::max(std::count(text_.begin(), text_.end(), '\n'),
                               std::count(text_.begin(), text_.end(), '\r'));
    const ColumnFile file(options_.columns_in, width(), static_cast<std::size_t>(ends) + 1);
    for (std::size_t index = 0; index < width(); ++index) {
      columns_[index].use(file.owner(), file.column(index));
    }
  }

  void check_any() const {
    if (table_.rows > 0) return;
    throw Error(Fault::input, source_ + ": there are no rows below the header");
  }

  Table finish() {
    for (CsvColumn& column : columns_) {
      table_.columns.push_back(column.finish(source_, rows_before_));
    }
    rows_before_ += table_.rows;
    return std::move(table_);
  }

  std::size_t width() const { return layout_.names.size(); }

  void check_told() const {
    Table names;
    names.source = source_;
    for (const std::string& name : layout_.names) names.columns.emplace_back().name = name;
    for (const auto& [name, type] : options_.types) {
      if (!options_.types_may_miss) names.need(name, "type told (" + name_of(type) + ")");
    }
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
    CsvScanner scanner(text_, source_, layout_.delimiter);
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

  void read_rows(std::size_t most) {
    find_numbers();
    std::size_t in_block = 0;
    while (table_.rows < most && scanner_.next_row()) {
      read_row(scanner_, in_block);
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
        column.add_level(cell, scanner.line(), source_);
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
    column.note_text(cell, line, source_);
    if (column.texts() == 1 && !number_seen(index, in_block)) {
      column.become_levels(table_.rows);
      column.add_level(cell, line, source_);
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
        fmt::format("{}:{}: {} cells, but the {} {} columns; {}", source_, scanner.line(), cells,
                    layout_.header ? "header names" : "first line has", width(), where));
  }

  // Columns that began with numbers, but are of texts most of which are none.
  void read_again() {
    std::vector<std::size_t> again;
    for (std::size_t index = 0; index < width(); ++index) {
      if (columns_[index].must_read_again(source_)) again.push_back(index);
    }
    if (again.empty()) return;
    for (const std::size_t index : again) columns_[index].become_levels(0);
    CsvScanner scanner = start();
    std::string_view cell;
    while (scanner.next_row()) {
      auto next = again.begin();
      for (std::size_t index = 0; scanner.next_cell(cell); ++index) {
        if (next == again.end() || index != *next) continue;
        columns_[index].add_level(cell, scanner.line(), source_);
        ++next;
      }
    }
  }

  std::string_view text_;
  const std::string& source_;
  const TableOptions& options_;
  CsvLayout layout_;
  CsvScanner scanner_;
  Table table_;
  std::size_t rows_before_ = 0;  // this table
  bool ended_ = false;           // no block is left
  std::vector<CsvColumn> columns_;
  std::vector<std::size_t> numbers_end_;  // behind the columns of numbers that begin here
  std::vector<double> block_;
  std::size_t block_rows_ = 0;
};

CsvBlocks::CsvBlocks(std::string_view text, const std::string& source, const TableOptions& options)
    : reader_(std::make_unique<CsvReader>(text, source, options)) {}
CsvBlocks::~CsvBlocks() = default;

std::optional<Table> CsvBlocks::next(std::size_t rows) { return reader_->next(rows); }

bool is_missing(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > 4) return false;
  return cell == "NA" || cell == "?" || cell == "NaN" || cell == "nan" || cell == "N/A" ||
         cell == "null" || cell == "NULL";
}

Table parse_csv(std::string_view text, const std::string& source, const TableOptions& options) {
  return CsvReader(text, source, options).read();
}

}  // namespace caviar
