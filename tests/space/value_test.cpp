// Values as a user sees them.
#include "caviar/space/value.hpp"

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(Value, IsTheSameAsAUserSeesIt) {
  EXPECT_TRUE(same(std::int64_t{3}, 3.0));
  EXPECT_TRUE(same(3.0, std::int64_t{3}));
  EXPECT_TRUE(same(0.0, -0.0));
  EXPECT_FALSE(same(std::int64_t{3}, std::string("3")));
  EXPECT_FALSE(same(3.5, std::int64_t{3}));
  EXPECT_FALSE(same(true, std::int64_t{1}));
  EXPECT_FALSE(same(true, 1.0));
}

TEST(Value, ComparesLargeIntegersExactly) {
  const std::int64_t large = (std::int64_t{1} << 53) + 1;  // has no double of its own
  EXPECT_FALSE(same(large, static_cast<double>(large)));
  EXPECT_TRUE(same(large - 1, static_cast<double>(large - 1)));
  EXPECT_FALSE(same(INT64_MAX, 0x1p63));
  EXPECT_TRUE(same(INT64_MIN, -0x1p63));
}

TEST(Value, IsWrittenAsInAStudyFile) {
  EXPECT_EQ(to_text(Value(true)), "true");
  EXPECT_EQ(to_text(Value(std::int64_t{-12})), "-12");
  EXPECT_EQ(to_text(Value(0.1)), "0.1");
  EXPECT_EQ(to_text(Value(std::string("adam"))), "adam");
}

TEST(Value, IsANumberUnlessItIsAText) {
  EXPECT_EQ(as_number(Value(true)), 1.0);
  EXPECT_EQ(as_number(Value(std::int64_t{7})), 7.0);
  EXPECT_EQ(as_number(Value(0.5)), 0.5);
  EXPECT_EQ(as_number(Value(std::string("7"))), std::nullopt);
}

}  // namespace
}  // namespace caviar
