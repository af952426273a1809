// The safeguard of the pruners that compare trials, alone and under several objectives.
#include "caviar/pruner/leaders.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "curves.hpp"

namespace caviar {
namespace {

constexpr const char* three = R"({"pruner": "leaders", "protect": 3})";

TEST(Leaders, StopsWhatStandsWorseThanAllOfTheBestDid) {
  // By their ends the second, third and fourth lead; the fourth began worst of them.
  const History history = complete({{1, 1, 1}, {3, 2, 0.1}, {2, 2, 0.2}, {5, 4, 0.3}, {1, 1, 1}});
  const Pruner made = pruner(three);
  EXPECT_EQ(judge(made, history, {5}), Flow::go);
  EXPECT_EQ(judge(made, history, {5.1}), Flow::stop);
  EXPECT_EQ(judge(made, history, {5, 4.1}), Flow::stop);
  EXPECT_EQ(judge(made, history, {5, 4, 0.31}), Flow::stop);
  EXPECT_EQ(judge(made, history, {5, 4, 0.3}), Flow::go);
}

TEST(Leaders, WaitsUntilThereAreEnough) {
  EXPECT_EQ(judge(pruner(three), complete({{1}, {1}}), {9}), Flow::go);
  EXPECT_EQ(judge(pruner(three), complete({{1}, {1}, {1}}), {9}), Flow::stop);
  EXPECT_EQ(judge(pruner(R"({"pruner": "leaders", "protect": 4})"), complete({{1}, {1}, {1}}), {9}),
            Flow::go);
  EXPECT_THROW(pruner(R"({"pruner": "leaders", "protect": 0})"), Error);
}

TEST(Leaders, AreATenthOfAllThatRan) {
  std::vector<std::vector<double>> curves(50, {1, 1});
  for (int n = 0; n < 5; ++n) curves[static_cast<std::size_t>(n)] = {1.0 + n, 0.1 * n};
  EXPECT_EQ(judge(pruner(three), complete(curves), {5}), Flow::go) << "as the fifth did";
  EXPECT_EQ(judge(pruner(three), complete(curves), {5.5}), Flow::stop);
}

TEST(Leaders, OneThatHadNotReportedYetMayHaveStoodAsBadly) {
  History history = complete({{1, 1}, {1, 1}, {}});
  EXPECT_EQ(judge(pruner(three), history, {9}), Flow::go);
}

TEST(Leaders, ProtectFromEveryPrunerThatCompares) {
  // The best of all was worst for long.
  const History history = complete(
      {{9, 9, 9, 0}, {2, 2, 2, 2}, {2, 2, 2, 2}, {2, 2, 2, 2}, {2, 2, 2, 2}, {2, 2, 2, 2}});
  for (const std::string name : {"median", "percentile", "successive_halving", "patient"}) {
    const std::string more = name == "patient" ? R"(, "patience": 1, "wrapped": "median")" : "";
    const Pruner safe = pruner(R"({"pruner": ")" + name + R"(", "protect": 5)" + more + "}");
    EXPECT_EQ(judge(safe, history, {9, 9, 9}), Flow::go) << name;
    EXPECT_EQ(judge(safe, history, {9.1, 9.1, 9.1}), Flow::stop) << name;
    if (name == "patient") continue;
    const Pruner bare = pruner(R"({"pruner": ")" + name + R"(", "protect": 0})");
    EXPECT_EQ(judge(bare, history, {8.9, 8.9, 8.9}), Flow::stop) << name;
  }
}

using Steps = std::vector<std::pair<double, double>>;  // both objectives

void add(History& history, const Steps& steps, bool ends) {
  const int trial = static_cast<int>(history.trials().size());
  history.apply(Asked{trial, {Point{{"x", 0.5}}, "", {}}, "", {}, 1});
  std::int64_t step = 0;
  for (const auto& [first, second] : steps) {
    history.apply(Reported{trial, {++step, first, {second}}, 1});
  }
  if (!ends) return;
  Ended ended;
  ended.trial = trial;
  ended.values = {steps.back().first, steps.back().second};
  history.apply(ended);
}

// Loss and size: large ones come further, all by half from the first step to the second.
History sizes() {
  History history(Space({{"x", Float{0, 1}}}),
                  {"loss", {Direction::minimize, Direction::minimize}, {"size"}});
  for (int n = 1; n <= 8; ++n) {
    const double size = n, loss = 8.0 / n;
    add(history, {{2 * loss, size}, {loss, size}}, true);
    add(history, {{3 * loss, size}, {2.5 * loss, size}}, true);
  }
  return history;
}

Flow judge_steps(const std::string& spec, const Steps& steps) {
  History history = sizes();
  add(history, steps, false);
  return pruner(spec)(history, history.trials().back());
}

TEST(SeveralObjectives, StopOnlyWhatCanNoLongerEnterTheFront) {
  for (const std::string name :
       {"\"median\"", "\"leaders\"", "\"successive_halving\"", "\"percentile\""}) {
    // On the way of the front's members of its size, whatever larger ones reached.
    EXPECT_EQ(judge_steps(name, {{16, 1}}), Flow::go) << name;
    EXPECT_EQ(judge_steps(name, {{2, 8}}), Flow::go) << name;
    // As large as the largest, and no better than the smallest.
    EXPECT_EQ(judge_steps(name, {{16, 8}}), Flow::stop) << name;
    EXPECT_EQ(judge_steps(name, {{90, 5}}), Flow::stop) << name;
    // Smaller than all there is: whatever its loss, nothing beats it in everything.
    EXPECT_EQ(judge_steps(name, {{90, 0.5}}), Flow::go) << name;
    EXPECT_EQ(judge_steps(name, {{90, NAN}}), Flow::go) << name << ": its size is not known";
    EXPECT_EQ(judge_steps(name, {{NAN, 8}}), Flow::stop) << name << ": it diverged";
  }
}

TEST(SeveralObjectives, DirectionsTurnRound) {
  History history(Space({{"x", Float{0, 1}}}),
                  {"accuracy", {Direction::maximize, Direction::minimize}, {"size"}});
  for (int n = 1; n <= 6; ++n) add(history, {{0.1 * n, 1.0 * n}, {0.1 * n, 1.0 * n}}, true);
  History bad = history, good = history;
  add(bad, {{0.1, 6}}, false);
  add(good, {{0.7, 6}}, false);
  EXPECT_EQ(pruner("\"median\"")(bad, bad.trials().back()), Flow::stop);
  EXPECT_EQ(pruner("\"median\"")(good, good.trials().back()), Flow::go);
}

TEST(SeveralObjectives, ThresholdLooksAtTheFirst) {
  EXPECT_EQ(judge_steps(R"({"pruner": "threshold", "upper": 20})", {{21, 0.1}}), Flow::stop);
  EXPECT_EQ(judge_steps(R"({"pruner": "threshold", "upper": 20})", {{19, 99}}), Flow::go);
}

}  // namespace
}  // namespace caviar
