// Formulas of the epoch: what they compute, and what they say about mistakes.
#include "caviar/nn/formula.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

double value(const std::string& text) {
  return Formula(text, "test").at({.epoch = 12, .total = 40, .rate = 0.5});
}

TEST(Formula, ComputesAsItIsWritten) {
  EXPECT_EQ(value("1 + 2 * 3"), 7);
  EXPECT_EQ(value("(1 + 2) * 3"), 9);
  EXPECT_EQ(value("8 / 4 / 2"), 1);
  EXPECT_EQ(value("7 - 2 - 1"), 4);
  EXPECT_EQ(value("2 ^ 3 ^ 2"), 512);
  EXPECT_EQ(value("-2 ^ 2"), -4);
  EXPECT_EQ(value("2 ^ -1"), 0.5);
  EXPECT_EQ(value("--3"), 3);
  EXPECT_EQ(value("epoch / total"), 0.3);
  EXPECT_EQ(value("rate"), 0.5);
  EXPECT_EQ(value("pi"), std::numbers::pi);
  EXPECT_EQ(value("1.5e-3"), 1.5e-3);
  EXPECT_EQ(value("min(3, max(1, 2))"), 2);
  EXPECT_EQ(value("sqrt(16) + abs(-1) + floor(2.7)"), 7);
  EXPECT_EQ(value("exp(log(3)) * cos(0)"), std::exp(std::log(3.0)));
  EXPECT_EQ(value("rate * min(1, exp(0.1 * (10 - epoch)))"), 0.5 * std::exp(0.1 * -2));
}

std::string complaint(const std::string& text) {
  try {
    Formula(text, "schedule.formula");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "none";
}

TEST(Formula, SaysWhereItStopsMakingSense) {
  EXPECT_EQ(complaint("rate * (1 - epoch"),
            "schedule.formula: character 18 of 'rate * (1 - epoch': ')' was expected");
  EXPECT_EQ(complaint("rate * epch"),
            "schedule.formula: character 8 of 'rate * epch': 'epch' is not known (did you mean "
            "'epoch'?)");
  EXPECT_EQ(complaint("1 2"), "schedule.formula: character 3 of '1 2': '2' is not expected here");
  EXPECT_EQ(complaint(""),
            "schedule.formula: character 1 of '': a number, a name or '(' was expected, the "
            "formula ends");
  EXPECT_NE(complaint("min(1)"), "none");
  EXPECT_NE(complaint("exp(1, 2)"), "none");
  EXPECT_NE(complaint("exp 1"), "none");
  EXPECT_NE(complaint("1 +"), "none");
  EXPECT_NE(complaint("."), "none");
  EXPECT_NE(complaint("1; 2"), "none");
}

TEST(Formula, RefusesWhatIsTooDeep) {
  EXPECT_NE(complaint(std::string(100000, '(') + "1" + std::string(100000, ')')), "none");
  std::string powers = "2";
  for (int i = 0; i < 100000; ++i) powers += "^2";
  EXPECT_NE(complaint(powers), "none");
  std::string sum = "1";
  for (int i = 0; i < 1000; ++i) sum += "+1";
  EXPECT_EQ(value(sum), 1001);
}

TEST(Formula, SurvivesAnyText) {
  const std::string letters = "0123456789.+-*/^(),epochtotalratexpminmaxcs \t\0\xff";
  Rng rng(4);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t length = rng.below(12); length > 0; --length) {
      text += letters[rng.below(letters.size())];
    }
    try {
      Formula(text, "test").at({1, 2, 3});
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace caviar
