// Conditions on the value of another parameter.
#include "caviar/space/condition.hpp"

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(Condition, HoldsForOneOfItsValues) {
  const Condition condition{"p", Comparison::one_of, {std::string("adam"), std::int64_t{3}}};
  EXPECT_TRUE(condition.holds(std::string("adam")));
  EXPECT_TRUE(condition.holds(3.0));
  EXPECT_FALSE(condition.holds(std::string("3")));
  EXPECT_FALSE(condition.holds(std::int64_t{4}));
}

TEST(Condition, ComparesNumbers) {
  const auto holds = [](Comparison comparison, double value) {
    return Condition{"p", comparison, {std::int64_t{2}}}.holds(value);
  };
  EXPECT_TRUE(holds(Comparison::less, 1.9));
  EXPECT_FALSE(holds(Comparison::less, 2));
  EXPECT_TRUE(holds(Comparison::less_equal, 2));
  EXPECT_FALSE(holds(Comparison::less_equal, 2.1));
  EXPECT_TRUE(holds(Comparison::greater, 2.1));
  EXPECT_FALSE(holds(Comparison::greater, 2));
  EXPECT_TRUE(holds(Comparison::greater_equal, 2));
  EXPECT_FALSE(holds(Comparison::greater_equal, 1.9));
  EXPECT_FALSE((Condition{"p", Comparison::less, {std::int64_t{2}}}.holds(std::string("1"))));
}

TEST(Condition, IsWrittenForPeople) {
  EXPECT_EQ(to_text(Condition{"optimizer", Comparison::one_of, {std::string("adam")}}),
            "optimizer = adam");
  EXPECT_EQ(to_text(Condition{"layers", Comparison::greater_equal, {std::int64_t{2}}}),
            "layers >= 2");
  EXPECT_EQ(to_text(Condition{"p", Comparison::one_of, {std::string("a"), std::string("b")}}),
            "p is one of a, b");
}

}  // namespace
}  // namespace caviar
