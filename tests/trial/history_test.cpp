// The fold of events into trials.
#include "caviar/trial/history.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

Space space() {
  return Space({{.name = "x", .distribution = Float{0, 1}, .when = {}},
                {.name = "k", .distribution = Int{1, 3}, .when = {}}});
}

Point point(double x, std::int64_t k) { return {{"x", x}, {"k", k}}; }

Asked asked(int trial, double x, std::int64_t k = 1) {
  return {.trial = trial,
          .proposal = {point(x, k), "random", {}},
          .worker = "w",
          .ticket = {},
          .time = 1};
}

Ended ended(int trial, double value) {
  return {.trial = trial, .values = {value}, .metrics = {}, .why = "", .point = {}, .time = 2};
}

TEST(History, FoldsATrialFromAskedToEnded) {
  History history(space(), {});
  history.apply(asked(0, 0.25, 2));
  EXPECT_EQ(history.count(TrialState::running), 1U);
  EXPECT_EQ(history.trials()[0].unit.front(), 0.25);
  history.apply(Reported{0, {1, 0.9}, 1.5});
  history.apply(ended(0, 0.5));
  const Trial& trial = history.trials()[0];
  EXPECT_EQ(trial.state, TrialState::complete);
  EXPECT_EQ(trial.reports.size(), 1U);
  EXPECT_EQ(trial.values, std::vector{0.5});
  EXPECT_EQ(history.count(TrialState::running), 0U);
  EXPECT_EQ(history.best()->number, 0);
}

TEST(History, AStepThatComesAgainReplacesWhatCameFromThereOn) {
  History history(Space({{"x", Float{0, 1}}}), {});
  history.apply(Asked{0, {Point{{"x", 0.5}}, "random", {}}, "", {}, 0});
  for (const auto& [step, value] :
       std::vector<std::pair<int, double>>{{1, 10}, {3, 30}, {2, 20}, {4, 40}, {2, 21}, {3, 31}}) {
    history.apply(Reported{0, {step, value}, 0});
  }
  std::vector<double> values;
  for (const Report& report : history.trials().front().reports) values.push_back(report.value);
  EXPECT_EQ(values, (std::vector<double>{10, 21, 31}));
}

TEST(History, BestTurnsTheSignOnceAndKeepsTheFirstOfEquals) {
  History history(space(), {.metric = "accuracy", .directions = {Direction::maximize}});
  for (int n = 0; n < 3; ++n) history.apply(asked(n, 0.1 * n));
  history.apply(ended(1, 0.8));
  history.apply(ended(0, 0.9));
  history.apply(ended(2, 0.9));
  EXPECT_EQ(history.best()->number, 0);
  EXPECT_EQ(history.loss(*history.best()), -0.9);
}

TEST(History, KnowsWhatRunsAndInWhichOrderTrialsEnded) {
  History history(space(), {}), other(space(), {});
  for (int n = 0; n < 4; ++n) {
    history.apply(asked(n, 0.1 * n));
    other.apply(asked(n, 0.1 * n));
  }
  for (const int n : {2, 0}) history.apply(ended(n, n));
  EXPECT_EQ(std::vector(history.pending().begin(), history.pending().end()), (std::vector{1, 3}));
  ASSERT_EQ(history.endings().size(), 2U);
  EXPECT_EQ(history.endings()[0].trial, 2);
  EXPECT_EQ(history.endings()[1].trial, 0);
  other.apply(ended(2, 2));
  other.apply(ended(0, 7));
  EXPECT_EQ(history.endings()[0].digest, other.endings()[0].digest);
  EXPECT_NE(history.endings()[1].digest, other.endings()[1].digest);
  const std::uint64_t before = history.endings()[1].digest;
  history.apply(Grown{{.name = "new", .distribution = Float{0, 1}, .when = {}}, 0});
  ASSERT_EQ(history.endings().size(), 2U);
  EXPECT_NE(history.endings()[1].digest, before);
}

TEST(History, IgnoresEventsThatContradictTheLog) {
  History history(space(), {});
  history.apply(ended(0, 1));    // nobody asked
  history.apply(asked(1, 0.5));  // number 0 is missing
  history.apply(asked(0, 0.5));
  history.apply(ended(0, 1));
  history.apply(ended(0, -100));          // a second end
  history.apply(Reported{0, {1, 1}, 0});  // after the end
  ASSERT_EQ(history.trials().size(), 1U);
  EXPECT_EQ(history.trials()[0].values, std::vector{1.0});
  EXPECT_TRUE(history.trials()[0].reports.empty());
  EXPECT_EQ(history.events(), 6U);
}

TEST(History, SeenCountsAllButInterrupted) {
  History history(space(), {});
  history.apply(asked(0, 0.5));
  EXPECT_EQ(history.seen(point(0.5, 1)), 1);
  EXPECT_EQ(history.seen(point(0.5, 2)), 0);
  history.apply(Ended{0, TrialState::failed, {}, {}, "crash", {}, 2});
  EXPECT_EQ(history.seen(point(0.5, 1)), 1);
  EXPECT_EQ(history.distinct(), 1U);
  EXPECT_EQ(history.best(), nullptr);
  history.apply(asked(1, 0.7));
  history.apply(Ended{1, TrialState::interrupted, {}, {}, "", {}, 2});
  EXPECT_EQ(history.seen(point(0.7, 1)), 0);
  EXPECT_EQ(history.distinct(), 1U);
}

TEST(History, AQueueEntryIsUsedUpByItsTicket) {
  History history(space(), {});
  history.apply(Queued{point(0.1, 1), "enqueued", 0});
  history.apply(Queued{point(0.2, 2), "enqueued", 0});
  ASSERT_EQ(history.queue().size(), 2U);
  Asked first = asked(0, 0.1);
  first.ticket = 0;
  history.apply(first);
  ASSERT_EQ(history.queue().size(), 1U);
  EXPECT_EQ(history.queue().front().number, 1);
}

TEST(History, AGrownSpaceKeepsOldTrialsAndMarksWhatTheyLack) {
  History history(Space(), {});
  history.apply(Grown{{.name = "x", .distribution = Float{0, 1}, .when = {}}, 0});
  history.apply(asked(0, 0.5));
  history.apply(Ended{0, TrialState::complete, {1}, {}, "", Point{{"x", 0.5}}, 2});
  history.apply(Grown{{.name = "y", .distribution = Float{0, 1}, .when = {}}, 0});
  history.apply(Grown{{.name = "y", .distribution = Float{0, 9}, .when = {}}, 0});  // too late
  EXPECT_EQ(history.space().size(), 2U);
  EXPECT_EQ(history.trials()[0].unit.front(), 0.5);
  EXPECT_TRUE(std::isnan(history.trials()[0].unit.back()));
}

TEST(History, TheLastNoteOfAKeyCounts) {
  History history(space(), {});
  history.apply(Noted{"test", "1", 0});
  history.apply(Noted{"test", "2", 0});
  EXPECT_EQ(history.notes().at("test"), "2");
}

TEST(History, TheBestIsTheSameWhateverTheOrderOfEnds) {
  History history(space(), {});
  for (int n = 0; n < 4; ++n) history.apply(asked(n, 0.1 * n));
  history.apply(Ended{3, TrialState::pruned, {}, {}, "", {}, 2});
  history.apply(ended(2, 3));
  history.apply(ended(0, 1));
  history.apply(ended(1, 2));
  EXPECT_EQ(history.best()->number, 0);
  EXPECT_EQ(history.count(TrialState::complete), 3U);
  EXPECT_EQ(history.count(TrialState::pruned), 1U);
}

}  // namespace
}  // namespace caviar
