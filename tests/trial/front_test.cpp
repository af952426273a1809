// Solutions, the best of them and the front; bounds as people write them.
#include "caviar/trial/front.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

const Goal two{"loss", {Direction::minimize, Direction::maximize}, {"speed"}};

Space line() { return Space({{.name = "x", .distribution = Float{0, 1}, .when = {}}}); }

void add(History& history, std::vector<double> values, std::map<std::string, double> metrics = {},
         TrialState state = TrialState::complete) {
  const auto number = static_cast<int>(history.trials().size());
  history.apply(Asked{number, {Point{{"x", number / 100.0}}, "test", {}}, "", {}, 0});
  history.apply(Ended{number, state, std::move(values), std::move(metrics), "", {}, 0});
}

TEST(Bound, IsReadAndWritten) {
  EXPECT_EQ(parse_bound("latency", "<= 20"), (Bound{"latency", true, 20}));
  EXPECT_EQ(parse_bound("accuracy", ">=0.9"), (Bound{"accuracy", false, 0.9}));
  for (const char* text : {"", "<", "<=", "<= ", "20", "< 20", "<= inf", "<= x", "== 3"}) {
    EXPECT_FALSE(parse_bound("a", text)) << text;
  }
  EXPECT_EQ(to_text(Bound{"latency_ms", true, 20}), "latency_ms <= 20");
}

TEST(Goal, NamesEveryObjective) {
  EXPECT_EQ(two.name(0), "loss");
  EXPECT_EQ(two.name(1), "speed");
  EXPECT_EQ((Goal{"value", {Direction::minimize, Direction::minimize}}).name(1), "value_2");
}

TEST(Front, HoldsWhatNoneBeatsInEverything) {
  History history(line(), two);
  add(history, {3, 9});
  add(history, {1, 2});
  add(history, {2, 5});
  add(history, {2, 4});  // beaten by the one before
  add(history, {2, 5});  // as good as another: both stay
  add(history, {0, 99}, {}, TrialState::failed);
  EXPECT_EQ(pareto_front(history), (std::vector<int>{1, 2, 4, 0}));
  EXPECT_EQ(history.best()->number, 1);
  EXPECT_EQ(losses(two, history.trials()[0]), (std::vector<double>{3, -9}));
}

TEST(Front, OfOneObjectiveIsTheBest) {
  History history(line(), Goal{});
  EXPECT_TRUE(pareto_front(history).empty());
  for (const double value : {2.0, 1.0, 1.0, 3.0}) add(history, {value});
  EXPECT_EQ(pareto_front(history), std::vector<int>{1});
  EXPECT_EQ(history.best()->number, 1);
}

TEST(Front, TheBestIsOnItWhereTheFirstObjectiveIsEqual) {
  History history(line(), two);
  add(history, {1, 2});
  add(history, {1, 3});
  EXPECT_EQ(history.best()->number, 1);
  EXPECT_EQ(pareto_front(history), std::vector<int>{1});
}

TEST(Violation, IsInPartsOfTheLimits) {
  Goal goal;
  goal.bounds = {{"latency", true, 20}, {"accuracy", false, 0.5}, {"value", true, 0}};
  Trial trial;
  trial.values = {-1};
  trial.metrics = {{"latency", 10}, {"accuracy", 0.5}};
  EXPECT_EQ(violation(goal, trial), 0);
  trial.metrics = {{"latency", 25}, {"accuracy", 0.4}};
  trial.values = {3};
  EXPECT_NEAR(violation(goal, trial), 0.25 + 0.2 + 3, 1e-12);
  trial.metrics.erase("latency");
  EXPECT_TRUE(std::isinf(violation(goal, trial)));
}

TEST(Violation, KeepsATrialFromBeingTheBest) {
  Goal goal;
  goal.bounds = {{"latency", true, 20}};
  History history(line(), goal);
  add(history, {1}, {{"latency", 21}});
  add(history, {2});
  EXPECT_EQ(history.best(), nullptr);
  add(history, {3}, {{"latency", 20}});
  add(history, {4}, {{"latency", 2}});
  EXPECT_EQ(history.best()->number, 2);
}

TEST(WithLosses, ShowsOneObjectiveAndAnotherPast) {
  History history(line(), two);
  add(history, {1, 2});
  add(history, {2, 5});
  history.apply(Asked{2, {Point{{"x", 0.9}}, "test", {}}, "", {}, 0});
  history.apply(Reported{2, {1, 7}, 0});
  const History shown = history.with_losses(std::vector<double>{5, 4, 0}, {});
  EXPECT_EQ(shown.goal(), Goal{});
  EXPECT_EQ(shown.best()->number, 1);
  EXPECT_EQ(shown.loss(*shown.best()), 4);
  EXPECT_TRUE(shown.trials()[2].reports.empty());
  EXPECT_EQ(shown.pending().size(), 1U);
  EXPECT_EQ(shown.seen(history.trials()[0].point), 1);
  ASSERT_EQ(shown.endings().size(), 2U);
  EXPECT_NE(shown.endings()[0].digest, history.endings()[0].digest);
  const History same = history.with_losses(std::vector<double>{5, 4, 0}, {});
  EXPECT_EQ(shown.endings()[1].digest, same.endings()[1].digest);
}

TEST(WithLosses, KeepsTheBoundsInPartsOfTheirLimits) {
  Goal goal;
  goal.bounds = {{"latency", true, 20}, {"value", false, 0}};
  History history(line(), goal);
  add(history, {1}, {{"latency", 25}});
  add(history, {2}, {{"latency", 10}});
  add(history, {-1}, {{"latency", 10}});
  add(history, {0});
  const History shown = history.with_losses(std::vector<double>{8, 9, 7, 6}, {.bounds = true});
  ASSERT_EQ(shown.goal().bounds.size(), 2U);
  EXPECT_EQ(shown.best()->number, 1);
  EXPECT_EQ(margins(shown.goal(), shown.trials()[0]), (std::vector<double>{-0.25, 1}));
  EXPECT_EQ(margins(shown.goal(), shown.trials()[2]), (std::vector<double>{0.5, -1}));
  EXPECT_TRUE(std::isnan(margins(shown.goal(), shown.trials()[3])[0]));
  for (const Trial& trial : history.trials()) {
    const Trial& same = shown.trials()[static_cast<std::size_t>(trial.number)];
    EXPECT_EQ(violation(shown.goal(), same), violation(goal, trial));
  }
  EXPECT_TRUE(history.with_losses(std::vector<double>{8, 9, 7, 6}, {}).goal().bounds.empty());
}

}  // namespace
}  // namespace caviar
