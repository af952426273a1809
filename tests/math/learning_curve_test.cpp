// The signed-rank test against published values, and the forecast of learning curves.
#include "caviar/math/learning_curve.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/math/signed_rank.hpp"

namespace caviar {
namespace {

TEST(SignedRank, CountsSignsExactly) {
  EXPECT_DOUBLE_EQ(signed_rank_p(std::vector<double>{}), 1);
  EXPECT_DOUBLE_EQ(signed_rank_p(std::vector<double>{0, 0}), 1);
  EXPECT_DOUBLE_EQ(signed_rank_p(std::vector<double>{1, 2, 3, 4, 5}), 1 / 32.0);
  EXPECT_DOUBLE_EQ(signed_rank_p(std::vector<double>{-1, 2, 3, 4, 5}), 2 / 32.0);
  EXPECT_DOUBLE_EQ(signed_rank_p(std::vector<double>{1, -2, 3, 4, 5}), 3 / 32.0);
  EXPECT_DOUBLE_EQ(signed_rank_p(std::vector<double>{-1, -2, -3}), 1);
}

// Depression scores of nine patients before and after a drug: Hollander and Wolfe, "Nonparametric
// Statistical Methods" (1973), example 3.1: T+ = 40 of 45, P = 10 / 512.
TEST(SignedRank, AgreesWithHollanderAndWolfe) {
  const std::vector<double> before = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> after = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  std::vector<double> differences;
  for (std::size_t i = 0; i < before.size(); ++i) differences.push_back(before[i] - after[i]);
  EXPECT_NEAR(signed_rank_p(differences), 10 / 512.0, 1e-12);
}

TEST(SignedRank, TheNormalFormGoesOnFromTheExactOne) {
  Rng rng(4, 0);
  std::vector<double> differences;
  for (int i = 0; i < 50; ++i) differences.push_back(rng.normal() + 0.25);
  const double exact = signed_rank_p(differences);
  differences.push_back(1e-9);  // the smallest rank: hardly a change
  EXPECT_NEAR(signed_rank_p(differences), exact, 0.01);
}

std::vector<double> steps_to(int n) {
  std::vector<double> steps;
  for (int i = 1; i <= n; ++i) steps.push_back(i);
  return steps;
}

TEST(LearningCurveForecast, KnowsNothingFromTwoPoints) {
  EXPECT_EQ(chance_below(0, 10, std::vector<double>{1, 2}, std::vector<double>{5, 4}), 1);
}

// Over curves of the families that it knows and some that it does not, with noise: what it gives a
// chance of p must happen about p of the time.
TEST(LearningCurveForecast, IsCalibrated) {
  Rng rng(11, 0);
  int below_tenth = 0, happened = 0, likely = 0, kept = 0;
  for (int run = 0; run < 2000; ++run) {
    const double end = rng.uniform(), size = 0.2 + rng.uniform(), power = 0.3 + rng.uniform();
    const double noise = 0.01 * rng.uniform();
    const bool exponential = rng.uniform() < 0.5;
    std::vector<double> losses;
    double best = INFINITY, truth = 0;
    for (int step = 1; step <= 50; ++step) {
      const double clean = exponential ? std::exp(-step * power / 10) : std::pow(step, -power);
      best = std::min(best, end + size * clean + noise * rng.normal());
      if (step <= 12) losses.push_back(best);
      truth = best;
    }
    const double target = truth + 0.1 * rng.normal();
    const double chance = chance_below(target, 50, steps_to(12), losses);
    ASSERT_GE(chance, 0);
    ASSERT_LE(chance, 1 + 1e-12);
    if (chance < 0.1) {
      ++below_tenth;
      happened += truth <= target;
    }
    if (chance > 0.9) {
      ++likely;
      kept += truth <= target;
    }
  }
  EXPECT_GT(below_tenth, 200) << "it must dare to say something";
  EXPECT_LT(happened, 0.12 * below_tenth);
  EXPECT_GT(likely, 200);
  EXPECT_GT(kept, 0.85 * likely);
}

TEST(LearningCurveForecast, DoesNotDependOnTheScale) {
  const std::vector<double> steps = steps_to(8);
  std::vector<double> losses;
  for (const double step : steps) losses.push_back(0.3 + 1 / step);
  const double chance = chance_below(0.35, 40, steps, losses);
  for (const double scale : {1e-200, 1e200}) {
    std::vector<double> scaled;
    for (const double loss : losses) scaled.push_back(loss * scale);
    EXPECT_NEAR(chance_below(0.35 * scale, 40, steps, scaled), chance, 1e-6) << scale;
  }
}

}  // namespace
}  // namespace caviar
