#include "caviar/analysis/importance.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/analysis/evidence.hpp"
#include "caviar/math/forest.hpp"

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

// The marginals are exact: the variances of a forest's trees by brute force over a fine grid.
TEST(Importance, IsExactOverTheForest) {
  Rng rng(11);
  std::vector<double> units, values;
  for (int row = 0; row < 60; ++row) {
    const double x = rng.uniform(), y = rng.uniform();
    units.insert(units.end(), {x, y});
    values.push_back(std::sin(5 * x) + y * y + x * y);
  }
  const Forest forest(units, values, {0, 0}, {.trees = 1, .leaf_rows = 3, .rows = 60}, rng);
  const auto found = importance(forest);
  ASSERT_TRUE(found);
  constexpr std::size_t cells = 500;
  std::vector<double> along(cells), across(cells);
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    for (std::size_t j = 0; j < cells; ++j) {
      const double at[] = {(i + 0.5) / cells, (j + 0.5) / cells};
      const double value = forest.predict(at);
      along[i] += value / cells;
      across[j] += value / cells;
      mean += value / (cells * cells);
      square += value * value / (cells * cells);
    }
  }
  const double total = square - mean * mean;
  const auto variance = [&](const std::vector<double>& marginal) {
    double sum = 0;
    for (double each : marginal) sum += (each - mean) * (each - mean) / cells;
    return sum;
  };
  EXPECT_NEAR(share_of(found->parameters, 0), variance(along) / total, 0.01);
  EXPECT_NEAR(share_of(found->parameters, 1), variance(across) / total, 0.01);
  EXPECT_NEAR(sum_of(*found), 1, 1e-9);  // two axes: nothing is left over
}

TEST(Forest, LeavesShareTheCubeOut) {
  Rng rng(2);
  std::vector<double> units, values;
  for (int row = 0; row < 80; ++row) {
    units.insert(units.end(),
                 {rng.uniform(), (static_cast<double>(rng.below(3)) + 0.5) / 3,
                  row % 5 == 0 ? std::numeric_limits<double>::quiet_NaN() : rng.uniform()});
    values.push_back(rng.normal());
  }
  const Forest forest(units, values, {0, 3, 0}, {.trees = 8}, rng);
  for (const Tree& tree : forest.trees()) {
    double volume = 0;
    for (const Leaf& leaf : tree.leaves) {
      volume += share(leaf.sides[0], 0) * share(leaf.sides[1], 3) * share(leaf.sides[2], 0);
    }
    EXPECT_NEAR(volume, 1, 1e-9);
  }
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
