#include "caviar/analysis/summary.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/analysis/studies.hpp"

namespace caviar {
namespace {

using testing::StudyMaker;
using testing::unit_cube;

TEST(Summary, CountsAndTimes) {
  StudyMaker study(unit_cube(1));
  study.add({{"x0", 0.1}}, TrialState::complete, {3});
  study.add({{"x0", 0.2}}, TrialState::failed, {}, "diverged");
  study.add({{"x0", 0.3}}, TrialState::complete, {2});
  study.add({{"x0", 0.4}}, TrialState::running);
  const Summary summary = summarise(study.history);
  EXPECT_EQ(summary.trials, 4u);
  EXPECT_EQ(summary.complete, 2u);
  EXPECT_EQ(summary.failed, 1u);
  EXPECT_EQ(summary.running, 1u);
  EXPECT_EQ(summary.best, 2);
  EXPECT_DOUBLE_EQ(summary.elapsed_s, 2.5);
  EXPECT_DOUBLE_EQ(summary.trials_s, 1.5);
  EXPECT_DOUBLE_EQ(summary.median_trial_s, 0.5);
}

TEST(Summary, OfNothingIsEmpty) {
  const Summary summary = summarise(History(unit_cube(1), {}));
  EXPECT_EQ(summary.trials, 0u);
  EXPECT_FALSE(summary.best);
  EXPECT_EQ(summary.elapsed_s, 0);
}

TEST(Unfinished, SaysWhereTheBestIsNotTheLastWord) {
  const auto note = [](double budget) {
    return Note{{budget_note, budget}, {full_budget_note, 81}};
  };
  StudyMaker study(unit_cube(1), {"loss", {Direction::minimize}});
  EXPECT_EQ(unfinished_text(study.history, "epochs"), "");
  study.add({{"x0", 0.1}}, TrialState::pruned, {0.4}, "", note(1));
  study.add({{"x0", 0.2}}, TrialState::pruned, {0.6}, "", note(4));
  EXPECT_EQ(unfinished_text(study.history, "epochs"),
            "no trial has spent all 81 epochs yet; the furthest is trial 1, loss 0.6 after 4 of 81 "
            "epochs; more trials (caviar tune FILE --trials N) take it further");
  study.add({{"x0", 0.3}}, TrialState::complete, {0.5}, "", note(81));
  EXPECT_EQ(unfinished_text(study.history, "epochs"),
            "not the last word: trial 0, loss 0.4 after 1 of 81 epochs, is better already than the "
            "best of those that had all of them; more trials (caviar tune FILE --trials N) take it "
            "further");
  study.add({{"x0", 0.3}}, TrialState::complete, {0.3}, "", note(81));
  EXPECT_EQ(unfinished_text(study.history, "epochs"), "");
}

TEST(BestSoFar, FallsAndStays) {
  StudyMaker study(unit_cube(1));
  study.add({{"x0", 0.1}}, TrialState::failed);
  for (double value : {3.0, 5.0, 1.0, 2.0}) study.add({{"x0", 0.1}}, TrialState::complete, {value});
  const std::vector<double> best = best_so_far(study.history);
  ASSERT_EQ(best.size(), 5u);
  EXPECT_TRUE(std::isnan(best[0]));
  EXPECT_EQ(std::vector<double>(best.begin() + 1, best.end()), (std::vector<double>{3, 3, 1, 1}));
}

TEST(BestSoFar, RisesWhereMoreIsBetter) {
  StudyMaker study(unit_cube(1), {"accuracy", {Direction::maximize}});
  for (double value : {0.5, 0.4, 0.9}) study.add({{"x0", 0.1}}, TrialState::complete, {value});
  EXPECT_EQ(best_so_far(study.history), (std::vector<double>{0.5, 0.5, 0.9}));
}

}  // namespace
}  // namespace caviar
