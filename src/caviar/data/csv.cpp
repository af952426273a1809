#include "caviar/data/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/data/column_type.hpp"
#include "caviar/data/csv_scanner.hpp"
#include "caviar/data/gzip.hpp"

namespace caviar {
namespace {

constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();

// A finite number that takes up the whole cell.
std::optional<double> number_in(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    value = std::strtod(std::string(cell).c_str(), nullptr);  // 0 or infinity
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// What the first pass learns about a column beside its numbers.
struct Census {
  std::size_t numbers = 0, texts = 0;
  std::size_t first_text_line = 0;
  std::string first_text;
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& source, const CsvOptions& options)
      : text_(text), options_(options) {
    table_.source = source;
  }

  Table read() {
    CsvScanner scanner(text_, table_.source);
    read_header(scanner);
    mark_levels();
    read_numbers(scanner);
    decide_kinds();
    if (std::find(levels_.begin(), levels_.end(), true) != levels_.end()) read_texts();
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(std::size_t line, const std::string& problem) const {
    throw Error(Fault::input, fmt::format("{}:{}: {}", table_.source, line, problem));
  }

  void read_header(CsvScanner& scanner) {
    if (!scanner.next_row()) {
      throw Error(Fault::input, table_.source +
                                    ": the file is empty; a first line with the names of the "
                                    "columns was expected");
    }
    std::unordered_map<std::string, std::size_t> seen;
    std::string_view cell;
    while (scanner.next_cell(cell)) {
      const std::size_t number = table_.columns.size() + 1;
      if (cell.empty())
        fail(scanner.line(), fmt::format("column {} has no name in the header", number));
      if (cell.find('\0') != std::string_view::npos) {
        fail(scanner.line(), "this is no text file; CSV with a header line was expected");
      }
      const auto [first, added] = seen.emplace(cell, number);
      if (!added) {
        fail(scanner.line(), fmt::format("columns {} and {} are both named '{}'; names must differ",
                                         first->second, number, cell));
      }
      table_.columns.emplace_back().name = cell;
    }
    census_.resize(table_.columns.size());
  }

  // Which columns are told to be something else than numbers.
  void mark_levels() {
    levels_.resize(table_.columns.size());
    numbers_.resize(table_.columns.size());
    for (const auto& [name, type] : options_.types) {
      if (options_.types_may_miss && !table_.index(name)) continue;
      const std::size_t index = table_.need(name, "type told (" + name_of(type) + ")");
      levels_[index] = type != ColumnType::number;
    }
  }

  // Calls visit(column index, cell) for every cell of the scanner's remaining rows.
  template <class Visit>
  void for_each_cell(CsvScanner& scanner, const Visit& visit) {
    const std::size_t columns = table_.columns.size();
    std::string_view cell;
    while (scanner.next_row()) {
      std::size_t index = 0;
      for (; scanner.next_cell(cell); ++index) {
        if (index < columns) visit(index, cell);
      }
      if (index == columns) continue;
      const std::string where =
          index < columns ? fmt::format("the first without one is '{}'", table_.columns[index].name)
                          : "the rest belongs to no column";
      fail(scanner.line(),
           fmt::format("{} cells, but the header names {} columns; {}", index, columns, where));
    }
  }

  void read_numbers(CsvScanner& scanner) {
    for_each_cell(scanner, [&](std::size_t index, std::string_view cell) {
      table_.rows += static_cast<std::size_t>(index == 0);
      if (levels_[index]) return;
      if (const auto number = number_in(cell)) {
        numbers_[index].push_back(*number);
        ++census_[index].numbers;
        return;
      }
      numbers_[index].push_back(missing_number);
      if (is_missing(cell)) return;
      Census& census = census_[index];
      if (census.texts++ > 0) return;
      census.first_text = cell;
      census.first_text_line = scanner.line();
    });
    if (table_.rows == 0) {
      throw Error(Fault::input, table_.source + ": there are no rows below the header");
    }
  }

  void decide_kinds() {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      const Census& census = census_[i];
      Column& column = table_.columns[i];
      if (census.texts == 0) {
        if (!levels_[i]) column.numbers = std::move(numbers_[i]);
        continue;
      }
      const bool told = options_.types.contains(column.name);
      if (told || census.numbers > census.texts) {
        fail(census.first_text_line,
             fmt::format("column '{}': '{}' is not a number, {}; correct it, leave the cell empty, "
                         "or list the column under `categorical`",
                         column.name, census.first_text,
                         told ? "which its type needs"
                              : fmt::format("but {} other cells of it are", census.numbers)));
      }
      levels_[i] = true;
    }
  }

  void read_texts() {
    std::vector<std::unordered_map<std::string, std::int32_t>> levels(table_.columns.size());
    numbers_.clear();
    CsvScanner scanner(text_, table_.source);
    std::string_view cell;
    scanner.next_row();
    while (scanner.next_cell(cell)) continue;  // the header
    for_each_cell(scanner, [&](std::size_t index, std::string_view text) {
      Column& column = table_.columns[index];
      if (!levels_[index]) return;
      if (is_missing(text)) return column.codes.push_back(missing_level);
      const auto [level, added] =
          levels[index].emplace(text, static_cast<std::int32_t>(column.levels.size()));
      if (added) column.levels.emplace_back(text);
      column.codes.push_back(level->second);
    });
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      Column& column = table_.columns[i];
      if (levels_[i]) settle_type(column, told_type(column.name), table_.source);
    }
  }

  std::optional<ColumnType> told_type(const std::string& name) const {
    const auto found = options_.types.find(name);
    return found == options_.types.end() ? std::nullopt : std::optional(found->second);
  }

  std::string_view text_;
  const CsvOptions& options_;
  Table table_;
  std::vector<Census> census_;
  std::vector<std::vector<double>> numbers_;
  std::vector<bool> levels_;  // the column is not of numbers
};

}  // namespace

bool is_missing(std::string_view cell) {
  if (cell.empty()) return true;
  if (cell.size() > 4) return false;
  return cell == "NA" || cell == "?" || cell == "NaN" || cell == "nan" || cell == "N/A" ||
         cell == "null" || cell == "NULL";
}

Table parse_csv(std::string_view text, const std::string& source, const CsvOptions& options) {
  return Reader(text, source, options).read();
}

Table read_csv(const std::string& path, const CsvOptions& options) {
  return parse_csv(read_plain_or_gzip(path), path, options);
}

}  // namespace caviar
