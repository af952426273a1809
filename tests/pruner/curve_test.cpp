// Pruners that look at the trial's own curve, or compare it step by step with the best one.
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "curves.hpp"

namespace caviar {
namespace {

TEST(Threshold, StopsOutsideTheRange) {
  const Pruner both = pruner(R"({"pruner": "threshold", "lower": 0, "upper": 2})");
  EXPECT_EQ(judge(both, complete({}), {0, 2, 1}), Flow::go);
  EXPECT_EQ(judge(both, complete({}), {2.1}), Flow::stop);
  EXPECT_EQ(judge(both, complete({}), {-0.1}), Flow::stop);
  EXPECT_EQ(judge(both, complete({}), {NAN}), Flow::stop);
  const Pruner later = pruner(R"({"pruner": "threshold", "upper": 2, "warmup_steps": 2})");
  EXPECT_EQ(judge(later, complete({}), {9, 9}), Flow::go);
  EXPECT_EQ(judge(later, complete({}), {1, 1, 9}), Flow::stop);
  EXPECT_EQ(judge(later, complete({}), {1, 1, -9e9}), Flow::go) << "no lower bound is set";
}

TEST(Threshold, NeedsARange) {
  EXPECT_THROW(pruner("\"threshold\""), Error);
  EXPECT_THROW(pruner(R"({"pruner": "threshold", "lower": 2, "upper": 1})"), Error);
}

TEST(Patient, StopsWhatNoLongerGetsBetter) {
  const Pruner made =
      pruner(R"({"pruner": "patient", "patience": 2, "min_delta": 0.1, "protect": 0})");
  EXPECT_EQ(judge(made, complete({}), {5, 4, 3, 2}), Flow::go);
  EXPECT_EQ(judge(made, complete({}), {5, 5}), Flow::go);
  EXPECT_EQ(judge(made, complete({}), {5, 5, 5}), Flow::stop);
  EXPECT_EQ(judge(made, complete({}), {5, 4.95, 4.92}), Flow::stop) << "gains below min_delta";
  EXPECT_EQ(judge(made, complete({}), {5, 4.95, 4.8}), Flow::go) << "they add up";
}

TEST(Patient, AsksTheOneThatItWraps) {
  const Pruner made = pruner(
      R"({"pruner": "patient", "patience": 1, "protect": 0,
          "wrapped": {"pruner": "threshold", "upper": 6}})");
  EXPECT_EQ(judge(made, complete({}), {5, 5.5}), Flow::go);
  EXPECT_EQ(judge(made, complete({}), {5, 6.5}), Flow::stop);
  EXPECT_THROW(pruner(R"({"pruner": "patient", "wrapped": "impatient"})"), Error);
}

TEST(Wilcoxon, ComparesFoldByFold) {
  // The folds differ by far more than the trials do.
  const History history = complete({{10, 20, 30, 40, 25}});
  const std::string each = R"({"pruner": "wilcoxon", "reports": "values", "p": 0.07})";
  EXPECT_EQ(judge(pruner(each), history, {11, 21, 31}), Flow::go) << "1 in 8";
  EXPECT_EQ(judge(pruner(each), history, {11, 21, 31, 41}), Flow::stop) << "1 in 16";
  EXPECT_EQ(judge(pruner(each), history, {11, 21, 31, 39.5}), Flow::go);
  EXPECT_EQ(judge(pruner(each), history, {9, 19, 29, 39}), Flow::go);
}

TEST(Wilcoxon, TakesMeansApart) {
  // Means of the folds 10, 20, 30, 40 and of 11, 21, 31, 41.
  History history(Space({{"x", Float{0, 1}}}), {});
  history = complete({{10, 15, 20, 25}});
  const std::string made = R"({"pruner": "wilcoxon", "p": 0.07})";
  EXPECT_EQ(judge(pruner(made), history, {11, 16, 21}), Flow::go);
  EXPECT_EQ(judge(pruner(made), history, {11, 16, 21, 26}), Flow::stop);
  // The last fold alone is better (8 where the best has 40), and so is the mean.
  EXPECT_EQ(judge(pruner(made), history, {11, 16, 21, 17.75}), Flow::go);
}

std::vector<double> power_law(double end, double size, double power, int steps) {
  std::vector<double> curve;
  for (int step = 1; step <= steps; ++step) curve.push_back(end + size * std::pow(step, -power));
  return curve;
}

TEST(LearningCurve, StopsWhatWillNotReachTheBest) {
  const History history = complete(
      {power_law(0.2, 1, 0.7, 60), power_law(0.3, 1, 0.7, 60), power_law(0.25, 1, 0.7, 60)});
  const Pruner made = pruner(R"({"pruner": "learning_curve", "protect": 3})");
  EXPECT_EQ(judge(made, history, power_law(0.6, 1, 1, 15)), Flow::stop);
  EXPECT_EQ(judge(made, history, power_law(0.6, 1, 1, 5)), Flow::go) << "too early to judge";
  EXPECT_EQ(judge(made, history, power_law(0.05, 2, 0.7, 15)), Flow::go)
      << "behind for now, but it will be the best";
}

}  // namespace
}  // namespace caviar
