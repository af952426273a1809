// What partial budgets say of the full one.
#include "caviar/sampler/foresight.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "caviar/sampler/budget.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

const std::vector<double> budgets = {1, 3, 9};

// Slow learners, of small x, look bad early and are the best in the end.
double slow_wins(double x, double budget) {
  const double part = std::log(budget) / std::log(9.0);
  return part * x + (1 - part) * (1 - x) + 0.5 * (1 - part);
}

Space line() { return space_of("{x: {type: float, low: 0, high: 1}}"); }

int spend(History& history, double x, double budget, double value,
          std::optional<int> parent = std::nullopt) {
  Proposal proposal{
      Point{{"x", x}}, "random", {{budget_note, budget}, {full_budget_note, budgets.back()}}};
  if (parent) proposal.note[continues_note] = *parent;
  ask(history, proposal);
  Ended ended;
  ended.trial = static_cast<int>(history.trials().size()) - 1;
  ended.state = budget < budgets.back() ? TrialState::pruned : TrialState::complete;
  if (std::isnan(value)) ended.state = TrialState::failed;
  if (!std::isnan(value)) ended.values = {value};
  history.apply(ended);
  return ended.trial;
}

// Thirty configurations at the smallest budget, every fourth at the next, three at the full one.
History slow_study(Goal goal = {}) {
  History history(line(), goal);
  const auto run = [&](double x, double budget, std::optional<int> parent = std::nullopt) {
    return spend(history, x, budget, goal.value(slow_wins(x, budget)), parent);
  };
  for (int i = 0; i < 30; ++i) {
    const double x = (i + 0.5) / 30;
    const int first = run(x, 1);
    if (i % 4 != 2) continue;
    const int second = run(x, 3, first);
    if (i == 6 || i == 14 || i == 26) run(x, 9, second);
  }
  return history;
}

std::vector<int> by_loss(const History& view) {
  std::vector<int> order;
  for (const Trial& trial : view.trials()) {
    if (!trial.values.empty()) order.push_back(trial.number);
  }
  std::ranges::stable_sort(
      order, {}, [&](int n) { return view.loss(view.trials()[static_cast<std::size_t>(n)]); });
  return order;
}

TEST(Foresight, SlowLearnersAreForgivenWhereOthersLikeThemCaughtUp) {
  for (const Direction direction : {Direction::minimize, Direction::maximize}) {
    const History history = slow_study({.directions = {direction}});
    const std::optional<History> view = Foresight(budgets).foresee(history);
    ASSERT_TRUE(view);
    ASSERT_EQ(view->count(TrialState::complete), 30U);  // each configuration once
    // What was judged at the smallest budget alone has the very opposite order.
    const std::vector<int> order = by_loss(*view);
    for (std::size_t place = 0; place < order.size(); ++place) {
      EXPECT_NEAR(order[place], static_cast<double>(place), 5) << place;
    }
    EXPECT_EQ(view->space().size(), 1U);
    EXPECT_EQ(view->goal(), history.goal());
  }
}

TEST(Foresight, WhatCameToTheFullBudgetKeepsItsOrder) {
  const History history = slow_study();
  const History view = *Foresight(budgets).foresee(history);
  const auto loss = [&](std::size_t n) { return view.loss(view.trials()[n]); };
  EXPECT_LT(loss(6), loss(14));
  EXPECT_LT(loss(14), loss(26));
}

TEST(Foresight, DependsOnNothingButTheHistory) {
  Foresight used(budgets);
  History history(line(), {});
  int calls = 0;
  for (int i = 0; i < 25; ++i) {
    const double x = std::fmod(0.618 * i, 1);
    const int first = spend(history, x, 1, slow_wins(x, 1));
    if (i % 2 == 0) spend(history, x, 3, slow_wins(x, 3), first);
    const std::optional<History> old = used.foresee(history);
    const std::optional<History> anew = Foresight(budgets).foresee(history);
    ASSERT_EQ(old.has_value(), anew.has_value());
    if (!old) continue;
    ++calls;
    for (std::size_t n = 0; n < old->trials().size(); ++n) {
      ASSERT_EQ(old->trials()[n].values, anew->trials()[n].values);
    }
  }
  EXPECT_GT(calls, 15);
}

TEST(Foresight, SaysNothingWhereThereIsNothingToForeseeWith) {
  History history(line(), {});
  for (int i = 0; i < 20; ++i) spend(history, i / 20.0, 1, i);
  EXPECT_FALSE(Foresight(budgets).foresee(history));  // nothing went on
  EXPECT_FALSE(Foresight(budgets).foresee(
      slow_study({.bounds = {{.metric = "size", .at_most = true, .limit = 3}}})));
}

TEST(Foresight, FailuresStayFailuresAndRunningTrialsRun) {
  History history = slow_study();
  const int last = static_cast<int>(history.trials().size()) - 1;
  ASSERT_FALSE(parent_of(history.trials()[static_cast<std::size_t>(last)].note));
  spend(history, 0.123, 1, std::nan(""));
  Proposal running{Point{{"x", 0.77}}, "random", {{budget_note, 1}, {full_budget_note, 9}}};
  ask(history, running);
  // One that goes on is still known by what it has come to.
  running.note = {{budget_note, 3}, {full_budget_note, 9}, {continues_note, last}};
  running.point = history.trials()[static_cast<std::size_t>(last)].point;
  ask(history, running);
  const History view = *Foresight(budgets).foresee(history);
  EXPECT_EQ(view.count(TrialState::failed), 1U);
  EXPECT_EQ(view.count(TrialState::running), 1U);
  EXPECT_EQ(view.count(TrialState::complete), 30U);
}

TEST(Foresight, IsWhatANewConfigurationIsProposedFrom) {
  std::vector<int> order;
  const Sampler probe = [&](const History& view, Rng&) -> std::optional<Proposal> {
    order = by_loss(view);
    return Proposal{Point{{"x", 0.123}}, "probe", {}};
  };
  const Sampler search = with_budget(parse_budget(yaml("{low: 1, high: 9, factor: 3}")), probe);
  History history = slow_study();
  Rng rng(1);
  while (order.empty()) ask(history, *search(history, rng));  // first who goes on
  EXPECT_LT(order.front(), 5);                                // the slowest, not 29
}

}  // namespace
}  // namespace caviar::test
