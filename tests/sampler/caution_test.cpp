// Where gp does not look: plateaus and regions that fail; and where it does nevertheless: at other
// choices than the best trial's.
#include "caviar/sampler/caution.hpp"

#include <gtest/gtest.h>

#include "caviar/sampler/feasibility.hpp"
#include "caviar/sampler/plateaus.hpp"
#include "caviar/sampler/reason.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

const double nan = std::nan("");

Observations observations(std::size_t axes, std::vector<double> points,
                          std::vector<double> losses) {
  Observations seen{.axes = axes, .points = std::move(points), .losses = std::move(losses)};
  seen.values = levelled(seen.losses);
  return seen;
}

bool on_plateau(const std::vector<Plateau>& plateaus, const std::vector<double>& unit,
                const std::vector<char>& categorical) {
  return std::ranges::any_of(plateaus,
                             [&](const Plateau& p) { return p.holds(unit, categorical); });
}

TEST(Plateaus, LieBetweenTrialsThatLostTheSame) {
  const std::vector<char> numeric = {0, 0};
  const std::vector<double> points = {0.1,  0.1,  0.3, 0.4, 0.2, 0.3, 0.25,
                                      0.15, 0.35, 0.2, 0.4, 0.5, 0.9, 0.9};
  const auto found = plateaus_of(observations(2, points, {2, 2, 2, 2, 2, 2, 1}), numeric);
  EXPECT_TRUE(on_plateau(found, {0.25, 0.2}, numeric));
  EXPECT_FALSE(on_plateau(found, {0.5, 0.2}, numeric));
  // Another loss among them, or fewer than six on two axes: nothing is flat.
  EXPECT_TRUE(plateaus_of(observations(2, points, {2, 2, 1, 2, 2, 2, 2}), numeric).empty());
  EXPECT_TRUE(plateaus_of(observations(2, points, {2, 2, 2, 2, 2, 1, 3}), numeric).empty());
}

TEST(Plateaus, KeepToTheChoicesAndToWhatIsActive) {
  const std::vector<char> kinds = {1, 0};
  const std::vector<double> points = {0.25, 0.1, 0.25, 0.9, 0.25, 0.5,
                                      0.25, 0.3, 0.75, nan, 0.75, nan};
  const auto found = plateaus_of(observations(2, points, {2, 2, 2, 2, 1, 1}), kinds);
  EXPECT_TRUE(on_plateau(found, {0.25, 0.6}, kinds));
  EXPECT_FALSE(on_plateau(found, {0.75, 0.6}, kinds));
  EXPECT_FALSE(on_plateau(found, {0.25, nan}, kinds));
}

TEST(Plateaus, FailuresAreAlike) {
  const std::vector<char> numeric = {0};
  const auto found =
      plateaus_of(observations(1, {0.6, 0.7, 0.8, 0.9, 0.1}, {nan, nan, nan, nan, 1}), numeric);
  EXPECT_TRUE(on_plateau(found, {0.75}, numeric));
}

Observations half_fails() {
  std::vector<double> points, losses;
  Rng rng(3);
  for (int i = 0; i < 40; ++i) {
    const double x = rng.uniform(), y = rng.uniform();
    points.insert(points.end(), {x, y});
    losses.push_back(x > 0.5 ? nan : y);
  }
  return observations(2, points, losses);
}

Feasibility feasibility_of(const Observations& seen) {
  const std::vector<Axis> axes(seen.axes);
  const std::vector<Demand> demands = {no_failures(seen)};
  return {axes, demands, kernels_of(axes, demands)};
}

TEST(Feasibility, KnowsTheSideThatFails) {
  const Feasibility feasibility = feasibility_of(half_fails());
  const std::vector<double> places = {0.2, 0.5, 0.8, 0.5};
  const std::vector<double> logs = feasibility.logs(places);
  EXPECT_GT(std::exp(logs[0]), 0.9);
  EXPECT_LT(std::exp(logs[1]), 0.1);
}

TEST(Feasibility, SlopesAreThoseOfTheScores) {
  const Feasibility feasibility = feasibility_of(half_fails());
  const std::vector<double> at = {0.47, 0.3};
  std::vector<double> slope(2);
  EXPECT_NEAR(feasibility.log_at(at, slope), feasibility.logs(at)[0], 1e-12);
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<double> above = at, below = at;
    above[i] += 1e-6;
    below[i] -= 1e-6;
    EXPECT_NEAR(slope[i], (feasibility.logs(above)[0] - feasibility.logs(below)[0]) / 2e-6, 1e-5);
  }
}

TEST(Observe, LeavesFailuresOutWhereOthersAreLeft) {
  const Observations told = without_failures(observations(1, {0.1, 0.2, 0.3}, {1, nan, 2}));
  EXPECT_EQ(told.points, (std::vector<double>{0.1, 0.3}));
  EXPECT_EQ(told.losses, (std::vector<double>{1, 2}));
  EXPECT_EQ(without_failures(observations(1, {0.1, 0.2}, {nan, 2})).rows(), 2U);
}

// Steps along x, and y does nothing: once four trials say so, no other is spent between them.
TEST(Gp, DoesNotProposeAPlateauAgain) {
  const Space space =
      space_of("{x: {type: float, low: 0, high: 4}, y: {type: float, low: 0, high: 1}}");
  const History history = run(make_sampler({"gp", 4, {}}, space), space, 40, [](const Point& p) {
    return std::abs(std::floor(number(p, "x")) - 1);
  });
  const std::vector<char> numeric = {0, 0};
  for (const Trial& trial : history.trials().subspan(10)) {
    if (trial.note.contains("startup") || trial.note.contains("fallback")) continue;
    const Observations before = observe(history, static_cast<std::size_t>(trial.number), 300);
    EXPECT_FALSE(on_plateau(plateaus_of(before, numeric), trial.unit, numeric)) << trial.number;
  }
}

// The better choice fails where the other one is good, and so nothing but failures is known of it.
TEST(Gp, ChallengesTheChoiceOfTheBestTrial) {
  const Space space = space_of(R"({
    rate: {type: float, low: 0, high: 10},
    other: {type: float, low: 0, high: 1},
    kind: {type: categorical, choices: [steady, quick]}
  })");
  const auto loss = [](const Point& p) {
    const double rate = number(p, "rate"), other = std::pow(number(p, "other") - 0.4, 2);
    if (std::get<std::string>(p.at("kind")) == "steady") return 1 + std::pow(rate - 7, 2) + other;
    return rate > 3 ? nan : std::pow(rate - 1.5, 2) + other;
  };
  int found = 0;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const History history = run(make_sampler({"gp", seed, {}}, space), space, 50, loss, seed);
    found += history.loss(*history.best()) < 0.1 ? 1 : 0;
    int challenges = 0;
    for (const Trial& trial : history.trials()) {
      if (!trial.note.contains("challenge")) continue;
      ++challenges;
      EXPECT_EQ(reason(trial), "another choice than the best trial's");
    }
    EXPECT_GE(challenges, 4);
  }
  EXPECT_GE(found, 2);
}

}  // namespace
}  // namespace caviar::test
