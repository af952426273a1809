#include "caviar/base/text.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

TEST(NumberText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1e-5), "1e-05");
  EXPECT_EQ(number_text(std::nan("")), "nan");
  EXPECT_EQ(number_text(-INFINITY), "-inf");
  Rng rng(1);
  for (int i = 0; i < 10000; ++i) {
    const double value = std::ldexp(rng.uniform(-1, 1), static_cast<int>(rng.below(600)) - 300);
    EXPECT_EQ(parse_number(number_text(value)), value);
  }
}

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number("+1.5"), 1.5);
  EXPECT_EQ(parse_number("1.5x"), std::nullopt);
  EXPECT_EQ(parse_number(""), std::nullopt);
  EXPECT_EQ(parse_number(" 1"), std::nullopt);
}

TEST(Excerpt, IsTheStartOfTheFirstLine) {
  EXPECT_EQ(excerpt("short"), "short");
  EXPECT_EQ(excerpt("one\ntwo"), "one…");
  EXPECT_EQ(excerpt(std::string(60, 'x')), std::string(60, 'x'));
  EXPECT_EQ(excerpt(std::string(61, 'x')), std::string(60, 'x') + "…");
  EXPECT_EQ(excerpt(std::string(59, 'x') + "ä"), std::string(59, 'x') + "…");
  EXPECT_EQ(excerpt(""), "");
}

TEST(Nearest, FindsASlipAndNothingElse) {
  const std::array<std::string, 4> known = {"random", "grid", "sobol", "learning_rate"};
  EXPECT_EQ(nearest("radnom", known), "random");
  EXPECT_EQ(nearest("Learning-Rate", known), "learning_rate");
  EXPECT_EQ(nearest("learn", known), "learning_rate");
  EXPECT_EQ(nearest("bayes", known), std::nullopt);
  EXPECT_EQ(suggestion("gird", known), " (did you mean 'grid'?)");
  EXPECT_EQ(suggestion("zzzzzz", known), " (known: random, grid, sobol, learning_rate)");
}

TEST(Duration, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("1h30m"), 5400);
  EXPECT_EQ(parse_duration("1 h 30 min"), 5400);
  EXPECT_EQ(parse_duration("2d"), 172800);
  EXPECT_EQ(parse_duration("250ms"), 0.25);
  for (const char* bad : {"", "m", "10x", "-5", "1h30q", "nan", "inf", "ten"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(duration_text(0), "0 ms");
  EXPECT_EQ(duration_text(0.000177), "177 µs");
  EXPECT_EQ(duration_text(0.00096), "1.0 ms");
  EXPECT_EQ(duration_text(0.00994), "9.9 ms");
  EXPECT_EQ(duration_text(0.00996), "10 ms");
  EXPECT_EQ(duration_text(0.0123), "12 ms");
  EXPECT_EQ(duration_text(7.25), "7.2 s");
  EXPECT_EQ(duration_text(75.2), "1 min 15 s");
  EXPECT_EQ(duration_text(5400), "1 h 30 min");
}

TEST(Utf8, EndsAtTheFirstBrokenCharacter) {
  for (const char* good :
       {"", "abc", "größe …", "\U0001f41f", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(valid_utf8(good), std::string_view(good).size()) << good;
  }
  for (const char* bad :
       {"\xff", "\x80", "\xc3", "\xc0\x80", "\xe2\x82", "\xe0\x9f\x80", "\xed\xa0\x80",
        "\xf0\x8f\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(valid_utf8("ä" + std::string(bad) + "b"), 2u) << bad;
  }
}

}  // namespace
}  // namespace caviar
