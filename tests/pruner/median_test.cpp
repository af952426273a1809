#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/pruner/pruner.hpp"

namespace caviar {
namespace {

Pruner pruner(const char* json) { return make_pruner(Node::parse_json(json, "test")); }

// Trials that are complete, each with these reports from step 1 on.
History complete(const std::vector<std::vector<double>>& curves, Goal goal = {}) {
  History history(Space({{"x", Float{0, 1}}}), std::move(goal));
  for (std::size_t n = 0; n < curves.size(); ++n) {
    const int trial = static_cast<int>(n);
    history.apply(Asked{trial, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
    for (std::size_t step = 0; step < curves[n].size(); ++step) {
      history.apply(Reported{trial, {static_cast<std::int64_t>(step) + 1, curves[n][step]}, 1});
    }
    Ended ended;
    ended.trial = trial;
    ended.values = {curves[n].empty() ? 0 : curves[n].back()};
    history.apply(ended);
  }
  return history;
}

// What the pruner says to a new trial with these reports.
Flow judge(const Pruner& pruner, History history, const std::vector<double>& reports) {
  const int trial = static_cast<int>(history.trials().size());
  history.apply(Asked{trial, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
  for (std::size_t step = 0; step < reports.size(); ++step) {
    history.apply(Reported{trial, {static_cast<std::int64_t>(step) + 1, reports[step]}, 1});
  }
  return pruner(history, history.trials().back());
}

const char* const eager = R"({"pruner": "median", "startup_trials": 1})";

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
  const Pruner patient = pruner(R"({"pruner": "median", "startup_trials": 1, "warmup_steps": 2})");
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

TEST(PrunerCatalog, NoneNeverStops) {
  const History history = complete({{1}, {1}, {1}, {1}, {1}, {1}});
  for (const char* spec : {"null", "\"none\"", R"({"pruner": "none"})"}) {
    EXPECT_EQ(judge(pruner(spec), history, {99}), Flow::go) << spec;
  }
}

TEST(PrunerCatalog, RefusesWhatItDoesNotKnow) {
  for (const char* spec :
       {"\"meidan\"", R"({"startup_trials": 1})", "3", R"({"pruner": "nine"})",
        R"({"pruner": "median", "startup": 1})", R"({"pruner": "median", "startup_trials": -1})",
        R"({"pruner": "none", "startup_trials": 1})"}) {
    try {
      pruner(spec);
      FAIL() << spec;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::input) << spec;
    }
  }
  try {
    pruner("\"meidan\"");
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("median"), std::string::npos);
  }
}

TEST(PrunerCatalog, ListsEveryPruner) {
  for (const PrunerInfo& info : list_pruners()) {
    EXPECT_FALSE(info.summary.empty());
    EXPECT_NO_THROW(make_pruner(Node::parse_json('"' + info.name + '"', "test")));
  }
}

}  // namespace
}  // namespace caviar
