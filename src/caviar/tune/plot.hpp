// Curves in a terminal, drawn with the dots of Braille characters: two by four to a character.
#pragma once

#include <string>
#include <vector>

#include "caviar/tune/terminal.hpp"

namespace caviar {

struct Curve {
  std::string label;  // stands behind its last value
  Style style = Style::plain;
  std::vector<double> x, y;  // of equal length; where one is not finite, nothing is drawn
};

struct PlotOptions {
  std::string x_label;
  bool log_x = false;
  // Falling over more than one decade, losses say more on a log scale: chosen where all values are
  // above 0 and the largest is 20 times the smallest.
  std::size_t width = 56, height = 8;  // of the field, in characters
  std::vector<double> marks = {};      // values of x that are marked: a line through the field
};

// Lines for a person; each ends in a line's end. Nothing where no curve has two values.
std::string plot(const std::vector<Curve>& curves, const PlotOptions& options,
                 const Terminal& terminal);

}  // namespace caviar
