#include <cmath>

#include <gtest/gtest.h>

#include "curves.hpp"

namespace caviar {
namespace {

const char* const eager = R"({"pruner": "median", "startup_trials": 1, "protect": 0})";

TEST(MedianPruner, StopsWhatIsWorseThanTheMedianAtTheSameStep) {
  const History history = complete({{1, 0.1}, {2, 0.2}, {3, 0.3}});
  EXPECT_EQ(judge(pruner(eager), history, {2.1}), Flow::stop);
  EXPECT_EQ(judge(pruner(eager), history, {2.0}), Flow::go) << "equal is not worse";
  EXPECT_EQ(judge(pruner(eager), history, {0.15, 0.19}), Flow::go);
  EXPECT_EQ(judge(pruner(eager), history, {2, 0.21}), Flow::stop);
}

TEST(MedianPruner, TheBestReportSoFarCounts) {
  const History history = complete({{1, 0.1}, {2, 0.2}, {3, 0.3}});
  EXPECT_EQ(judge(pruner(eager), history, {0.2, 5}), Flow::go);
}

TEST(MedianPruner, AnEvenNumberHasItsMedianInTheMiddle) {
  const History history = complete({{1}, {2}, {3}, {4}});
  EXPECT_EQ(judge(pruner(eager), history, {2.5}), Flow::go);
  EXPECT_EQ(judge(pruner(eager), history, {2.51}), Flow::stop);
}

TEST(MedianPruner, MaximizingTurnsItRound) {
  const History history = complete({{1}, {2}, {3}}, {"accuracy", {Direction::maximize}});
  EXPECT_EQ(judge(pruner(eager), history, {1.9}), Flow::stop);
  EXPECT_EQ(judge(pruner(eager), history, {2.1}), Flow::go);
}

TEST(MedianPruner, WaitsForStartupTrials) {
  const std::vector<std::vector<double>> four = {{1}, {1}, {1}, {1}};
  EXPECT_EQ(judge(pruner("\"median\""), complete(four), {9}), Flow::go);
  auto five = four;
  five.push_back({1});
  EXPECT_EQ(judge(pruner("\"median\""), complete(five), {9}), Flow::stop);
}

TEST(MedianPruner, WaitsForWarmupSteps) {
  const History history = complete({{1, 1, 1}});
  const Pruner patient =
      pruner(R"({"pruner": "median", "startup_trials": 1, "warmup_steps": 2, "protect": 0})");
  EXPECT_EQ(judge(patient, history, {9, 9}), Flow::go);
  EXPECT_EQ(judge(patient, history, {9, 9, 9}), Flow::stop);
}

TEST(MedianPruner, ATrialThatEndedEarlierStandsWhereItEnded) {
  const History history = complete({{1}, {1, 0.5, 0.4}, {1, 0.5, 0.3}});
  EXPECT_EQ(judge(pruner(eager), history, {9, 9, 0.41}), Flow::stop);
  EXPECT_EQ(judge(pruner(eager), history, {9, 9, 0.4}), Flow::go);
}

TEST(MedianPruner, TrialsWithoutReportsSayNothing) {
  EXPECT_EQ(judge(pruner(eager), complete({{}, {}}), {9}), Flow::go);
}

TEST(MedianPruner, NanIsTheWorst) {
  EXPECT_EQ(judge(pruner(eager), complete({{1}}), {NAN}), Flow::stop);
  EXPECT_EQ(judge(pruner(eager), complete({{NAN}}), {5}), Flow::go);
  EXPECT_EQ(judge(pruner(eager), complete({{1}}, {"a", {Direction::maximize}}), {NAN}), Flow::stop);
}

}  // namespace
}  // namespace caviar
