#include "caviar/analysis/importance.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/analysis/evidence.hpp"

#include "tests/analysis/studies.hpp"

namespace caviar {
namespace {

using testing::share_of;
using testing::StudyMaker;
using testing::unit_cube;

double sum_of(const Importance& importance) {
  double sum = 0;
  for (const ParameterImportance& each : importance.parameters) sum += each.share;
  for (const PairImportance& each : importance.pairs) sum += each.share;
  return sum;
}

TEST(Importance, FindsTheSharesOfAnAdditiveFunction) {
  StudyMaker study(unit_cube(3));
  // Variance of a·x over the unit interval is a²/12: shares 16/20, 4/20 and 0.
  study.fill(600, [](const auto& u) { return 4 * u[0] + 2 * u[1]; });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->parameters[0].parameter, 0u);
  EXPECT_NEAR(share_of(found->parameters, 0), 0.8, 0.06);
  EXPECT_NEAR(share_of(found->parameters, 1), 0.2, 0.06);
  EXPECT_LT(share_of(found->parameters, 2), 0.02);
  EXPECT_LE(sum_of(*found), 1 + 1e-9);
}

TEST(Importance, FindsWhatTwoDoOnlyTogether) {
  StudyMaker study(unit_cube(3));
  study.fill(800, [](const auto& u) { return (u[0] > 0.5) == (u[2] > 0.5) ? 1.0 : 0.0; });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  EXPECT_LT(share_of(found->parameters, 0), 0.1);
  EXPECT_LT(share_of(found->parameters, 2), 0.1);
  EXPECT_EQ(found->pairs[0].first + found->pairs[0].second, 2u);
  EXPECT_GT(found->pairs[0].share, 0.7);
  EXPECT_LE(sum_of(*found), 1 + 1e-9);
}

TEST(Importance, TakesCategoriesAsASet) {
  // The values of neighbours in the list have nothing to do with each other.
  const Space space(
      {{"kind", Choice{{"a", "b", "c", "d", "e", "f"}}, {}, 0}, {"x", Float{0, 1}, {}, 0}});
  StudyMaker study(space);
  study.fill(300, [](const auto& u) { return std::lround(u[0] * 6 - 0.5) % 2 + 0.2 * u[1]; });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  EXPECT_GT(share_of(found->parameters, 0), 0.9);  // 0.25 against 0.04/12
}

TEST(Importance, GivesAConditionalParameterOnlyWhatItDoes) {
  const Space space({{"use", Choice{{true, false}}, {}, 0},
                     {"x", Float{0, 1}, {{"use", Comparison::one_of, {true}}}, 0},
                     {"noise", Float{0, 1}, {}, 0}});
  StudyMaker study(space);
  study.fill(600, [](const auto& u) { return std::isnan(u[1]) ? 0.0 : 1 + u[1]; });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  // f = use · (1 + x): the mean over x is 1.5·use, variance 0.5625; over use it is (1 + x)/2,
  // variance 1/48; together 7/12·… = E f² − (E f)² = 7/6 − 9/16.
  const double total = 7.0 / 6 - 9.0 / 16;
  EXPECT_NEAR(share_of(found->parameters, 0), 0.5625 / total, 0.06);
  EXPECT_NEAR(share_of(found->parameters, 1), (1.0 / 48) / total, 0.03);
  EXPECT_LT(share_of(found->parameters, 2), 0.02);
}

TEST(Importance, SaysNothingOfTooLittle) {
  StudyMaker study(unit_cube(2));
  EXPECT_FALSE(importance(study.history));
  study.fill(3, [](const auto& u) { return u[0]; });
  EXPECT_FALSE(importance(study.history));
  study.fill(1, [](const auto& u) { return u[0]; }, 9);
  EXPECT_TRUE(importance(study.history));
}

TEST(Importance, SaysNothingWhereAllValuesAreTheSame) {
  StudyMaker study(unit_cube(2));
  study.fill(20, [](const auto&) { return 0.5; });
  EXPECT_FALSE(importance(study.history));
}

TEST(Importance, IsRepeatable) {
  StudyMaker study(unit_cube(3));
  study.fill(40, [](const auto& u) { return u[0] * u[1]; });
  const auto once = importance(study.history), again = importance(study.history);
  ASSERT_TRUE(once && again);
  for (std::size_t place = 0; place < 3; ++place) {
    EXPECT_EQ(once->parameters[place].parameter, again->parameters[place].parameter);
    EXPECT_EQ(once->parameters[place].share, again->parameters[place].share);
  }
}

TEST(Importance, IsNotDrownedByDivergedTrials) {
  StudyMaker study(unit_cube(2));
  // One trial in fifty explodes at random; x0 explains everything else.
  Rng chance(5);
  study.fill(200, [&](const auto& u) { return u[0] + (chance.below(50) == 0 ? 1e6 : 0); });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  EXPECT_GT(share_of(found->parameters, 0), 0.6);
}

TEST(Importance, CountsFailedTrialsAsBadOnes) {
  StudyMaker study(unit_cube(2));
  Rng rng(3);
  for (int trial = 0; trial < 120; ++trial) {
    const double x = rng.uniform(), y = rng.uniform();
    const Point point{{"x0", x}, {"x1", y}};
    if (x > 0.7)
      study.add(point, TrialState::failed, {}, "diverged");
    else
      study.add(point, TrialState::complete, {0.1 * y});
  }
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->parameters[0].parameter, 0u);
}

struct Known {
  std::size_t dimensions;
  double (*function)(const std::vector<double>&);
  std::vector<double> shares;
};

double curved(const std::vector<double>& u) {
  return 3 * u[0] + 8 * (u[1] - 0.5) * (u[1] - 0.5) + 2 * u[2] * u[3];
}
double waves(const std::vector<double>& u) {
  constexpr double pi = 3.14159265358979;
  return std::sin(2 * pi * u[0]) + std::sin(2 * pi * u[1]) * (u[2] - 0.5) * 4;
}
double two_steps(const std::vector<double>& u) {
  return (u[0] > 0.6 ? 2 : 0) + (u[1] > 0.3 ? 1 : 0) + u[2] / 2;
}

// How often the true share lies within the spread and twice the spread, over functions whose
// shares are known in closed form, and how far off the shares are.
TEST(Importance, TheTrueShareLiesWithinTheSpreadAsOftenAsItSays) {
  // Variances by hand: a²/12 of a·x, 64/180 of 8 (x − ½)², 1/12 of what a factor x of 2·x·y
  // does alone and 1/36 of both together; ½ of a sine; p (1 − p) of a step.
  const double curves = 9.0 / 12 + 64.0 / 180 + 2.0 / 12 + 1.0 / 36;
  const double sines = 0.5 + 0.5 * 16 / 12;
  const double steps = 4 * 0.24 + 0.21 + 0.25 / 12;
  const std::vector<Known> known = {
      {6, curved, {0.75 / curves, 64.0 / 180 / curves, 1 / 12.0 / curves, 1 / 12.0 / curves, 0, 0}},
      {4, waves, {0.5 / sines, 0, 0, 0}},
      {3, two_steps, {0.96 / steps, 0.21 / steps, 0.25 / 12 / steps}}};
  int all = 0, within = 0, within_twice = 0;
  double off = 0;
  for (const Known& one : known) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      StudyMaker study(unit_cube(one.dimensions));
      study.fill(60, one.function, seed);
      const auto found = importance(study.history);
      ASSERT_TRUE(found);
      for (const ParameterImportance& each : found->parameters) {
        const double distance = std::abs(each.share - one.shares[each.parameter]);
        ++all;
        off += distance;
        within += distance <= each.spread + 0.005 ? 1 : 0;
        within_twice += distance <= 2 * each.spread + 0.005 ? 1 : 0;
      }
    }
  }
  EXPECT_GE(within, 0.6 * all);
  EXPECT_GE(within_twice, 0.85 * all);
  EXPECT_LT(off / all, 0.04);
}

// What used to be shown as 16 ± 3 % of 26.
TEST(Importance, SeesACurveThatNoSingleCutDivides) {
  StudyMaker study(unit_cube(6));
  study.fill(100, curved);
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  const double truth = 64.0 / 180 / (9.0 / 12 + 64.0 / 180 + 2.0 / 12 + 1.0 / 36);
  EXPECT_NEAR(share_of(found->parameters, 1), truth, 0.05);
}

// Thirty parameters and the pairs of the first eight, nearly all idle, take nothing from the rest.
TEST(Importance, HoldsAmongMany) {
  StudyMaker study(unit_cube(30));
  study.fill(150, [](const auto& u) { return u[4] + u[11] * u[20]; });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  const double total = 1.0 / 12 + 7.0 / 144;  // 1/48 of it each factor's own, 1/144 both together
  EXPECT_NEAR(share_of(found->parameters, 4), 1.0 / 12 / total, 0.05);
  EXPECT_NEAR(share_of(found->parameters, 11), 1.0 / 48 / total, 0.05);
  EXPECT_LT(found->pairs[0].share, 0.1);  // 0.05 in truth, of which 150 trials tell little
  EXPECT_GT(sum_of(*found), 0.9);
  for (const ParameterImportance& each : found->parameters) {
    const bool idle = each.parameter != 4 && each.parameter != 11 && each.parameter != 20;
    EXPECT_FALSE(idle && each.share > 0.02) << each.parameter;
  }
}

TEST(Importance, SaysOfChanceThatItIsUnsure) {
  StudyMaker study(unit_cube(4));
  Rng chance(3);
  study.fill(60, [&](const auto&) { return chance.normal(); });
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  for (const ParameterImportance& each : found->parameters) EXPECT_FALSE(each.above_chance);
}

// Each configuration's loss falls with the budget far more than it depends on any parameter, and
// only the best go on.
TEST(Importance, ComparesConfigurationsAtOneBudget) {
  StudyMaker study(unit_cube(3));
  Rng rng(7);
  const auto note = [](double budget) {
    return Note{{budget_note, budget}, {full_budget_note, 9}};
  };
  for (int n = 0; n < 300; ++n) {
    const Point point = *draw(study.history.space(), rng);
    const double loss = 4 * encode(study.history.space(), point)[0];
    const int first = study.add(point, TrialState::pruned, {1000 + loss}, "", note(1));
    if (loss > 1) continue;
    Note more = note(3);
    more[continues_note] = first;
    const int second = study.add(point, TrialState::pruned, {100 + loss}, "", more);
    if (n % 20 != 0) continue;
    more = note(9);
    more[continues_note] = second;
    study.add(point, TrialState::complete, {loss}, "", more);
  }
  EXPECT_EQ(budget_of_evidence(study.history), 3);
  const auto found = importance(study.history);
  ASSERT_TRUE(found);
  EXPECT_GT(share_of(found->parameters, 0), 0.9);
  EXPECT_EQ(budget_of_evidence(StudyMaker(unit_cube(1)).history), std::nullopt);
}

}  // namespace
}  // namespace caviar
