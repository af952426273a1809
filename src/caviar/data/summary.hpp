// A column in one line, for people.
#pragma once

#include <cstddef>
#include <limits>

#include "caviar/data/table.hpp"

namespace caviar {

inline constexpr std::size_t most_counted = 1000;  // different numbers; beyond them nobody counts

struct ColumnSummary {
  std::size_t missing = 0;    // cells
  std::size_t different = 0;  // values that occur; of numbers at most most_counted
  // number, date: the smallest and the largest; NaN where there is none
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};
ColumnSummary summarize(const Column& column);

// "0.1 … 7.9", "2013-01-01 … 2013-12-31", "setosa, versicolor, virginica", "Adelie, Gentoo and 5
// more": what occurs in it, in at most about 60 characters.
std::string values_text(const Column& column, const ColumnSummary& summary);

}  // namespace caviar
