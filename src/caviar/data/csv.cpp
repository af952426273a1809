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
    mark_text_columns();
    read_numbers(scanner);
    decide_kinds();
    if (std::any_of(table_.columns.begin(), table_.columns.end(), is_text)) read_texts();
    return std::move(table_);
  }

 private:
  static bool is_text(const Column& column) { return column.is_text; }

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

  void mark_text_columns() {
    for (const std::string& name : options_.text_columns) {
      table_.columns[table_.need(name, "text columns")].is_text = true;
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
      Column& column = table_.columns[index];
      table_.rows += static_cast<std::size_t>(index == 0);
      if (column.is_text) return;
      if (const auto number = number_in(cell)) {
        column.numbers.push_back(*number);
        ++census_[index].numbers;
        return;
      }
      column.numbers.push_back(missing_number);
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
      if (census.texts == 0) continue;
      if (census.numbers > census.texts) {
        fail(census.first_text_line,
             fmt::format("column '{}': '{}' is not a number, but {} other cells of it are; correct "
                         "it, leave the cell empty, or list the column under `categorical`",
                         column.name, census.first_text, census.numbers));
      }
      column.is_text = true;
    }
  }

  void read_texts() {
    std::vector<std::unordered_map<std::string, std::int32_t>> levels(table_.columns.size());
    for (Column& column : table_.columns) {
      if (column.is_text) column.numbers = {};
    }
    CsvScanner scanner(text_, table_.source);
    std::string_view cell;
    scanner.next_row();
    while (scanner.next_cell(cell)) continue;  // the header
    for_each_cell(scanner, [&](std::size_t index, std::string_view text) {
      Column& column = table_.columns[index];
      if (!column.is_text) return;
      if (is_missing(text)) return column.codes.push_back(missing_level);
      const auto [level, added] =
          levels[index].emplace(text, static_cast<std::int32_t>(column.levels.size()));
      if (added) column.levels.emplace_back(text);
      column.codes.push_back(level->second);
    });
  }

  std::string_view text_;
  const CsvOptions& options_;
  Table table_;
  std::vector<Census> census_;
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
