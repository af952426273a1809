#include "caviar/data/table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

const std::array<std::string, 5> type_names = {"number", "date", "yes_no", "category", "text"};

}  // namespace

std::string name_of(ColumnType type) { return type_names[static_cast<std::size_t>(type)]; }

ColumnType parse_column_type(const std::string& name, const std::string& where) {
  const auto found = std::find(type_names.begin(), type_names.end(), name);
  if (found != type_names.end()) return static_cast<ColumnType>(found - type_names.begin());
  throw Error(Fault::input,
              where + ": '" + name + "' is not a type of column" + suggestion(name, type_names));
}

bool Column::is_missing(std::size_t row) const {
  return has_levels() ? codes[row] == missing_level : std::isnan(numbers[row]);
}

std::size_t Column::missing() const {
  if (has_levels()) {
    return static_cast<std::size_t>(std::count(codes.begin(), codes.end(), missing_level));
  }
  if (!is_float(numbers.type())) return 0;
  std::size_t gaps = 0;
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    gaps += static_cast<std::size_t>(std::isnan(numbers[row]));
  }
  return gaps;
}

std::optional<std::size_t> Table::index(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  return std::nullopt;
}

std::size_t Table::need(std::string_view name, const std::string& role) const {
  if (const auto found = index(name)) return *found;
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  std::string hint = suggestion(name, names);
  if (names.size() > 12 && !nearest(name, names)) {
    hint = fmt::format(" (its {} columns run from '{}' to '{}')", names.size(), names.front(),
                       names.back());
  }
  throw Error(Fault::input,
              fmt::format("{}: there is no column '{}' for the {}{}", source, name, role, hint));
}

std::optional<Table> without_missing(const Table& table, const std::vector<std::string>& targets) {
  std::vector<const Column*> needed;
  for (const std::string& name : targets) {
    needed.push_back(&table.columns[table.need(name, "target")]);
  }
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto is_missing = [row](const Column* column) { return column->is_missing(row); };
    if (std::none_of(needed.begin(), needed.end(), is_missing)) rows.push_back(row);
  }
  if (rows.size() == table.rows) return std::nullopt;
  return only_rows(table, rows);
}

Table only_rows(const Table& table, const std::vector<std::size_t>& rows) {
  Table kept{table.source, rows.size(), {}, table.image};
  for (const Column& column : table.columns) {
    Column& some =
        kept.columns.emplace_back(Column{column.name, column.type, {}, {}, column.levels});
    if (column.has_levels()) {
      for (const std::size_t row : rows) some.codes.push_back(column.codes[row]);
    } else {
      std::vector<double> numbers(rows.size());
      column.numbers.gather(rows, numbers.data());
      some.numbers = std::move(numbers);
    }
  }
  return kept;
}

}  // namespace caviar
