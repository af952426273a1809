// Sending the rows of any table through what was learnt from another.
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <unordered_map>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/column_type.hpp"
#include "caviar/data/date.hpp"
#include "caviar/data/preprocess.hpp"

namespace caviar {
namespace {

constexpr std::size_t block_rows = 256;  // so many rows of a table and of the result stay in cache

// One column of the table at hand, met with what was learnt about it.
struct Source {
  const ColumnCode* code;
  const Column* column;
  // A table's level → yes_no: 0 or 1; category: its place among the features or its number; −1: a
  // level that counts as missing (yes_no) or that no feature stands for.
  std::vector<std::int32_t> of_level;
};

// Which of the learnt levels a text is, counted from 0; behind them the rare ones; −1: none.
std::int32_t place_of(const ColumnCode& code, const std::string& level) {
  const auto found = std::lower_bound(code.levels.begin(), code.levels.end(), level);
  if (found != code.levels.end() && *found == level) {
    return static_cast<std::int32_t>(found - code.levels.begin());
  }
  return code.rare ? static_cast<std::int32_t>(code.levels.size()) : -1;
}

std::int32_t meaning_of(const ColumnCode& code, const std::string& level) {
  if (code.type == ColumnType::category) return place_of(code, level);
  if (level == "1" || level == "0") return level == "1" ? 1 : 0;
  const auto truth = truth_of(level);
  return truth ? static_cast<std::int32_t>(*truth) : -1;
}

class Writer {
 public:
  Writer(const Source& source, std::size_t width) : source_(source), width_(width) {}

  // Writes the column's features of these rows, at most block_rows, from `out` on.
  void write(std::span<const std::size_t> rows, float* out) const {
    out += code().first_feature;
    if (code().type == ColumnType::category) return write_category(rows, out);
    std::array<double, block_rows> cells{};
    read_numbers(rows, cells.data());
    for (std::size_t i = 0; i < rows.size(); ++i, out += width_) {
      const bool missing = std::isnan(cells[i]);
      const double x = missing ? code().fill : cells[i];
      out[0] = scaled(x);
      if (code().type == ColumnType::date) write_cycles(missing, x, out + 1);
      if (code().missing) out[code().width - 1] = missing ? 1.F : 0.F;
    }
  }

 private:
  const ColumnCode& code() const { return *source_.code; }

  void read_numbers(std::span<const std::size_t> rows, double* cells) const {
    if (!source_.column->has_levels()) return source_.column->numbers.gather(rows, cells);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::int32_t meaning = level_meaning(source_.column->codes[rows[i]]);
      cells[i] = meaning < 0 ? std::nan("") : meaning;
    }
  }

  std::int32_t level_meaning(std::int32_t level) const {
    return level == missing_level ? -1 : source_.of_level[static_cast<std::size_t>(level)];
  }

  // Finite whatever a later table holds.
  float scaled(double x) const {
    if (code().factor == 0) return 0;
    constexpr double most = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp((x - code().shift) * code().factor, -most, most));
  }

  // A date that is missing has no place on any circle: its middle.
  void write_cycles(bool missing, double seconds, float* out) const {
    const Moment moment = moment_of(seconds);
    const std::array<double, 3> parts = {moment.of_year, moment.of_week, moment.of_day};
    const std::size_t circles = code().clock ? 3 : 2;
    for (std::size_t i = 0; i < circles; ++i) {
      const double angle = 2 * std::numbers::pi * parts[i];
      out[2 * i] = missing ? 0.F : static_cast<float>(std::sin(angle));
      out[2 * i + 1] = missing ? 0.F : static_cast<float>(std::cos(angle));
    }
  }

  // The place of a category's cell as place_of() counts; missing has one behind them all.
  std::int32_t place(std::size_t row) const {
    const std::int32_t level = source_.column->codes[row];
    if (level != missing_level) return source_.of_level[static_cast<std::size_t>(level)];
    if (!code().missing) return -1;
    return static_cast<std::int32_t>(code().levels.size() + (code().rare ? 1 : 0));
  }

  void write_category(std::span<const std::size_t> rows, float* out) const {
    for (const std::size_t row : rows) {
      const std::int32_t at = place(row);
      if (code().embed) {
        out[0] = static_cast<float>(at + 1);
      } else {
        std::fill_n(out, code().width, 0.F);
        if (at >= 0) out[at] = 1;
      }
      out += width_;
    }
  }

  const Source& source_;
  std::size_t width_;
};

[[noreturn]] void fail_type(const Table& table, const ColumnCode& code, const Column& column) {
  std::size_t row = 0;
  while (row + 1 < table.rows && column.is_missing(row)) ++row;
  const std::string cell =
      column.has_levels() && column.codes[row] != missing_level
          ? fmt::format(" ('{}' in row {})",
                        column.levels[static_cast<std::size_t>(column.codes[row])], row + 1)
          : "";
  throw Error(Fault::input,
              fmt::format("{}: column '{}' is of type {} here{}, but was {} in training",
                          table.source, code.name, name_of(column.type), cell, name_of(code.type)));
}

void check_type(const Table& table, const ColumnCode& code, const Column& column) {
  const bool wants_levels = code.type == ColumnType::category || code.type == ColumnType::yes_no;
  if (wants_levels) {
    if (column.type == ColumnType::date) fail_type(table, code, column);
    return;
  }
  if (column.type == code.type) return;
  const bool empty = column.missing() == table.rows;  // nothing says what it would be
  if (!empty) fail_type(table, code, column);
}

// Made up where the first line of a CSV file was none of names.
bool has_no_header(const Table& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name != fmt::format("column_{}", i + 1)) return false;
  }
  return true;
}

// Why columns are missing, as far as that can be told.
std::string hint_for(const Table& table, std::span<const ColumnCode> codes,
                     const std::vector<std::string>& missing) {
  if (has_no_header(table)) {
    return "; the first line of the file holds numbers, so it is no header with names";
  }
  std::vector<std::string> others;
  for (const Column& column : table.columns) {
    const bool learnt = std::ranges::find(codes, column.name, &ColumnCode::name) != codes.end();
    if (!learnt) others.push_back(column.name);
  }
  return missing.size() == 1 && !others.empty() ? suggestion(missing[0], others) : "";
}

[[noreturn]] void fail_missing(const Table& table, std::span<const ColumnCode> codes,
                               const std::vector<std::string>& missing) {
  std::vector<std::string> shown;
  for (const std::string& name : missing) {
    if (shown.size() < 5) shown.push_back("'" + name + "'");
  }
  const std::string more = missing.size() > shown.size()
                               ? fmt::format(" and {} more", missing.size() - shown.size())
                               : "";
  throw Error(Fault::input,
              fmt::format("{}: {} {}{} {} missing, from which the model has learnt{}", table.source,
                          missing.size() == 1 ? "column" : "columns", join(shown, ", "), more,
                          missing.size() == 1 ? "is" : "are", hint_for(table, codes, missing)));
}

// The table's columns in the order of the codes. Columns that must be re-spelt are kept in `made`.
std::vector<Source> find_sources(const Table& table, std::span<const ColumnCode> codes,
                                 std::vector<std::unique_ptr<const Column>>& made) {
  std::unordered_map<std::string_view, const Column*> by_name;
  for (const Column& column : table.columns) by_name.emplace(column.name, &column);
  std::vector<Source> sources;
  std::vector<std::string> missing;
  for (const ColumnCode& code : codes) {
    const auto found = by_name.find(code.name);
    if (found == by_name.end()) {
      missing.push_back(code.name);
      continue;
    }
    Source source{&code, found->second, {}};
    check_type(table, code, *source.column);
    // Spelt in numbers, as it may be where nobody told the types.
    const bool levels = code.type == ColumnType::category || code.type == ColumnType::yes_no;
    if (levels && !source.column->has_levels()) {
      made.push_back(std::make_unique<const Column>(as_category(*source.column)));
      source.column = made.back().get();
    }
    for (const std::string& level : source.column->levels) {
      source.of_level.push_back(meaning_of(code, level));
    }
    sources.push_back(std::move(source));
  }
  if (!missing.empty()) fail_missing(table, codes, missing);
  return sources;
}

UnseenLevels unseen_of(const Source& source) {
  const ColumnCode& code = *source.code;
  UnseenLevels unseen{code.name, code.type, code.rare, 0, 0, {}};
  if (code.type != ColumnType::category && code.type != ColumnType::yes_no) return unseen;
  const std::vector<std::string>& levels = source.column->levels;
  std::vector<bool> is_new(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const auto meaning = source.of_level[i];
    is_new[i] =
        meaning < 0 || (code.rare && meaning == static_cast<std::int32_t>(code.levels.size()));
    if (is_new[i] && unseen.levels.size() < most_levels_noted) unseen.levels.push_back(levels[i]);
  }
  for (const std::int32_t level : source.column->codes) {
    if (level == missing_level) continue;
    ++unseen.filled;
    unseen.cells += static_cast<std::size_t>(is_new[static_cast<std::size_t>(level)]);
  }
  return unseen;
}

}  // namespace

void UnseenLevels::add(const UnseenLevels& more) {
  column = more.column;
  type = more.type;
  rare = more.rare;
  cells += more.cells;
  filled += more.filled;
  for (const std::string& level : more.levels) {
    const bool known = std::ranges::find(levels, level) != levels.end();
    if (!known && levels.size() < most_levels_noted) levels.push_back(level);
  }
}

std::vector<UnseenLevels> Preprocessor::unseen(const Table& table) const {
  std::vector<std::unique_ptr<const Column>> made;
  std::vector<UnseenLevels> all;
  for (const Source& source : find_sources(table, columns_, made)) all.push_back(unseen_of(source));
  return all;
}

void Preprocessor::apply(const Table& table, std::span<const std::size_t> rows,
                         std::span<float> out) const {
  assert(out.size() == rows.size() * width());
  std::vector<std::unique_ptr<const Column>> made;
  const std::vector<Source> sources = find_sources(table, columns_, made);
  for (std::size_t first = 0; first < rows.size(); first += block_rows) {
    const auto block = rows.subspan(first, std::min(block_rows, rows.size() - first));
    for (const Source& source : sources) {
      Writer(source, width()).write(block, out.data() + first * width());
    }
  }
}

std::vector<float> Preprocessor::apply(const Table& table,
                                       std::span<const std::size_t> rows) const {
  std::vector<float> out(rows.size() * width());
  apply(table, rows, out);
  return out;
}

}  // namespace caviar
