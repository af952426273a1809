#include "caviar/data/summary.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/data/date.hpp"

namespace caviar {
namespace {

constexpr std::size_t longest_list = 60;

std::string levels_text(const std::vector<std::string>& levels) {
  std::string text;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string& level = levels[i];
    if (i > 0 && text.size() + level.size() > longest_list) {
      return text + fmt::format(" and {} more", levels.size() - i);
    }
    text += (i == 0 ? "" : ", ") + level.substr(0, valid_utf8(level.substr(0, longest_list)));
  }
  return text;
}

}  // namespace

ColumnSummary summarize(const Column& column) {
  ColumnSummary summary;
  if (column.has_levels()) {
    summary.missing = column.missing();
    summary.different = column.levels.size();
    return summary;
  }
  std::unordered_set<double> values;
  double low = INFINITY, high = -INFINITY;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const double x = column.numbers[row];
    if (std::isnan(x)) {
      ++summary.missing;
      continue;
    }
    low = std::min(low, x);
    high = std::max(high, x);
    if (values.size() < most_counted) values.insert(x);
  }
  summary.different = values.size();
  if (low <= high) {
    summary.low = low;
    summary.high = high;
  }
  return summary;
}

std::string values_text(const Column& column, const ColumnSummary& summary) {
  if (column.has_levels()) return levels_text(column.levels);
  if (std::isnan(summary.low)) return "";
  if (column.type == ColumnType::date) {
    return date_text(summary.low) + " … " + date_text(summary.high);
  }
  return rounded_text(summary.low) + " … " + rounded_text(summary.high);
}

}  // namespace caviar
