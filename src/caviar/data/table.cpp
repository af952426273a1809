#include "caviar/data/table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

std::size_t Column::missing() const {
  const auto texts = std::count(codes.begin(), codes.end(), missing_level);
  const auto gaps =
      std::count_if(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
  return static_cast<std::size_t>(is_text ? texts : gaps);
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

}  // namespace caviar
