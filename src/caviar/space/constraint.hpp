// A linear inequality between parameters that every configuration must satisfy, known beforehand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "caviar/space/point.hpp"

namespace caviar {

enum class Relation { less, less_equal, greater, greater_equal };

// Σ coefficient · parameter  relation  bound
struct Constraint {
  std::vector<std::pair<std::string, double>> terms;
  Relation relation = Relation::less_equal;
  double bound = 0;
  std::string text;  // as the user wrote it

  // Vacuously true where one of its parameters is inactive.
  bool holds(const Point& point) const;
  bool operator==(const Constraint& other) const;  // the text does not matter
};

std::string to_text(const Constraint& constraint);  // as the user wrote it, otherwise spelt out

// "a < b", "2*a + b <= 10", "units_2 <= 0.5 * units_1 - 3". Throws Error{input} beginning with
// `where`.
Constraint parse_constraint(const std::string& text, const std::string& where);

}  // namespace caviar
