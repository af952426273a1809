// When a parameter exists at all.
#include "caviar/space/condition.hpp"

#include <algorithm>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

const char* symbol(Comparison comparison) {
  switch (comparison) {
    case Comparison::one_of:
      return "=";
    case Comparison::less:
      return "<";
    case Comparison::less_equal:
      return "<=";
    case Comparison::greater:
      return ">";
    case Comparison::greater_equal:
      return ">=";
  }
  return "";
}

}  // namespace

bool Condition::holds(const Value& value) const {
  if (comparison == Comparison::one_of) {
    return std::ranges::any_of(values, [&](const Value& wanted) { return same(value, wanted); });
  }
  const auto left = as_number(value), right = as_number(values.front());
  if (!left || !right) return false;
  switch (comparison) {
    case Comparison::less:
      return *left < *right;
    case Comparison::less_equal:
      return *left <= *right;
    case Comparison::greater:
      return *left > *right;
    default:
      return *left >= *right;
  }
}

std::string to_text(const Condition& condition) {
  std::vector<std::string> texts;
  for (const Value& value : condition.values) texts.push_back(to_text(value));
  if (condition.comparison == Comparison::one_of && texts.size() != 1) {
    return condition.parameter + " is one of " + join(texts, ", ");
  }
  return condition.parameter + ' ' + symbol(condition.comparison) + ' ' + join(texts, ", ");
}

}  // namespace caviar
