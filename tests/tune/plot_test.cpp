// Curves in a terminal.
#include "caviar/tune/plot.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace caviar {
namespace {

const Terminal plain;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(Plot, DrawsAFallingLineFromCornerToCorner) {
  const Curve curve{"loss", Style::plain, {1, 2, 3}, {3, 2, 1}};
  const auto lines = lines_of(plot({curve}, {.x_label = "epochs", .width = 6, .height = 3}, plain));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0], "3 │⠑⢄");
  EXPECT_EQ(lines[1], "  │  ⠑⢄");
  EXPECT_EQ(lines[2], "1 │    ⠑⢄ loss");
  EXPECT_EQ(lines[3], "   1 epochs 3");
}

TEST(Plot, PutsLabelsOfEqualEndsOnRowsOfTheirOwn) {
  const Curve a{"training", Style::plain, {1, 2}, {2, 1}},
      b{"validation", Style::plain, {1, 2}, {1, 1}};
  const std::string text = plot({a, b}, {.x_label = "", .width = 8, .height = 4}, plain);
  const auto lines = lines_of(text);
  EXPECT_NE(lines[3].find("training"), std::string::npos) << text;
  EXPECT_NE(lines[2].find("validation"), std::string::npos) << text;
}

TEST(Plot, TakesALogScaleOverDecades) {
  const Curve curve{"", Style::plain, {1, 2, 3}, {100, 10, 1}};
  const auto lines = lines_of(plot({curve}, {.x_label = "", .width = 6, .height = 3}, plain));
  EXPECT_EQ(lines[1], "    │  ⠑⢄");  // 10 lies in the middle
}

TEST(Plot, LeavesOutWhatIsNotFinite) {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const Curve curve{"x", Style::plain, {1, 2, 3, 4}, {1, nan, inf, 2}};
  const std::string text = plot({curve}, {.x_label = "", .width = 6, .height = 2}, plain);
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_EQ(lines_of(text).size(), 3U);
  EXPECT_EQ(plot({{"x", Style::plain, {1, 2}, {nan, 1}}}, {}, plain), "");
  EXPECT_EQ(plot({}, {}, plain), "");
}

TEST(Plot, CopesWithAConstant) {
  const Curve curve{"flat", Style::plain, {1, 2}, {5, 5}};
  EXPECT_NE(plot({curve}, {}, plain).find("flat"), std::string::npos);
}

}  // namespace
}  // namespace caviar
