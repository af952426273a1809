#include "caviar/data/preprocess.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/date.hpp"

namespace caviar {
namespace {

const std::array<std::string, 3> scaling_names = {"standard", "range", "none"};

constexpr double indicator_share = 0.01;  // missing more often than this: a feature says where

bool is_pixel(const Table& table, std::size_t column) {
  return table.image && column < table.image->pixels() &&
         table.columns[column].numbers.type() == NumberType::u8;
}

double share_of(std::size_t part, std::size_t all) {
  return static_cast<double>(part) / static_cast<double>(all);
}

void learn_scale(ColumnCode& code, std::span<const double> values, Scaling scaling) {
  if (scaling == Scaling::none) return;
  if (scaling == Scaling::range) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    code.shift = *low;
    code.factor = *high > *low ? 1 / (*high - *low) : 0;
  } else {
    const auto [mean, deviation] = moments(values);
    code.shift = mean;
    code.factor = deviation > 0 ? 1 / deviation : 0;
  }
  // A spread that is too small or too large for its reciprocal says as little as none.
  if (!std::isfinite(code.factor) || !std::isfinite(code.shift)) code.shift = code.factor = 0;
}

void learn_numbers(const Table& table, std::size_t column,
                   std::span<const std::size_t> training_rows, const PreprocessOptions& options,
                   ColumnCode& code) {
  if (is_pixel(table, column)) {
    code.factor = 1 / 255.0;
    return;
  }
  std::vector<double> cells(training_rows.size());
  table.columns[column].numbers.gather(training_rows, cells.data());
  std::erase_if(cells, [](double x) { return std::isnan(x); });
  code.fill = median(cells);
  code.missing =
      share_of(training_rows.size() - cells.size(), training_rows.size()) > indicator_share;
  const bool date = code.type == ColumnType::date;
  if (date) {
    code.clock = std::any_of(cells.begin(), cells.end(),
                             [](double seconds) { return std::fmod(seconds, seconds_a_day) != 0; });
  }
  cells.resize(training_rows.size(), code.fill);  // the gaps, filled
  learn_scale(code, cells, date ? Scaling::standard : options.scaling);
}

// How many of the rows have each level; the missing ones in a place of their own.
struct LevelCounts {
  std::vector<std::size_t> of_level;
  std::size_t missing = 0;
};

LevelCounts count_levels(const Column& column, std::span<const std::size_t> rows) {
  LevelCounts counts;
  counts.of_level.resize(column.levels.size());
  for (const std::size_t row : rows) {
    const std::int32_t code = column.codes[row];
    ++(code == missing_level ? counts.missing : counts.of_level[static_cast<std::size_t>(code)]);
  }
  return counts;
}

void learn_yes_no(const Column& column, std::span<const std::size_t> training_rows,
                  ColumnCode& code) {
  const LevelCounts counts = count_levels(column, training_rows);
  const std::size_t present = training_rows.size() - counts.missing;
  if (present > 0) code.fill = share_of(counts.of_level[1], present);
  code.missing = share_of(counts.missing, training_rows.size()) > indicator_share;
}

void learn_levels(const Column& column, std::span<const std::size_t> training_rows,
                  const PreprocessOptions& options, ColumnCode& code) {
  const LevelCounts counts = count_levels(column, training_rows);
  std::vector<std::size_t> order;
  for (std::size_t level = 0; level < column.levels.size(); ++level) {
    if (counts.of_level[level] > 0) order.push_back(level);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto [first, second] = std::pair(counts.of_level[a], counts.of_level[b]);
    return first != second ? first > second : column.levels[a] < column.levels[b];
  });
  const auto present = training_rows.size();
  for (const std::size_t level : order) {
    const bool often = share_of(counts.of_level[level], present) >= options.rare_share;
    if (often && code.levels.size() < options.most_levels) {
      code.levels.push_back(column.levels[level]);
    } else {
      code.rare = true;
    }
  }
  std::sort(code.levels.begin(), code.levels.end());
  code.missing = counts.missing > 0;
  const std::vector<std::string>& only = options.embed_only;
  const bool meant = only.empty() || std::find(only.begin(), only.end(), code.name) != only.end();
  code.embed = options.embed && meant;
}

ColumnCode learn_column(const Table& table, std::size_t index,
                        std::span<const std::size_t> training_rows,
                        const PreprocessOptions& options) {
  const Column& column = table.columns[index];
  ColumnCode code;
  code.name = column.name;
  code.type = column.type;
  switch (column.type) {
    case ColumnType::number:
    case ColumnType::date:
      learn_numbers(table, index, training_rows, options, code);
      break;
    case ColumnType::yes_no:
      learn_yes_no(column, training_rows, code);
      break;
    case ColumnType::category:
      learn_levels(column, training_rows, options, code);
      break;
    case ColumnType::text:
      throw Error(Fault::input,
                  fmt::format("{}: column '{}' is free text ({} different cells), from which "
                              "nothing can be learnt: leave it out, or say that it is a category",
                              table.source, column.name, column.levels.size()));
  }
  return code;
}

// Only levels can be embedded.
void check_embedded(const Table& table, const std::string& name) {
  const ColumnType type = table.columns[table.need(name, "list `embed`")].type;
  if (type == ColumnType::category) return;
  throw Error(Fault::input, fmt::format("{}: list `embed`: column '{}' has the type {}; a category "
                                        "was expected",
                                        table.source, name, name_of(type)));
}

void name_features(const ColumnCode& code, std::vector<std::string>& names) {
  const bool category = code.type == ColumnType::category;
  if (!category || code.embed) names.push_back(code.name);
  if (code.type == ColumnType::date) {
    for (const char* cycle : {"year", "week", "day"}) {
      if (!code.clock && std::string_view(cycle) == "day") continue;
      names.push_back(code.name + " sine of the " + cycle);
      names.push_back(code.name + " cosine of the " + cycle);
    }
  }
  if (category && code.embed) return;
  for (const std::string& level : code.levels) names.push_back(code.name + " = " + level);
  if (code.rare) names.push_back(code.name + " rare");
  if (code.missing) names.push_back(code.name + " missing");
}

}  // namespace

std::string name_of(Scaling scaling) { return scaling_names[static_cast<std::size_t>(scaling)]; }

Scaling parse_scaling(const std::string& name, const std::string& where) {
  const auto found = std::find(scaling_names.begin(), scaling_names.end(), name);
  if (found != scaling_names.end()) return static_cast<Scaling>(found - scaling_names.begin());
  throw Error(Fault::input,
              where + ": '" + name + "' is not a scaling" + suggestion(name, scaling_names));
}

Preprocessor Preprocessor::learn(const Table& table, std::span<const std::size_t> columns,
                                 std::span<const std::size_t> training_rows,
                                 const PreprocessOptions& options) {
  std::vector<ColumnCode> codes;
  codes.reserve(columns.size());
  for (const std::size_t column : columns) {
    codes.push_back(learn_column(table, column, training_rows, options));
  }
  for (const std::string& name : options.embed_only) check_embedded(table, name);
  return Preprocessor(std::move(codes));
}

Preprocessor::Preprocessor(std::vector<ColumnCode> columns) : columns_(std::move(columns)) {
  for (ColumnCode& code : columns_) {
    code.first_feature = names_.size();
    name_features(code, names_);
    code.width = names_.size() - code.first_feature;
  }
}

ColumnTypes Preprocessor::types() const {
  ColumnTypes types;
  for (const ColumnCode& code : columns_) types.emplace(code.name, code.type);
  return types;
}

}  // namespace caviar
