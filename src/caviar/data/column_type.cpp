#include "caviar/data/column_type.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/date.hpp"
#include "caviar/data/table_options.hpp"

namespace caviar {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> word_pairs = {
    {{"no", "yes"}, {"false", "true"}, {"n", "y"}, {"f", "t"}, {"off", "on"}}};
constexpr std::size_t fewest_texts = 65;  // fewer levels than these are names

// Which pair a word belongs to, and whether it means yes.
struct Word {
  std::size_t pair;
  bool yes;
};

std::optional<Word> word_of(std::string_view text) {
  constexpr std::size_t longest = 5;
  if (text.empty() || text.size() > longest) return std::nullopt;
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (std::size_t pair = 0; pair < word_pairs.size(); ++pair) {
    if (lower == word_pairs[pair].first) return Word{pair, false};
    if (lower == word_pairs[pair].second) return Word{pair, true};
  }
  return std::nullopt;
}

bool is_yes_no(const Column& column) {
  bool yes = false, no = false;
  std::optional<std::size_t> pair;
  for (const std::string& level : column.levels) {
    const auto word = word_of(level);
    if (!word || (pair && *pair != word->pair)) return false;
    pair = word->pair;
    (word->yes ? yes : no) = true;
  }
  return yes && no;
}

bool is_date(const Column& column) {
  return !column.levels.empty() &&
         std::all_of(column.levels.begin(), column.levels.end(),
                     [](const std::string& level) { return parse_date(level).has_value(); });
}

// Where a column comes from.
struct CellPlace {
  const std::string& source;
  std::size_t rows_before;
};

[[noreturn]] void fail(const Column& column, std::size_t level, const CellPlace& place,
                       std::string_view wanted) {
  const auto code = static_cast<std::int32_t>(level);
  const auto row = std::find(column.codes.begin(), column.codes.end(), code) - column.codes.begin();
  throw Error(Fault::input,
              fmt::format("{}: column '{}', row {} below the header: '{}' is not {}", place.source,
                          column.name, place.rows_before + static_cast<std::size_t>(row) + 1,
                          column.levels[level], wanted));
}

// A column of dates with a slip in it must not be taken for something else: it is told, as one of
// numbers is.
void check_dates(const Column& column, const CellPlace& place) {
  std::size_t dates = 0, other = 0;
  for (std::size_t level = 0; level < column.levels.size(); ++level) {
    if (parse_date(column.levels[level])) {
      ++dates;
    } else {
      other = level;
    }
  }
  if (dates < 5 || 10 * dates < 9 * column.levels.size()) return;
  fail(column, other, place,
       fmt::format("a date, as {} of the column's {} different values are; correct it, leave the "
                   "cell empty, or list the column under `categorical` or `ignore`",
                   dates, column.levels.size()));
}

bool is_free_text(const Column& column) {
  if (column.levels.size() < fewest_texts) return false;
  return 2 * column.levels.size() > column.codes.size() - column.missing();
}

void make_yes_no(Column& column, const CellPlace& place) {
  std::vector<std::int32_t> meaning;
  std::vector<std::string> spelt(2);
  for (std::size_t level = 0; level < column.levels.size(); ++level) {
    const std::string& text = column.levels[level];
    const auto truth = text == "1" || text == "0" ? text == "1" : truth_of(text);
    if (!truth) fail(column, level, place, "a yes or a no, which its type needs");
    meaning.push_back(*truth ? 1 : 0);
    std::string& word = spelt[*truth ? 1 : 0];
    if (word.empty()) word = text;
  }
  if (spelt[0].empty()) spelt[0] = "no";
  if (spelt[1].empty()) spelt[1] = "yes";
  for (std::int32_t& code : column.codes) {
    if (code != missing_level) code = meaning[static_cast<std::size_t>(code)];
  }
  column.levels = std::move(spelt);
}

void make_dates(Column& column, const CellPlace& place) {
  std::vector<double> seconds;
  for (std::size_t level = 0; level < column.levels.size(); ++level) {
    const auto date = parse_date(column.levels[level]);
    if (!date) {
      fail(column, level, place,
           "a date; 2024-02-29, 2024/02/29 or 29.02.2024 was expected, also with a time behind it");
    }
    seconds.push_back(*date);
  }
  std::vector<double> cells;
  cells.reserve(column.codes.size());
  for (const std::int32_t code : column.codes) {
    cells.push_back(code == missing_level ? std::numeric_limits<double>::quiet_NaN()
                                          : seconds[static_cast<std::size_t>(code)]);
  }
  column.numbers = std::move(cells);
  column.codes = {};
  column.levels = {};
}

}  // namespace

std::optional<bool> truth_of(std::string_view word) {
  const auto found = word_of(word);
  return found ? std::optional(found->yes) : std::nullopt;
}

void settle_type(Column& column, std::optional<ColumnType> told, const std::string& source,
                 std::size_t rows_before) {
  if (!told && !is_date(column)) check_dates(column, {source, rows_before});
  column.type = told                   ? *told
                : is_yes_no(column)    ? ColumnType::yes_no
                : is_date(column)      ? ColumnType::date
                : is_free_text(column) ? ColumnType::text
                                       : ColumnType::category;
  if (column.type == ColumnType::yes_no) make_yes_no(column, {source, rows_before});
  if (column.type == ColumnType::date) make_dates(column, {source, rows_before});
}

Column as_category(const Column& column) {
  Column category;
  category.name = column.name;
  category.type = ColumnType::category;
  std::unordered_map<double, std::int32_t> codes;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const double value = column.numbers[row];
    if (std::isnan(value)) {
      category.codes.push_back(missing_level);
      continue;
    }
    const auto next = static_cast<std::int32_t>(category.levels.size());
    const auto [level, added] = codes.emplace(value, next);
    if (added) category.levels.push_back(number_text(value));
    category.codes.push_back(level->second);
  }
  return category;
}

void apply_types(Table& table, const TableOptions& options) {
  for (const auto& [name, type] : options.types) {
    if (options.types_may_miss && !table.index(name)) continue;
    Column& column = table.columns[table.need(name, "type told (" + name_of(type) + ")")];
    if (type == column.type) continue;
    if (column.type == ColumnType::number) column = as_category(column);
    settle_type(column, type, table.source);
  }
}

}  // namespace caviar
