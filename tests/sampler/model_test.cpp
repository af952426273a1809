// The parts below gp: what it learns from, and how it searches a mixed space.
#include <algorithm>

#include <gtest/gtest.h>

#include "caviar/math/stats.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

TEST(Levelled, KeepsTheOrderAndTamesTheTail) {
  const std::vector<double> losses = {5, 1, 2, 1e12, 3, 4, 1e3};
  const std::vector<double> values = levelled(losses);
  EXPECT_EQ(ascending(values), ascending(losses));
  for (const double value : values) EXPECT_LT(std::abs(value), 4);
}

TEST(Levelled, LeavesNormalValuesNormal) {
  Rng rng(4);
  std::vector<double> losses;
  for (int i = 0; i < 500; ++i) losses.push_back(100 + 7 * rng.normal());
  const std::vector<double> values = levelled(losses);
  EXPECT_NEAR(mean(values), 0, 0.1);
  EXPECT_NEAR(standard_deviation(values), 1, 0.1);
  EXPECT_NEAR(median(values), 0, 0.15);
}

TEST(Levelled, HandlesTheDegenerate) {
  EXPECT_TRUE(levelled({}).empty());
  EXPECT_EQ(levelled({3, 3, 3}), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(levelled({8}), std::vector<double>{0});
  for (const std::vector<double>& losses : {std::vector<double>{-1.7e308, 1.7e308},
                                            {0, 5e-324},
                                            {1, 1, 1, 1 + 1e-15},
                                            {-1e12, 0, 1e-12}}) {
    for (const double value : levelled(losses)) EXPECT_TRUE(std::isfinite(value)) << losses.back();
  }
}

TEST(Observe, MakesFailedTrialsWorseThanTheWorst) {
  const Space space = space_of("{x: {type: float, low: 0, high: 1}}");
  int calls = 0;
  const History history = run(make_sampler({"random", 1, {}}, space), space, 9, [&](const Point&) {
    return ++calls % 3 == 0 ? std::nan("") : calls;
  });
  const Observations seen = observe(history, 100, 100);
  ASSERT_EQ(seen.rows(), 9U);
  EXPECT_GT(seen.values[2], seen.values[7]);
  EXPECT_EQ(seen.values[2], seen.values[5]);
  EXPECT_EQ(observe(history, 4, 100).rows(), 4U);
}

TEST(Observe, KeepsTheBestOfMany) {
  const Space space = space_of("{x: {type: float, low: 0, high: 1}}");
  History history(space, {});
  for (int n = 0; n < 400; ++n) {
    ask(history, {Point{{"x", n / 400.0}}, "random", {}});
    if (n < 398) tell(history, n, std::abs(n - 200));
  }
  const Observations seen = observe(history, 400, 50);
  EXPECT_EQ(seen.rows(), 50U);
  EXPECT_EQ(seen.pending.size(), 2U);
  for (int n = 190; n <= 210; ++n) {
    EXPECT_EQ(
        std::ranges::count(seen.points, history.trials()[static_cast<std::size_t>(n)].unit[0]), 1);
  }
  EXPECT_GT(*std::ranges::max_element(seen.points), 0.9);
}

// A peak at x = 0.3123, units = 40, kind = c and depth = 3, seen through the unit cube.
TEST(MixedSearch, FindsThePeakOfAMixedSpace) {
  const Space space = space_of(R"({
    x: {type: float, low: 0, high: 1},
    kind: {type: categorical, choices: [a, b, c, d, e, f]},
    units: {type: int, low: 1, high: 1000, scale: log},
    depth: {type: int, low: 1, high: 4, when: {kind: [b, c]}}
  })",
                               "['units <= 40']");
  const double units = encode(space[2].distribution, std::int64_t{60});
  const auto height = [&](std::span<const double> u, std::span<double> slope) {
    const bool c = std::abs(u[1] - 2.5 / 6) < 1e-9;
    std::ranges::fill(slope, 0.0);
    slope[0] = -2 * (u[0] - 0.3123);
    slope[2] = -2 * (u[2] - units);
    const double depth = std::isnan(u[3]) ? 0.5 : std::abs(u[3] - 2.5 / 4);
    return -std::pow(u[0] - 0.3123, 2) - std::pow(u[2] - units, 2) - depth - (c ? 0 : 0.4);
  };
  Acquisition acquisition;
  acquisition.slope = height;
  acquisition.all = [&](std::span<const double> points) {
    std::vector<double> scores, ignored(4);
    for (std::size_t i = 0; i < points.size(); i += 4)
      scores.push_back(height(points.subspan(i, 4), ignored));
    return scores;
  };
  Rng rng(1);
  const std::optional<Point> top = most_promising(acquisition, History(space, {}), {}, rng);
  ASSERT_TRUE(top);
  EXPECT_NEAR(number(*top, "x"), 0.3123, 1e-3);
  EXPECT_EQ(std::get<std::string>(top->at("kind")), "c");
  EXPECT_EQ(number(*top, "depth"), 3);
  EXPECT_GE(number(*top, "units"), 36);  // the unconstrained peak, 60, is out of reach
  EXPECT_LE(number(*top, "units"), 40);
}

}  // namespace
}  // namespace caviar::test
