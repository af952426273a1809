// What the place that text goes to can show: width, colour, redrawing; and text laid out for it.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace caviar {

struct Terminal {
  bool live = false;    // a terminal: lines can be drawn again
  bool colour = false;  // … whose user has not set NO_COLOR
  int width = 100;      // columns
  int height = 40;      // lines
};

// TERM=dumb counts as no terminal.
Terminal terminal_of(std::FILE* stream);

enum class Style { plain, bold, faint, good, bad };

// The text in that style, or as it is where there is no colour.
std::string styled(const Terminal& terminal, Style style, std::string_view text);

// The number of columns that UTF-8 text takes (one a character; escape sequences none).
std::size_t shown_width(std::string_view text);
// At most `width` columns of it, the last one "…" where something is left out.
std::string clipped(std::string_view text, std::size_t width);
std::string padded(std::string_view text, std::size_t width);       // spaces after it
std::string padded_left(std::string_view text, std::size_t width);  // spaces before it
// A bar of eighths: share (0 … 1) of `width` columns filled.
std::string bar(double share, std::size_t width);

// Rows under headers, columns as wide as they must be, two spaces between. Headers that begin with
// '>' set their column flush right.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> headers);
  void add(std::vector<std::string> row);  // as many cells as headers
  std::string text(const Terminal& terminal) const;

 private:
  std::vector<std::string> headers_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace caviar
