// Bounds on outcomes as gp learns them: how near the border it comes, and what it makes of trials
// that say nothing of them.
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "caviar/math/stats.hpp"
#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/feasibility.hpp"
#include "caviar/trial/front.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

const double nan = std::nan("");

// A loss, and what has bounds.
struct Outcome {
  double loss;
  std::map<std::string, double> metrics;
};

Goal within(std::vector<Bound> bounds) {
  Goal goal;
  goal.bounds = std::move(bounds);
  return goal;
}

History search(const std::string& sampler, const Space& space, const Goal& goal, int trials,
               const std::function<Outcome(const Point&)>& f, std::uint64_t seed,
               std::size_t pending = 1) {
  const auto tell_outcome = [&](History& history, int trial) {
    const Outcome outcome = f(history.trials()[static_cast<std::size_t>(trial)].point);
    Ended ended;
    ended.trial = trial;
    ended.state = TrialState::complete;
    ended.values.assign(goal.objectives(), outcome.loss);
    ended.metrics = outcome.metrics;
    history.apply(ended);
  };
  return run_telling(make_sampler({sampler, seed, {}}, space), History(space, goal), trials,
                     tell_outcome, seed, pending);
}

Space unit_square() {
  return space_of("{x: {type: float, low: 0, high: 1}, y: {type: float, low: 0, high: 1}}");
}

// Gramacy et al., "Modeling an augmented Lagrangian for blackbox constrained optimization", 2016:
// the least within both bounds is 0.5998, where one of them holds with equality.
Outcome gramacy(const Point& point) {
  const double x = number(point, "x"), y = number(point, "y");
  const double wave = 0.5 * std::sin(2 * std::numbers::pi * (x * x - 2 * y));
  return {x + y, {{"wave", x + 2 * y + wave}, {"radius", x * x + y * y}}};
}
const Goal gramacy_goal = within({{"wave", false, 1.5}, {"radius", true, 1.5}});

double best_loss(const History& history) {
  return history.best() == nullptr ? INFINITY : history.loss(*history.best());
}

TEST(OutcomeBounds, TheBestLiesAtTheBorder) {
  for (const std::string name : {"gp", "auto"}) {
    std::vector<double> found;
    for (const std::uint64_t seed : {1, 2, 3}) {
      found.push_back(best_loss(search(name, unit_square(), gramacy_goal, 40, gramacy, seed)));
    }
    EXPECT_GE(median(found), 0.5997) << name;
    EXPECT_LT(median(found), 0.605) << name;  // random search: 0.75
  }
}

TEST(OutcomeBounds, RunningTrialsAreReckonedWith) {
  EXPECT_LT(best_loss(search("gp", unit_square(), gramacy_goal, 60, gramacy, 1, 8)), 0.62);
}

// One place in a thousand keeps the bound, and nothing but its margin leads there.
TEST(OutcomeBounds, AreSearchedForWhileNothingKeepsThem) {
  const auto far = [](const Point& point) {
    const double x = number(point, "x") - 0.9, y = number(point, "y") - 0.2;
    return Outcome{-x, {{"distance", std::hypot(x, y)}}};
  };
  for (const std::uint64_t seed : {1, 2, 3}) {
    const History history =
        search("gp", unit_square(), within({{"distance", true, 0.018}}), 40, far, seed);
    EXPECT_NE(history.best(), nullptr) << seed;
  }
}

TEST(OutcomeBounds, SeveralObjectivesHaveThemToo) {
  Goal goal = within({{"radius", true, 0.5}});
  goal.directions = {Direction::minimize, Direction::maximize};
  const History history = search("gp", unit_square(), goal, 30, gramacy, 1);
  std::size_t solutions = 0;
  for (const Trial& trial : history.trials()) solutions += is_solution(goal, trial) ? 1 : 0;
  EXPECT_GT(solutions, 12U);
}

TEST(OutcomeBounds, WhatIsNeverMeasuredStopsNothing) {
  const auto silent = [](const Point& point) { return Outcome{number(point, "x"), {}}; };
  const auto infinite = [](const Point& point) {
    return Outcome{number(point, "x"), {{"size", number(point, "y") > 0.5 ? INFINITY : 1e300}}};
  };
  for (const auto& f : {std::function<Outcome(const Point&)>(silent),
                        std::function<Outcome(const Point&)>(infinite)}) {
    const History history = search("gp", unit_square(), within({{"size", true, 1}}), 25, f, 1);
    EXPECT_EQ(history.trials().size(), 25U);
    EXPECT_EQ(history.best(), nullptr);
  }
}

Observations observations() {
  Observations seen{.axes = 2, .bounds = 2};
  Rng rng(3);
  for (int i = 0; i < 30; ++i) {
    const double x = rng.uniform(), y = rng.uniform();
    seen.points.insert(seen.points.end(), {x, y});
    seen.losses.push_back(x + y);
    seen.margins.insert(seen.margins.end(), {1000 * (x - 0.4), i % 3 == 0 ? nan : 0.6 - y});
  }
  seen.values = levelled(seen.losses);
  return seen;
}

Feasibility feasibility_of(const Observations& seen) {
  const std::vector<Axis> axes(seen.axes);
  const std::vector<Demand> demands = kept_bounds(seen);
  return {axes, demands, kernels_of(axes, demands)};
}

TEST(KeptBounds, AreLikelyOnTheirSide) {
  const Feasibility feasibility = feasibility_of(observations());
  const std::vector<double> logs =
      feasibility.logs(std::vector<double>{0.7, 0.3, 0.2, 0.3, 0.7, 0.8, 0.41, 0.3});
  EXPECT_GT(std::exp(logs[0]), 0.95);
  EXPECT_LT(std::exp(logs[1]), 0.05);
  EXPECT_LT(std::exp(logs[2]), 0.05);
  EXPECT_GT(std::exp(logs[3]), 0.5);
}

TEST(KeptBounds, SlopesAreThoseOfTheScores) {
  const Feasibility feasibility = feasibility_of(observations());
  const std::vector<double> at = {0.38, 0.61};
  std::vector<double> slope(2);
  const double log = feasibility.logs(at)[0];
  EXPECT_NEAR(feasibility.log_at(at, slope), log, 1e-9 * std::fabs(log));
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<double> above = at, below = at;
    above[i] += 1e-6;
    below[i] -= 1e-6;
    const double rise = (feasibility.logs(above)[0] - feasibility.logs(below)[0]) / 2e-6;
    EXPECT_NEAR(slope[i], rise, 1e-4 * std::max(1.0, std::fabs(rise)));
  }
}

TEST(Believe, ImprovesUponWhatKeepsTheBounds) {
  Observations seen = observations();
  for (double& margin : seen.margins) {
    if (std::isnan(margin)) margin = -1;
  }
  const std::vector<Axis> axes(2);
  const Kernel kernel = likely_kernels(axes, seen.points, seen.values).front();
  const Belief belief = believe(axes, seen, std::span(&kernel, 1));
  EXPECT_TRUE(belief.solved);
  EXPECT_TRUE(seen.within(belief.order.front()));
  EXPECT_FALSE(seen.within(belief.order.back()));
  EXPECT_NEAR(belief.best.front(), seen.values[belief.order.front()], 0.05);
  std::ranges::fill(seen.margins, -1.0);
  EXPECT_FALSE(believe(axes, seen, std::span(&kernel, 1)).solved);
}

}  // namespace
}  // namespace caviar::test
