#include "caviar/tune/terminal.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

const Terminal plain;
const Terminal coloured{.live = true, .colour = true, .width = 20};

TEST(Terminal, AFileIsNoTerminal) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  const Terminal terminal = terminal_of(file);
  std::fclose(file);
  EXPECT_FALSE(terminal.live);
  EXPECT_FALSE(terminal.colour);
}

TEST(Terminal, StylesOnlyWhereThereIsColour) {
  EXPECT_EQ(styled(plain, Style::bold, "x"), "x");
  EXPECT_EQ(styled(coloured, Style::bold, "x"), "\x1b[1mx\x1b[0m");
  EXPECT_EQ(styled(coloured, Style::plain, "x"), "x");
}

TEST(Terminal, CountsColumnsNotBytes) {
  EXPECT_EQ(shown_width(""), 0U);
  EXPECT_EQ(shown_width("ä…█"), 3U);
  EXPECT_EQ(shown_width("\x1b[1mab\x1b[0m"), 2U);
  EXPECT_EQ(shown_width("\x1b["), 0U);  // cut off: nothing is shown, nothing is read past the end
}

TEST(Terminal, ClipsToItsWidth) {
  EXPECT_EQ(clipped("abc", 3), "abc");
  EXPECT_EQ(clipped("abcd", 3), "ab…");
  EXPECT_EQ(clipped("äöüß", 3), "äö…");
  EXPECT_EQ(clipped("abcd", 0), "");
  EXPECT_EQ(clipped("\x1b[1mabcd\x1b[0m", 3), "\x1b[1mab…\x1b[0m");
  for (std::size_t width = 1; width < 9; ++width) {
    EXPECT_LE(shown_width(clipped("one ä two", width)), width);
  }
}

TEST(Terminal, PadsToItsWidth) {
  EXPECT_EQ(padded("ä", 3), "ä  ");
  EXPECT_EQ(padded_left("ä", 3), "  ä");
  EXPECT_EQ(padded("abcd", 3), "abcd");
}

TEST(Terminal, BarsGrowByEighths) {
  EXPECT_EQ(bar(0, 4), "");
  EXPECT_EQ(bar(0.5, 4), "██");
  EXPECT_EQ(bar(1, 4), "████");
  EXPECT_EQ(bar(1.0 / 32, 4), "▏");
  EXPECT_EQ(bar(7, 2), "██");
  EXPECT_EQ(bar(-1, 2), "");
  EXPECT_EQ(bar(std::nan(""), 2), "");
}

TEST(TextTable, AlignsItsColumns) {
  TextTable table({"name", ">value"});
  table.add({"ä", "1.5"});
  table.add({"long name", "10"});
  EXPECT_EQ(table.text(plain),
            "name       value\n"
            "ä            1.5\n"
            "long name     10\n");
}

TEST(TextTable, ClipsItsLinesOnATerminal) {
  TextTable table({"a", "b"});
  table.add({std::string(30, 'x'), "y"});
  const Terminal narrow{.live = true, .colour = false, .width = 10};
  EXPECT_EQ(table.text(narrow), "a        …\n" + std::string(9, 'x') + "…\n");
}

}  // namespace
}  // namespace caviar
