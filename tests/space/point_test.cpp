// Configurations as sets of named values.
#include "caviar/space/point.hpp"

#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

TEST(Point, FindsSetsAndReplaces) {
  Point point = {{"a", std::int64_t{1}}, {"b", std::string("x")}};
  EXPECT_EQ(point.size(), 2u);
  EXPECT_EQ(point.find("c"), nullptr);
  point.set("c", 0.5);
  point.set("a", std::int64_t{2});
  EXPECT_EQ(point.size(), 3u);
  EXPECT_EQ(point.at("a"), Value(std::int64_t{2}));
  EXPECT_EQ(to_text(point), "a=2 b=x c=0.5");
  EXPECT_EQ((Point{{"a", 1.0}, {"a", 2.0}}).size(), 1u);
}

TEST(Point, SaysWhichNameIsMissing) {
  const Point point = {{"a", std::int64_t{1}}};
  try {
    point.at("b");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::missing);
    EXPECT_STREQ(error.what(), "the configuration has no value for 'b' (it has a=1)");
  }
}

TEST(Point, IsEqualAsASet) {
  const Point point = {{"a", std::int64_t{3}}, {"b", 0.5}};
  EXPECT_EQ(point, (Point{{"b", 0.5}, {"a", 3.0}}));
  EXPECT_FALSE(point == (Point{{"a", std::int64_t{3}}}));
  EXPECT_FALSE(point == (Point{{"a", std::int64_t{3}}, {"c", 0.5}}));
  EXPECT_FALSE(point == (Point{{"a", std::string("3")}, {"b", 0.5}}));
}

Value some_value(Rng& rng) {
  switch (rng.below(8)) {
    case 0:
      return rng.below(2) == 0;
    case 1:
      return static_cast<std::int64_t>(rng.below(3));
    case 2:
      return static_cast<double>(rng.below(3));
    case 3:
      return -0.0;
    case 4:
      return rng.below(2) == 0 ? Value(INT64_MAX) : Value(0x1p63);
    case 5:
      return std::string(rng.below(3), 'x');
    case 6:
      return std::string("i\0\0", 3);
    default:
      return static_cast<double>(rng.below(4)) / 2;
  }
}

TEST(Point, HasTheSameKeyExactlyWhereItIsEqual) {
  Rng rng(1);
  int equal = 0;
  for (int i = 0; i < 20000; ++i) {
    Point a, b;
    for (const char* name : {"a", "b", "ab"}) {
      if (rng.below(3) > 0) a.set(name, some_value(rng));
    }
    for (const char* name : {"ab", "b", "a"}) {
      const Value* value = a.find(name);
      if (value && rng.below(3) > 0) {
        b.set(name, *value);
      } else if (rng.below(3) > 0) {
        b.set(name, some_value(rng));
      }
    }
    ASSERT_EQ(a == b, a.key() == b.key()) << to_text(a) << " | " << to_text(b);
    equal += a == b;
  }
  EXPECT_GT(equal, 1000);  // both cases have been seen
  EXPECT_LT(equal, 19000);
}

TEST(Point, TextsCannotImitateOtherEntries) {
  std::set<std::string> keys;
  keys.insert(Point({{"a", std::string("1")}, {"b", std::string("2")}}).key());
  keys.insert(Point({{"a", std::string("1b2")}}).key());
  keys.insert(Point({{"a", std::string("1")}, {"b2", std::string("")}}).key());
  keys.insert(Point({{"ab", std::string("12")}}).key());
  keys.insert(Point().key());
  EXPECT_EQ(keys.size(), 5u);
}

}  // namespace
}  // namespace caviar
