// Distributions that are refused, with the words; and how valid ones are described.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/space/distribution.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

std::string refusal(const Distribution& distribution) {
  try {
    validate(distribution, "space.x");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "accepted";
}

TEST(Distribution, RefusesWhatMakesNoSense) {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal(Float{2, 1}), "space.x.low: 2 given, it must not be more than high, 1");
  EXPECT_EQ(refusal(Float{0, 1, Scale::log}),
            "space.x.low: 0 given, a log scale needs more than 0");
  EXPECT_EQ(refusal(Float{0, 1, Scale::reverse_log}),
            "space.x.high: 1 given, a reverse_log scale needs less than 1");
  EXPECT_EQ(refusal(Float{nan, 1}), "space.x.low: nan given, a finite number is needed");
  EXPECT_EQ(refusal(Float{0, infinity}), "space.x.high: inf given, a finite number is needed");
  EXPECT_THAT(refusal(Float{0, 1, Scale::linear, nan}), HasSubstr("finite"));
  EXPECT_EQ(refusal(Float{0, 1, Scale::linear, -0.5}),
            "space.x.step: -0.5 given, a step must be more than 0");
  EXPECT_EQ(refusal(Float{0, 1, Scale::linear, 2}),
            "space.x.step: 2 given, more than the whole range from 0 to 1");
  EXPECT_THAT(refusal(Float{0, 1, Scale::linear, 1e-12}), HasSubstr("too fine"));
  EXPECT_THAT(refusal(Float{1e9, 1e9 + 1e-5, Scale::linear, 1e-6}), HasSubstr("too fine"));
  EXPECT_THAT(refusal(Float{-1e308, 1e308, Scale::linear, 1e-300}), HasSubstr("too fine"));
  EXPECT_THAT(refusal(Float{1, 10, Scale::log, 1}), HasSubstr("must be more than 1"));
  EXPECT_THAT(refusal(Float{1, 10, Scale::log, 20}), HasSubstr("larger than the whole range"));
  EXPECT_THAT(refusal(Float{0.9, 1 - 0x1p-53, Scale::reverse_log, 1.01}), HasSubstr("too fine"));
  EXPECT_EQ(refusal(Int{5, 4}), "space.x.low: 5 given, it must not be more than high, 4");
  EXPECT_EQ(refusal(Int{0, 4, Scale::log}), "space.x.low: 0 given, a log scale needs more than 0");
  EXPECT_THAT(refusal(Int{0, 4, Scale::reverse_log}), HasSubstr("an int has linear or log"));
  EXPECT_EQ(refusal(Int{0, 4, Scale::linear, 0}),
            "space.x.step: 0 given, a step must be at least 1");
  EXPECT_THAT(refusal(Int{0, 4, Scale::linear, 5}), HasSubstr("more than the whole range"));
  EXPECT_EQ(refusal(Choice{}), "space.x.choices: at least one choice is needed");
  EXPECT_EQ(refusal(Choice{{std::int64_t{3}, 3.0}, false}), "space.x.choices: '3' is given twice");
  EXPECT_THAT(refusal(Choice{{nan}, false}), HasSubstr("finite"));
}

TEST(Distribution, IsDescribedForPeople) {
  EXPECT_EQ(describe(Float{0.5, 1}), "0.5 … 1");
  EXPECT_EQ(describe(Float{0.9, 0.999, Scale::reverse_log}), "0.9 … 0.999, reverse_log");
  EXPECT_EQ(describe(Int{16, 2048, Scale::log, 2}), "16, 32, 64 … 2048, log");
  EXPECT_EQ(describe(Int{1, 9, Scale::linear, 4}), "1, 5, 9");
  EXPECT_EQ(describe(Int{3, 3}), "3");
  EXPECT_EQ(describe(Choice{{std::string("momentum"), std::string("adam")}, false}),
            "one of momentum, adam");
  EXPECT_EQ(kind_name(Choice{{true}, true}), "ordinal");
}

}  // namespace
}  // namespace caviar
