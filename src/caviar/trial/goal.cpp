#include "caviar/trial/goal.hpp"

#include <cmath>
#include <string_view>

#include "caviar/base/text.hpp"

namespace caviar {

const char* direction_name(Direction direction) {
  return direction == Direction::minimize ? "minimize" : "maximize";
}

std::string to_text(const Bound& bound) {
  return bound.metric + (bound.at_most ? " <= " : " >= ") + number_text(bound.limit);
}

std::optional<Bound> parse_bound(const std::string& metric, const std::string& text) {
  const bool at_most = text.starts_with("<=");
  if (!at_most && !text.starts_with(">=")) return std::nullopt;
  const std::size_t from = text.find_first_not_of(' ', 2);
  if (from == std::string::npos) return std::nullopt;
  const std::optional<double> limit = parse_number(std::string_view(text).substr(from));
  if (!limit || !std::isfinite(*limit)) return std::nullopt;
  return Bound{metric, at_most, *limit};
}

std::string Goal::name(std::size_t objective) const {
  if (objective == 0) return metric;
  if (objective <= others.size()) return others[objective - 1];
  return metric + "_" + std::to_string(objective + 1);
}

}  // namespace caviar
