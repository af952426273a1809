#include "caviar/analysis/landscape.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/analysis/evidence.hpp"

#include "tests/analysis/studies.hpp"

namespace caviar {
namespace {

using testing::StudyMaker;
using testing::unit_cube;

TEST(Landscape, FollowsASmoothFunction) {
  StudyMaker study(unit_cube(2));
  const auto bowl = [](double x, double y) {
    return (x - 0.3) * (x - 0.3) + 2 * (y - 0.6) * (y - 0.6);
  };
  study.fill(60, [&](const auto& u) { return 5 + bowl(u[0], u[1]); });
  const auto landscape = Landscape::learn(study.history);
  ASSERT_TRUE(landscape);
  const Surface surface = landscape->surface(0, 1, 12);
  ASSERT_EQ(surface.value.size(), 144u);
  for (std::size_t row = 1; row < 11; ++row) {
    for (std::size_t column = 1; column < 11; ++column) {
      const double x = (column + 0.5) / 12, y = (row + 0.5) / 12;
      EXPECT_NEAR(surface.value[row * 12 + column], 5 + bowl(x, y), 0.1) << x << " " << y;
    }
  }
  const auto least = std::min_element(surface.value.begin(), surface.value.end());
  const auto at = static_cast<std::size_t>(least - surface.value.begin());
  EXPECT_NEAR((at % 12 + 0.5) / 12, 0.3, 0.1);
  EXPECT_NEAR((at / 12 + 0.5) / 12, 0.6, 0.1);
}

TEST(Landscape, SlicesInTheUsersSignWithABand) {
  StudyMaker study(unit_cube(2), {"accuracy", {Direction::maximize}});
  study.fill(40, [](const auto& u) { return 0.9 - (u[0] - 0.5) * (u[0] - 0.5); });
  const auto landscape = Landscape::learn(study.history);
  ASSERT_TRUE(landscape);
  const Slice slice = landscape->slice(0, 21);
  ASSERT_EQ(slice.unit.size(), 21u);
  EXPECT_NEAR(slice.value[10], 0.9, 0.03);
  EXPECT_GT(slice.value[10], slice.value[1]);
  EXPECT_GT(slice.value[10], slice.value[19]);
  for (std::size_t place = 0; place < 21; ++place) {
    EXPECT_LE(slice.low[place], slice.value[place]);
    EXPECT_GE(slice.high[place], slice.value[place]);
  }
}

TEST(Landscape, LooksAtEachValueOfAFiniteParameter) {
  const Space space({{"kind", Choice{{"a", "b", "c"}}, {}, 0}, {"n", Int{1, 5}, {}, 0}});
  StudyMaker study(space);
  study.fill(40, [](const auto& u) { return (u[0] > 0.4 && u[0] < 0.6 ? 0.0 : 1.0) + 0.1 * u[1]; });
  const auto landscape = Landscape::learn(study.history);
  ASSERT_TRUE(landscape);
  const Slice kinds = landscape->slice(0);
  ASSERT_EQ(kinds.unit.size(), 3u);
  EXPECT_LT(kinds.value[1], kinds.value[0]);
  EXPECT_LT(kinds.value[1], kinds.value[2]);
  EXPECT_EQ(landscape->slice(1).unit.size(), 5u);
}

TEST(Landscape, WorksWhereParametersComeAndGo) {
  const Space space({{"optimizer", Choice{{"momentum", "adam"}}, {}, 0},
                     {"beta2",
                      Float{0.9, 0.999, Scale::reverse_log},
                      {{"optimizer", Comparison::one_of, {"adam"}}},
                      0},
                     {"rate", Float{1e-4, 1, Scale::log}, {}, 0}});
  StudyMaker study(space);
  study.fill(50, [](const auto& u) {
    return (std::isnan(u[1]) ? 0.0 : 0.5 + u[1]) + (u[2] - 0.5) * (u[2] - 0.5);
  });
  const auto landscape = Landscape::learn(study.history);
  ASSERT_TRUE(landscape);
  // The best trial has no beta2; the slice along it stands on the best that has.
  const Slice slice = landscape->slice(1, 11);
  EXPECT_GT(slice.value.back(), slice.value.front() + 0.4);
  const Slice optimizers = landscape->slice(0);
  EXPECT_LT(optimizers.value[0], optimizers.value[1]);
  for (double value : landscape->surface(0, 1, 8).value) EXPECT_TRUE(std::isfinite(value));
}

TEST(Landscape, NeedsFourDifferentTrials) {
  StudyMaker study(unit_cube(2));
  study.fill(3, [](const auto& u) { return u[0]; });
  EXPECT_FALSE(Landscape::learn(study.history));
}

TEST(Evidence, TamesAHeavyTail) {
  StudyMaker study(unit_cube(1));
  study.fill(99, [](const auto& u) { return 0.1 + 0.1 * u[0]; });
  study.add({{"x0", 0.5}}, TrialState::complete, {1e9});
  const auto known = evidence(study.history);
  ASSERT_TRUE(known);
  const auto [low, high] = std::minmax_element(known->losses.begin(), known->losses.end());
  EXPECT_NEAR(known->taming.value(*low), 0.1, 0.01);
  EXPECT_LT(known->taming.value(*high), 1);
}

TEST(Evidence, CountsPrunedTrialsAtTheirLastReport) {
  StudyMaker study(unit_cube(1));
  study.fill(10, [](const auto& u) { return 1 + u[0]; });
  study.history.apply(Asked{10, {{{"x0", 0.5}}, "random", {}}, "", std::nullopt, 1});
  study.history.apply(Reported{10, {1, 1.9}, 1});
  study.history.apply(Reported{10, {2, 1.4}, 1});
  study.history.apply(Ended{10, TrialState::pruned, {}, {}, "", std::nullopt, 2});
  const auto known = evidence(study.history);
  ASSERT_TRUE(known);
  ASSERT_EQ(known->rows(), 11u);
  EXPECT_NEAR(known->taming.value(known->losses.back()), 1.4, 1e-9);
}

TEST(Evidence, KeepsTheOrderAndComesBack) {
  std::vector<double> accuracies{0.5, 0.9, 0.95, 0.97, 0.975, 0.98, 0.985, 0.987};
  std::vector<double> losses;
  for (double accuracy : accuracies) losses.push_back(-accuracy);
  const Taming taming(losses, Direction::maximize);
  for (std::size_t place = 1; place < losses.size(); ++place) {  // the first one is capped
    EXPECT_LE(taming(losses[place]), taming(losses[place - 1]));
    EXPECT_NEAR(taming.value(taming(losses[place])), accuracies[place], 1e-12);
  }
}

TEST(Evidence, ThinsButKeepsTheBest) {
  StudyMaker study(unit_cube(1));
  study.fill(100, [](const auto& u) { return u[0]; });
  const Evidence few = thinned(*evidence(study.history), 20);
  EXPECT_EQ(few.rows(), 20u);
  EXPECT_EQ(few.units.size(), 20u);
  EXPECT_NEAR(*std::min_element(few.losses.begin(), few.losses.end()),
              study.history.best()->values[0], 1e-12);
  EXPECT_GT(*std::max_element(few.losses.begin(), few.losses.end()), 0.9);
}

}  // namespace
}  // namespace caviar
