// A linear inequality between parameters.
#include "caviar/space/constraint.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

const char* symbol(Relation relation) {
  switch (relation) {
    case Relation::less:
      return "<";
    case Relation::less_equal:
      return "<=";
    case Relation::greater:
      return ">";
    case Relation::greater_equal:
      return ">=";
  }
  return "";
}

bool is_plain(const std::string& name) {
  return !std::isdigit(static_cast<unsigned char>(name.front())) &&
         std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

std::string term_text(const std::string& name, double coefficient) {
  const std::string written = is_plain(name) ? name : "'" + name + "'";
  const double size = std::fabs(coefficient);
  return size == 1 ? written : number_text(size) + "*" + written;
}

}  // namespace

bool Constraint::holds(const Point& point) const {
  double sum = 0, size = std::fabs(bound);
  for (const auto& [name, coefficient] : terms) {
    const Value* value = point.find(name);
    if (!value) return true;
    const double part = coefficient * as_number(*value).value_or(0);
    sum += part;
    size += std::fabs(part);
  }
  // Rounding must not decide: 0.1 + 0.2 <= 0.3 holds, and 0.1 + 0.2 > 0.3 does not.
  const double slack = 4 * std::numeric_limits<double>::epsilon() * size;
  switch (relation) {
    case Relation::less:
      return sum < bound - slack;
    case Relation::less_equal:
      return sum <= bound + slack;
    case Relation::greater:
      return sum > bound + slack;
    case Relation::greater_equal:
      return sum >= bound - slack;
  }
  return false;
}

bool Constraint::operator==(const Constraint& other) const {
  auto left = terms, right = other.terms;
  std::ranges::sort(left);
  std::ranges::sort(right);
  return left == right && relation == other.relation && bound == other.bound;
}

std::string to_text(const Constraint& constraint) {
  if (!constraint.text.empty()) return constraint.text;
  std::string text;
  for (const auto& [name, coefficient] : constraint.terms) {
    if (text.empty()) {
      text = coefficient < 0 ? "-" : "";
    } else {
      text += coefficient < 0 ? " - " : " + ";
    }
    text += term_text(name, coefficient);
  }
  return text + ' ' + symbol(constraint.relation) + ' ' + number_text(constraint.bound);
}

}  // namespace caviar
