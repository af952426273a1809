#include "caviar/space/earlier.hpp"

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(Earlier, APointCountsWithWhatItIsOlderThan) {
  const Space space({{.name = "x", .distribution = Float{0, 1}},
                     {.name = "late", .distribution = Float{0, 1}, .before = 0.25},
                     {.name = "deep",
                      .distribution = Int{1, 4},
                      .when = {{"x", Comparison::greater, {0.5}}},
                      .before = std::int64_t{2}}});
  EXPECT_EQ(values_before(space, Point{{"x", 0.75}}),
            (Point{{"late", 0.25}, {"deep", std::int64_t{2}}}));
  EXPECT_EQ(values_before(space, Point{{"x", 0.25}}), (Point{{"late", 0.25}}));
  EXPECT_TRUE(values_before(space, Point{{"x", 0.25}, {"late", 0.5}}).empty());
  EXPECT_EQ(value_before(space[0], Point()), nullptr);
}

}  // namespace
}  // namespace caviar
