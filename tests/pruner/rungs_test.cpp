// Successive halving and Hyperband: who goes on from which step.
#include "caviar/pruner/rungs.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "curves.hpp"

namespace caviar {
namespace {

const char* const halving =
    R"({"pruner": "successive_halving", "min_steps": 2, "factor": 2, "protect": 0})";

TEST(Rungs, AreStepsThatGrowByTheFactor) {
  Trial trial;
  std::vector<std::int64_t> reached;
  for (std::int64_t step = 1; step <= 20; ++step) {
    trial.reports.push_back({step, 0.0});
    if (const auto rung = rung_reached({2, 3}, trial)) reached.push_back(*rung);
  }
  EXPECT_EQ(reached, (std::vector<std::int64_t>{2, 6, 18}));
}

TEST(Rungs, AReportMayPassSeveral) {
  Trial trial;
  trial.reports = {{1, 0.0}, {100, 0.0}};
  EXPECT_EQ(rung_reached({1, 3}, trial), 81);
  trial.reports = {{1, 0.0}, {std::int64_t{1} << 62, 0.0}};
  EXPECT_EQ(rung_reached({1, 2}, trial), std::int64_t{1} << 62);
}

TEST(SuccessiveHalving, JudgesOnlyAtRungs) {
  const History history = complete({{1, 1, 1, 1}, {2, 2, 2, 2}, {3, 3, 3, 3}});
  EXPECT_EQ(judge(pruner(halving), history, {9}), Flow::go);
  EXPECT_EQ(judge(pruner(halving), history, {9, 9}), Flow::stop);
  EXPECT_EQ(judge(pruner(halving), history, {9, 9, 9}), Flow::go);
  EXPECT_EQ(judge(pruner(halving), history, {9, 9, 9, 9}), Flow::stop);
}

TEST(SuccessiveHalving, OneInFactorGoesOn) {
  const History history = complete({{1, 1}, {2, 2}, {3, 3}});  // with the new one four: two go on
  EXPECT_EQ(judge(pruner(halving), history, {9, 1.5}), Flow::go);
  EXPECT_EQ(judge(pruner(halving), history, {9, 2}), Flow::go) << "equal to the second best";
  EXPECT_EQ(judge(pruner(halving), history, {9, 2.5}), Flow::stop);
}

// Of twelve, the new one among them: 8 go on from step 1, 6 from step 3, 4 from step 9, and no
// fewer from step 27 on.
TEST(SuccessiveHalving, LetsMoreThroughEarly) {
  std::vector<std::vector<double>> curves;
  for (int level = 1; level <= 11; ++level) curves.emplace_back(81, level);
  const History history = complete(curves);
  const auto goes_on = [&](std::size_t step) {
    int count = 0;
    for (int level = 0; level < 12; ++level) {
      const std::vector<double> curve(step, level + 0.5);
      if (judge(pruner("\"successive_halving\""), history, curve) == Flow::go) ++count;
    }
    return count;
  };
  EXPECT_EQ(goes_on(1), 8);
  EXPECT_EQ(goes_on(3), 6);
  EXPECT_EQ(goes_on(9), 4);  // one in 2.5
  EXPECT_EQ(goes_on(27), 4);
  EXPECT_EQ(goes_on(81), 4);
}

TEST(SuccessiveHalving, TheBestStepUpToTheRungCounts) {
  const History history = complete({{2, 7}, {3, 7}, {4, 7}});
  EXPECT_EQ(judge(pruner(halving), history, {1, 9}), Flow::go);
}

// Sixteen trials whose rank shows from the first step on: two thirds come through the first rung,
// a half through each later one.
TEST(SuccessiveHalving, SpendsWhereItPays) {
  const Pruner made = pruner(R"({"pruner": "successive_halving", "factor": 2, "protect": 0})");
  History history(Space({{"x", Float{0, 1}}}), {});
  std::vector<int> ran;
  for (int n = 0; n < 16; ++n) {
    history.apply(Asked{n, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
    const double level = (n * 7) % 16;
    int step = 0;
    Flow flow = Flow::go;
    while (flow == Flow::go && step < 8) {
      history.apply(Reported{n, {++step, level}, 1});
      flow = made(history, history.trials().back());
    }
    Ended ended;
    ended.trial = n;
    ended.state = flow == Flow::go ? TrialState::complete : TrialState::pruned;
    if (flow == Flow::go) ended.values = {level};
    history.apply(ended);
    ran.push_back(step);
  }
  EXPECT_EQ(ran[0], 8) << "the best of all, level 0, comes first and runs to its end";
  EXPECT_GE(std::ranges::count(ran, 1), 5) << "a third of them ends after the first step";
  EXPECT_LE(std::accumulate(ran.begin(), ran.end(), 0), 16 * 8 / 2);
  EXPECT_EQ(history.best()->number, 0);
}

// Brackets of 9, 5 and 3 trials begin at steps 1, 3 and 9, and the last of them stops nothing.
TEST(Hyperband, BracketsBeginAtDifferentSteps) {
  const Pruner made = pruner(R"({"pruner": "hyperband", "max_steps": 9, "protect": 0})");
  History history(Space({{"x", Float{0, 1}}}), {});
  std::vector<int> stopped(10);  // by step
  const int trials = 300;
  for (int n = 0; n < trials; ++n) {
    const bool good = n % 4 != 0;
    history.apply(Asked{n, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
    Ended ended;
    ended.trial = n;
    ended.state = TrialState::pruned;
    for (int step = 1; step <= 9; ++step) {
      history.apply(Reported{n, {step, good ? 1.0 : 99.0}, 1});
      if (made(history, history.trials().back()) == Flow::go) continue;
      EXPECT_FALSE(good && n > 8) << n;
      if (!good) ++stopped[static_cast<std::size_t>(step)];
      break;
    }
    history.apply(ended);
  }
  EXPECT_NEAR(stopped[1], trials / 4 * 9 / 17.0, 8);
  EXPECT_NEAR(stopped[3], trials / 4 * 5 / 17.0, 8);
  EXPECT_EQ(stopped[1] + stopped[3], std::accumulate(stopped.begin(), stopped.end(), 0));
}

TEST(Hyperband, RefusesImpossibleNumbers) {
  for (const char* spec : {"\"hyperband\"", R"({"pruner": "hyperband", "max_steps": 2})",
                           R"({"pruner": "hyperband", "max_steps": 27, "min_steps": 10})",
                           R"({"pruner": "hyperband", "max_steps": 27, "factor": 1})"}) {
    EXPECT_THROW(pruner(spec), Error) << spec;
  }
}

}  // namespace
}  // namespace caviar
