// What reports tell of a trial that was stopped, and configurations at one budget.
#include "caviar/trial/reports.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "caviar/trial/configurations.hpp"

namespace caviar {
namespace {

int start(History& history, const std::vector<double>& reports, const Note& note = {}) {
  const int trial = static_cast<int>(history.trials().size());
  history.apply(Asked{trial, {Point{{"x", 0.5}}, "", note}, "", {}, 0});
  std::int64_t step = 0;
  for (const double value : reports) history.apply(Reported{trial, {++step, value}, 0});
  return trial;
}

void finish(History& history, int trial, TrialState state, std::vector<double> values = {}) {
  history.apply(Ended{trial, state, std::move(values), {}, "", {}, 0});
}

History empty(Direction direction = Direction::minimize) {
  return History(Space({{"x", Float{0, 1}}}), {"value", {direction}});
}

TEST(ExpectedLoss, IsTheBestReportAndWhatCompleteOnesStillGained) {
  History history = empty();
  for (const double gain : {1.0, 2.0, 5.0}) {
    finish(history, start(history, {20, 10, 10 - gain}), TrialState::complete, {10 - gain});
  }
  const int stopped = start(history, {31, 30});
  finish(history, stopped, TrialState::pruned);
  const Trial& trial = history.trials()[static_cast<std::size_t>(stopped)];
  EXPECT_EQ(expected_loss(history, trial), 28);
  finish(history, start(history, {20, 10, -90}), TrialState::complete, {-90});
  EXPECT_EQ(expected_loss(history, history.trials()[3]), 28) << "what comes later changes nothing";
}

TEST(ExpectedLoss, WithFewToCompareWithIsTheBestReport) {
  History history = empty(Direction::maximize);
  finish(history, start(history, {1, 9}), TrialState::complete, {9});
  const int stopped = start(history, {3, 2});
  finish(history, stopped, TrialState::pruned);
  EXPECT_EQ(expected_loss(history, history.trials()[1]), -3);
  finish(history, start(history, {}), TrialState::pruned);
  EXPECT_EQ(expected_loss(history, history.trials()[2]), std::nullopt);
}

TEST(Configurations, AreComparedAtTheHighestBudgetThatEnoughReached) {
  History history = empty();
  EXPECT_TRUE(budgets_of(history).empty());
  const auto add = [&](double budget, double value, std::optional<int> parent) {
    Note note = {{budget_note, budget}, {full_budget_note, 9}};
    if (parent) note[continues_note] = *parent;
    finish(history, start(history, {}, note), TrialState::pruned, {value});
  };
  for (int n = 0; n < 9; ++n) add(1, n, std::nullopt);
  for (int n = 0; n < 3; ++n) add(3, 10 + n, n);
  const std::vector<double> budgets = budgets_of(history);
  EXPECT_EQ(budgets, (std::vector<double>{1, 3, 9}));
  EXPECT_EQ(comparable_budget(history, budgets, 3), 3);
  EXPECT_EQ(comparable_budget(history, budgets, 4), 1);
  EXPECT_EQ(comparable_budget(history, budgets, 99), 1);
  EXPECT_EQ(configurations_at(history, 3, 9).count(TrialState::complete), 3U);
}

}  // namespace
}  // namespace caviar
