// Numbers as programs write them.
#include "caviar/base/measured.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(ParseMeasured, KnowsNoNumberThatIsTooLarge) {
  EXPECT_EQ(parse_measured("1e400"), INFINITY);
  EXPECT_EQ(parse_measured("-1e400"), -INFINITY);
  EXPECT_EQ(parse_measured("1e-400"), 0);
  EXPECT_EQ(parse_measured("+2"), 2);
  EXPECT_EQ(parse_measured("1e400x"), std::nullopt);
  EXPECT_EQ(parse_measured(""), std::nullopt);
}

TEST(WithNonFiniteQuoted, ChangesNothingElse) {
  for (const char* same :
       {"", "{\"a\": 1e30, \"b\": [true, null, -1.5]}", "\"NaN \\\" NaN\"", "\"", "\"\\"}) {
    EXPECT_EQ(with_non_finite_quoted(same), same);
  }
  EXPECT_EQ(with_non_finite_quoted("[NaN,-Infinity, 1e999]"), "[\"nan\",\"-inf\", \"inf\"]");
}

}  // namespace
}  // namespace caviar
