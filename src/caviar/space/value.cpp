// One value of one hyperparameter.
#include "caviar/space/value.hpp"

#include <cmath>

#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

// Exact, also beyond 2^53 where the integer has no double of its own.
bool same_number(std::int64_t integer, double number) {
  return number >= -0x1p63 && number < 0x1p63 && std::trunc(number) == number &&
         static_cast<std::int64_t>(number) == integer;
}

}  // namespace

std::string to_text(const Value& value) {
  return std::visit(match{[](bool flag) { return std::string(flag ? "true" : "false"); },
                          [](std::int64_t integer) { return std::to_string(integer); },
                          [](double number) { return number_text(number); },
                          [](const std::string& text) { return text; }},
                    value);
}

std::optional<double> as_number(const Value& value) {
  using Number = std::optional<double>;
  return std::visit(match{[](const std::string&) { return Number(); },
                          [](auto number) { return Number(static_cast<double>(number)); }},
                    value);
}

bool same(const Value& a, const Value& b) {
  if (a.index() == b.index()) return a == b;
  const auto* integer = std::get_if<std::int64_t>(&a);
  if (const auto* number = std::get_if<double>(&b); integer && number) {
    return same_number(*integer, *number);
  }
  integer = std::get_if<std::int64_t>(&b);
  const auto* number = std::get_if<double>(&a);
  return integer && number && same_number(*integer, *number);
}

}  // namespace caviar
