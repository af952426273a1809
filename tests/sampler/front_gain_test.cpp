// What gp asks of its models under several objectives.
#include "caviar/sampler/front_gain.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/trial/front.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

// Two bowls, at (0.2, 0.5) and (0.8, 0.5): the front lies on the line between them.
std::vector<double> bowls(double x, double y) {
  return {std::pow(x - 0.2, 2) + std::pow(y - 0.5, 2), std::pow(x - 0.8, 2) + std::pow(y - 0.5, 2)};
}

struct Seen {
  std::vector<Axis> axes = std::vector<Axis>(2);
  std::vector<Observations> objectives;
  std::vector<Kernel> kernels;
};

Seen seen_at(std::vector<double> pending = {}) {
  Seen seen;
  seen.objectives.assign(2, {.axes = 2, .pending = std::move(pending)});
  Rng rng(5);
  for (int i = 0; i < 25; ++i) {
    const double x = rng.uniform(), y = rng.uniform();
    for (std::size_t k = 0; k < 2; ++k) {
      seen.objectives[k].points.insert(seen.objectives[k].points.end(), {x, y});
      seen.objectives[k].losses.push_back(bowls(x, y)[k]);
    }
  }
  for (Observations& rows : seen.objectives) {
    rows.values = levelled(rows.losses);
    seen.kernels.push_back(likely_kernels(seen.axes, rows.points, rows.values).front());
  }
  return seen;
}

FrontBelief belief_of(const Seen& seen) {
  return *believe_front(seen.axes, seen.objectives, seen.kernels, seen.objectives.front().points);
}

TEST(FrontGain, IsLargestOnTheFront) {
  const FrontBelief belief = belief_of(seen_at());
  const std::vector<double> scores =
      log_front_gain(belief).all(std::vector<double>{0.5, 0.5, 0.35, 0.5, 0.5, 0.95, 0.02, 0.1});
  EXPECT_GT(std::min(scores[0], scores[1]), std::max(scores[2], scores[3]));
}

TEST(FrontGain, SlopesAreThoseOfTheScores) {
  const FrontBelief belief = belief_of(seen_at());
  const Acquisition acquisition = log_front_gain(belief);
  const std::vector<double> at = {0.47, 0.6};
  std::vector<double> slope(2);
  EXPECT_NEAR(acquisition.slope(at, slope), acquisition.all(at)[0], 1e-9);
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<double> above = at, below = at;
    above[i] += 1e-6;
    below[i] -= 1e-6;
    const double rise = (acquisition.all(above)[0] - acquisition.all(below)[0]) / 2e-6;
    EXPECT_NEAR(slope[i], rise, 1e-4 * std::max(1.0, std::fabs(rise)));
  }
}

TEST(FrontGain, ARunningTrialLeavesLittleToGainThere) {
  const std::vector<double> there = {0.5, 0.5};
  const FrontBelief alone = belief_of(seen_at()), with = belief_of(seen_at(there));
  EXPECT_LT(log_front_gain(with).all(there)[0], log_front_gain(alone).all(there)[0] - 1);
}

TEST(FrontGain, ALargeFrontOfManyObjectivesIsLeftAlone) {
  Seen seen = seen_at();
  while (seen.objectives.size() < 6) {
    seen.objectives.push_back(seen.objectives.front());
    Rng rng(seen.objectives.size());
    for (double& value : seen.objectives.back().values) value = rng.normal();
    seen.kernels.push_back(seen.kernels.front());
    seen.kernels.back().lengths = {0.01, 0.01};
  }
  EXPECT_FALSE(
      believe_front(seen.axes, seen.objectives, seen.kernels, seen.objectives.front().points));
}

History for_both_bowls(const Space& space, int trials) {
  Goal goal;
  goal.directions = {Direction::minimize, Direction::minimize};
  const auto tell_both = [&](History& history, int trial) {
    const Point& point = history.trials()[static_cast<std::size_t>(trial)].point;
    Ended ended;
    ended.trial = trial;
    ended.state = TrialState::complete;
    ended.values = bowls(number(point, "x"), number(point, "y"));
    history.apply(ended);
  };
  return run_telling(make_sampler({"gp", 1, {}}, space), History(space, goal), trials, tell_both, 1,
                     1);
}

TEST(Gp, SaysWhichProposalsAreForTheFront) {
  const Space space =
      space_of("{x: {type: float, low: 0, high: 1}, y: {type: float, low: 0, high: 1}}");
  const History history = for_both_bowls(space, 40);
  std::size_t for_front = 0;
  for (const Trial& trial : history.trials()) {
    if (!trial.note.contains("front")) continue;
    ++for_front;
    EXPECT_EQ(reason(trial), "where the front is expected to grow most");
  }
  EXPECT_GE(for_front, 24U);
  EXPECT_GE(pareto_front(history).size(), 20U);
}

// Of a front that is a line, the part that is believed in is found first.
TEST(Gp, HeedsABeliefForTheFront) {
  const auto near = [](const std::string& believe) {
    const Space space = space_of("{x: {type: float, low: 0, high: 1" + believe +
                                 "}, y: {type: float, low: 0, high: 1}}");
    std::size_t near = 0, all = 0;
    const History history = for_both_bowls(space, 24);
    for (const Trial& trial : history.trials()) {
      if (!trial.note.contains("front")) continue;
      ++all;
      near += std::abs(number(trial.point, "x") - 0.65) < 0.1 ? 1 : 0;
    }
    EXPECT_GT(all, 8U);
    return static_cast<double>(near) / static_cast<double>(all);
  };
  const double without = near(""), with = near(", believe: {at: 0.65, within: 0.05}");
  EXPECT_GT(with, 0.6);
  EXPECT_LT(without, 0.5);
}

}  // namespace
}  // namespace caviar::test
