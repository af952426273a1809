#include "caviar/analysis/local_importance.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/studies.hpp"

namespace caviar {
namespace {

using testing::share_of;
using testing::StudyMaker;
using testing::unit_cube;

// x0 decides whether a trial is any good; among the good ones only x1 matters.
double two_stages(const std::vector<double>& u) { return u[0] < 0.5 ? 10 + u[0] : u[1] * u[1]; }

TEST(LocalImportance, SeesWhatStillMattersAmongTheGood) {
  StudyMaker study(unit_cube(3));
  study.fill(600, two_stages);
  const auto whole = importance(study.history);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->parameters.front().parameter, 0U);
  const auto found = local_importance(study.history, {.good = 0.45});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->good, 270U);
  EXPECT_EQ(found->best, 54U);
  EXPECT_EQ(found->parameters.front().parameter, 1U);
  EXPECT_GT(share_of(found->parameters, 1), 0.9);
  EXPECT_LT(share_of(found->parameters, 0), 0.05);
}

TEST(LocalImportance, OfAllTrialsSeesTheFirstStage) {
  StudyMaker study(unit_cube(3));
  study.fill(600, two_stages);
  const auto found = local_importance(study.history, {.good = 1, .best = 0.45});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->parameters.front().parameter, 0U);
}

// With equal densities of the best along two axes, equal shares; the rest by chance stays out.
TEST(LocalImportance, SharesAreFairAndSumUpToOne) {
  StudyMaker study(unit_cube(6));
  study.fill(2000, [](const auto& u) { return std::max(u[2], u[4]); });
  const auto found = local_importance(study.history, {.good = 1, .best = 0.1});
  ASSERT_TRUE(found);
  EXPECT_NEAR(share_of(found->parameters, 2), 0.5, 0.08);
  EXPECT_NEAR(share_of(found->parameters, 4), 0.5, 0.08);
  double sum = 0;
  for (const auto& one : found->parameters) {
    sum += one.share;
    EXPECT_GE(one.share, 0);
    EXPECT_LT(one.spread, 0.1);
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

// Of sixty parameters one matters: the others are not found important by chance.
TEST(LocalImportance, TakesNoneOfManyForImportantByChance) {
  int more = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    StudyMaker study(unit_cube(60));
    study.fill(120, [](const auto& u) { return u[7]; }, seed);
    const auto found = local_importance(study.history, {.good = 1});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->parameters.front().parameter, 7U);
    EXPECT_TRUE(found->parameters.front().above_chance);
    for (const auto& one : found->parameters) more += one.above_chance ? 1 : 0;
  }
  EXPECT_LE(more, 4 + 2);  // one study in twenty may show one too many
}

TEST(LocalImportance, TakesNothingForImportantInMereChance) {
  int studies = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    StudyMaker study(unit_cube(30));
    Rng chance(seed);
    study.fill(100, [&](const auto&) { return chance.uniform(); }, seed);
    const auto found = local_importance(study.history);
    ASSERT_TRUE(found);
    studies += found->parameters.front().above_chance ? 1 : 0;
    if (found->parameters.front().above_chance) continue;
    EXPECT_EQ(found->parameters.front().share, 0);
  }
  EXPECT_LE(studies, 4);
}

// A choice, and a number that only one of its values has: being there at all is what counts.
TEST(LocalImportance, KnowsChoicesAndConditions) {
  const Space space({{"method", Choice{{"a", "b", "c"}}, {}, 0},
                     {"depth", Float{0, 1}, {{.parameter = "method", .values = {"b"}}}, 0},
                     {"noise", Float{0, 1}, {}, 0}});
  StudyMaker study(space);
  study.fill(400, [](const auto& u) { return std::isnan(u[1]) ? 1 + u[2] * 1e-3 : u[1]; });
  const auto found = local_importance(study.history, {.good = 1, .best = 0.2});
  ASSERT_TRUE(found);
  EXPECT_GT(share_of(found->parameters, 0), 0.2);
  EXPECT_GT(share_of(found->parameters, 1), 0.2);
  EXPECT_LT(share_of(found->parameters, 2), 0.05);
}

TEST(LocalImportance, IsSilentWhereNothingCanBeSaid) {
  StudyMaker few(unit_cube(2));
  few.fill(20, [](const auto& u) { return u[0]; });
  EXPECT_FALSE(local_importance(few.history));
  StudyMaker flat(unit_cube(2));
  flat.fill(100, [](const auto&) { return 1.0; });
  EXPECT_FALSE(local_importance(flat.history));
}

TEST(LocalImportance, IsTheSameEachTime) {
  StudyMaker study(unit_cube(3));
  study.fill(300, two_stages);
  const auto once = local_importance(study.history), again = local_importance(study.history);
  ASSERT_TRUE(once && again);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(once->parameters[i].share, again->parameters[i].share);
    EXPECT_EQ(once->parameters[i].spread, again->parameters[i].spread);
  }
}

}  // namespace
}  // namespace caviar
