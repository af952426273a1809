// When a parameter exists at all: a condition on the value of another one.
#pragma once

#include <string>
#include <vector>

#include "caviar/space/value.hpp"

namespace caviar {

enum class Comparison {
  one_of,
  less,
  less_equal,
  greater,
  greater_equal
};  // equal: one_of one value

struct Condition {
  std::string parameter;
  Comparison comparison = Comparison::one_of;
  std::vector<Value> values;  // exactly one unless one_of

  bool holds(const Value& value) const;
  bool operator==(const Condition&) const = default;
};

std::string to_text(const Condition& condition);  // "optimizer = adam", "layers >= 2"

}  // namespace caviar
