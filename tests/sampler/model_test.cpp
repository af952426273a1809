// The parts below gp: what it learns from, and how it searches a mixed space.
#include <algorithm>

#include <gtest/gtest.h>

#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/acquisitions.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/sampler/observations.hpp"
#include "caviar/sampler/reason.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

TEST(Levelled, KeepsTheOrderAndTamesTheTail) {
  const std::vector<double> losses = {5, 1, 2, 1e12, 3, 4, 1e3};
  const std::vector<double> values = levelled(losses);
  EXPECT_EQ(ascending(values), ascending(losses));
  for (const double value : values) EXPECT_LT(std::abs(value), 4);
}

TEST(Levelled, LeavesNormalValuesNormal) {
  Rng rng(4);
  std::vector<double> losses;
  for (int i = 0; i < 500; ++i) losses.push_back(100 + 7 * rng.normal());
  const std::vector<double> values = levelled(losses);
  EXPECT_NEAR(mean(values), 0, 0.1);
  EXPECT_NEAR(standard_deviation(values), 1, 0.1);
  EXPECT_NEAR(median(values), 0, 0.15);
}

TEST(Levelled, HandlesTheDegenerate) {
  EXPECT_TRUE(levelled({}).empty());
  EXPECT_EQ(levelled({3, 3, 3}), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(levelled({8}), std::vector<double>{0});
  for (const std::vector<double>& losses : {std::vector<double>{-1.7e308, 1.7e308},
                                            {0, 5e-324},
                                            {1, 1, 1, 1 + 1e-15},
                                            {-1e12, 0, 1e-12}}) {
    for (const double value : levelled(losses)) EXPECT_TRUE(std::isfinite(value)) << losses.back();
  }
}

TEST(Observe, MakesFailedTrialsWorseThanTheWorst) {
  const Space space = space_of("{x: {type: float, low: 0, high: 1}}");
  int calls = 0;
  const History history = run(make_sampler({"random", 1, {}}, space), space, 9, [&](const Point&) {
    return ++calls % 3 == 0 ? std::nan("") : calls;
  });
  const Observations seen = observe(history, 100, 100);
  ASSERT_EQ(seen.rows(), 9U);
  EXPECT_GT(seen.values[2], seen.values[7]);
  EXPECT_EQ(seen.values[2], seen.values[5]);
  EXPECT_EQ(observe(history, 4, 100).rows(), 4U);
}

TEST(Observe, KeepsTheBestOfMany) {
  const Space space = space_of("{x: {type: float, low: 0, high: 1}}");
  History history(space, {});
  for (int n = 0; n < 400; ++n) {
    ask(history, {Point{{"x", n / 400.0}}, "random", {}});
    if (n < 398) tell(history, n, std::abs(n - 200));
  }
  const Observations seen = observe(history, 400, 50);
  EXPECT_EQ(seen.rows(), 50U);
  EXPECT_EQ(seen.pending.size(), 2U);
  for (int n = 190; n <= 210; ++n) {
    EXPECT_EQ(
        std::ranges::count(seen.points, history.trials()[static_cast<std::size_t>(n)].unit[0]), 1);
  }
  EXPECT_GT(*std::ranges::max_element(seen.points), 0.9);
}

// A peak at x = 0.3123, units = 40, kind = c and depth = 3, seen through the unit cube.
TEST(MixedSearch, FindsThePeakOfAMixedSpace) {
  const Space space = space_of(R"({
    x: {type: float, low: 0, high: 1},
    kind: {type: categorical, choices: [a, b, c, d, e, f]},
    units: {type: int, low: 1, high: 1000, scale: log},
    depth: {type: int, low: 1, high: 4, when: {kind: [b, c]}}
  })",
                               "['units <= 40']");
  const double units = encode(space[2].distribution, std::int64_t{60});
  const auto height = [&](std::span<const double> u, std::span<double> slope) {
    const bool c = std::abs(u[1] - 2.5 / 6) < 1e-9;
    std::ranges::fill(slope, 0.0);
    slope[0] = -2 * (u[0] - 0.3123);
    slope[2] = -2 * (u[2] - units);
    const double depth = std::isnan(u[3]) ? 0.5 : std::abs(u[3] - 2.5 / 4);
    return -std::pow(u[0] - 0.3123, 2) - std::pow(u[2] - units, 2) - depth - (c ? 0 : 0.4);
  };
  Acquisition acquisition;
  acquisition.slope = height;
  acquisition.all = [&](std::span<const double> points) {
    std::vector<double> scores, ignored(4);
    for (std::size_t i = 0; i < points.size(); i += 4)
      scores.push_back(height(points.subspan(i, 4), ignored));
    return scores;
  };
  Rng rng(1);
  const std::optional<Promising> found = most_promising(acquisition, History(space, {}), {}, rng);
  ASSERT_TRUE(found);
  const Point* top = &found->point;
  EXPECT_NEAR(number(*top, "x"), 0.3123, 1e-3);
  EXPECT_EQ(std::get<std::string>(top->at("kind")), "c");
  EXPECT_EQ(number(*top, "depth"), 3);
  EXPECT_GE(number(*top, "units"), 36);  // the unconstrained peak, 60, is out of reach
  EXPECT_LE(number(*top, "units"), 40);
}

// The peak of the acquisition is where a trial was already: near it is a repeat as well.
TEST(MixedSearch, KeepsApartFromTrials) {
  const Space space = space_of("{x: {type: float, low: 0, high: 1}}");
  Acquisition acquisition;
  acquisition.slope = [](std::span<const double> u, std::span<double> slope) {
    slope[0] = -2 * (u[0] - 0.25);
    return -std::pow(u[0] - 0.25, 2);
  };
  acquisition.all = [](std::span<const double> points) {
    std::vector<double> scores;
    for (const double u : points) scores.push_back(-std::pow(u - 0.25, 2));
    return scores;
  };
  History history(space, {});
  ask(history, {Point{{"x", 0.2501}}, "random", {}});
  tell(history, 0, 1);
  for (const double apart : {0.0, 1e-3}) {
    Rng rng(2);
    const auto found = most_promising(acquisition, history, {}, rng, {.apart = apart});
    ASSERT_TRUE(found);
    const double gap = std::abs(number(found->point, "x") - 0.2501);
    EXPECT_GE(gap, apart);
    EXPECT_LT(gap, 0.02);
  }
}

// The region is the small box that the search may not leave.
TEST(MixedSearch, StaysInItsRegion) {
  const Space space = space_of(
      "{x: {type: float, low: 0, high: 1}, n: {type: int, low: 0, high: 100}, "
      "c: {type: categorical, choices: [a, b]}}");
  Acquisition acquisition;
  acquisition.slope = [](std::span<const double> u, std::span<double> slope) {
    slope[0] = slope[1] = 1;
    slope[2] = 0;
    return u[0] + u[1];
  };
  acquisition.all = [](std::span<const double> points) {
    std::vector<double> scores;
    for (std::size_t i = 0; i < points.size(); i += 3) scores.push_back(points[i] + points[i + 1]);
    return scores;
  };
  Rng rng(2);
  const auto found = most_promising(acquisition, History(space, {}), {{0.3, 0.405, 0.25}}, rng,
                                    {.region = {{0.25, 0.35, 0}, {0.35, 0.45, 1}}});
  ASSERT_TRUE(found);
  EXPECT_NEAR(number(found->point, "x"), 0.35, 1e-9);
  EXPECT_NEAR(number(found->point, "n"), 45, 1);
}

double bowl_at(const Point& p) {
  const double x = number(p, "x") - 0.3, y = number(p, "y") + 0.4;
  return 100 * std::pow(x - y, 2) + std::pow(x + y, 2);
}
const char* const square = R"({
  x: {type: float, low: -5, high: 5},
  y: {type: float, low: -5, high: 5},
  kind: {type: categorical, choices: [a, b]}
})";

// A close look follows a narrow, tilted valley to its bottom, to many digits.
TEST(CloseUp, ConvergesOnASmoothFunction) {
  const Space space = space_of(square);
  const auto loss = [](const Point& p) {
    return bowl_at(p) + (std::get<std::string>(p.at("kind")) == "a" ? 1e-4 : 0);
  };
  const History history = run(make_sampler({"gp", 3, {}}, space), space, 60, loss, 3);
  EXPECT_LT(history.loss(*history.best()), 1e-6);
  int looks = 0;
  for (const Trial& trial : history.trials())
    looks += static_cast<int>(trial.note.count("close_up"));
  EXPECT_GT(looks, 10);
}

Belief belief_of_two() {
  Observations seen;
  seen.axes = 2;
  Rng rng(4);
  for (int i = 0; i < 12; ++i) {
    const double x = rng.uniform(), y = rng.uniform();
    seen.points.insert(seen.points.end(), {x, y});
    seen.values.push_back(std::sin(6 * x) + y * y);
  }
  const std::vector<Kernel> kernels = {{{0.3, 0.5}, 1, 0.01, 0, 0}, {{0.8, 0.2}, 2, 0.1, 0.5, 0}};
  return believe({{}, {}}, seen, kernels);
}

TEST(Belief, SlopesAreThoseOfTheScores) {
  const Belief belief = belief_of_two();
  for (const Acquisition& acquisition :
       {low_bound(belief, 0), low_bound(belief, 1.5), log_expected_improvement(belief),
        log_expected_improvement(belief, true), log_probability_of_improvement(belief)}) {
    const std::vector<double> at = {0.4, 0.7};
    std::vector<double> slope(2), unused(2);
    EXPECT_NEAR(acquisition.slope(at, slope), acquisition.all(at)[0], 1e-12);
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<double> above = at, below = at;
      above[i] += 1e-6;
      below[i] -= 1e-6;
      const double rise = acquisition.slope(above, unused) - acquisition.slope(below, unused);
      EXPECT_NEAR(slope[i], rise / 2e-6, 1e-6);
    }
  }
}

TEST(Belief, LowBoundIsTheMeanOfItsModels) {
  const Belief belief = belief_of_two();
  const std::vector<double> at = {0.4, 0.7};
  for (const double deviations : {0.0, 2.0}) {
    const auto bound = [&](const GaussianProcess& model) {
      const GaussianProcess::Prediction prediction = model.predict(at);
      return prediction.mean - deviations * std::sqrt(prediction.variance);
    };
    const double first = bound(belief.models[0]), second = bound(belief.models[1]);
    EXPECT_NEAR(low_bound(belief, deviations).all(at)[0], -(first + second) / 2, 1e-12);
    EXPECT_NEAR(low_bound(belief, deviations).glance(at)[0], -first, 1e-12);
  }
}

TEST(Belief, ProbabilityOfImprovementIsTheMeanOfItsModels) {
  const Belief belief = belief_of_two();
  const std::vector<double> at = {0.4, 0.7};
  double sum = 0;
  for (std::size_t m = 0; m < 2; ++m) {
    const GaussianProcess::Prediction p = belief.models[m].predict(at);
    sum += normal_cdf((belief.best[m] - 0.01 - p.mean) / std::sqrt(p.variance)) / 2;
  }
  EXPECT_NEAR(std::exp(log_probability_of_improvement(belief).all(at)[0]), sum, 1e-12);
}

// log(1 − τ / √(s² + τ²)) of the first model, by its definition.
TEST(Belief, AugmentationFollowsItsDefinition) {
  Belief belief = belief_of_two();
  belief.models.erase(belief.models.begin() + 1);
  belief.best.pop_back();
  const std::vector<double> at = {0.1, 0.2};
  const double variance = belief.models[0].predict(at).variance;
  const double plain = log_expected_improvement(belief).all(at)[0];
  const double noise = belief.models[0].noise_variance(belief.best[0]);
  EXPECT_NEAR(log_expected_improvement(belief, true).all(at)[0] - plain,
              std::log(1 - std::sqrt(noise / (variance + noise))), 1e-9);
}

double round_bowl_at(const Point& p) {
  return std::pow(number(p, "x") - 0.3, 2) + std::pow(number(p, "y") + 0.4, 2);
}

// Each goes its own way, and finds the bottom of a bowl (25 drawn at random: 0.8 in the median).
TEST(Gp, FollowsTheAcquisitionThatIsAskedFor) {
  const Space space = space_of(square);
  const std::pair<const char*, const char*> noted[] = {
      {"expected_improvement", nullptr},
      {"probability_of_improvement", "probability"},
      {"confidence_bound", "confidence_bound"},
      {"thompson", "draw"}};
  for (const auto& [acquisition, note] : noted) {
    const Node options = yaml(std::string("{acquisition: ") + acquisition + "}");
    const History history =
        run(make_sampler({"gp", 3, options}, space), space, 24, round_bowl_at, 3);
    std::size_t as_asked = 0;
    for (const Trial& trial : history.trials()) {
      if (note == nullptr ? trial.note.empty() : trial.note.count(note) > 0) ++as_asked;
    }
    EXPECT_GE(as_asked, 14U) << acquisition;
    EXPECT_LT(history.loss(*history.best()), 0.05) << acquisition;
  }
}

// Where reports are noisy, every other trial goes where the loss is low, and is better for it than
// those that look around.
TEST(Gp, GoesWhereTheLossIsLowUnderNoise) {
  const Space space =
      space_of("{x: {type: float, low: -5, high: 5}, y: {type: float, low: -5, high: 5}}");
  const auto truth = [](const Point& p) {
    return std::pow(number(p, "x") - 1, 2) + std::pow(number(p, "y") + 2, 2);
  };
  Rng noise(9);
  const History history = run(
      make_sampler({"gp", 2, {}}, space), space, 60,
      [&](const Point& p) { return truth(p) + 4 * noise.normal(); }, 2);
  std::vector<double> low, others;
  for (const Trial& trial : history.trials().subspan(20)) {
    const bool is_low = trial.note.contains("low_bound");
    (is_low ? low : others).push_back(truth(trial.point));
    EXPECT_EQ(reason(trial), is_low ? "where the loss may well be low, as its values are noisy"
                                    : "where the model expects the largest improvement");
  }
  EXPECT_GE(low.size(), 15U);
  EXPECT_LT(median(low), 4);
  EXPECT_LE(mean(low), mean(others));
}

// Interrupted trials run again; they are no reason to begin with the model earlier.
TEST(Gp, BeginsWhenEnoughTrialsThatCountAreThere) {
  const Space space = space_of(square);
  const Sampler next = make_sampler({"gp", 1, {}}, space);
  History history(space, {});
  for (int n = 0; n < 12; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = next(history, rng);
    ASSERT_TRUE(proposal);
    EXPECT_EQ(proposal->note.count("startup"), 1U) << n;
    ask(history, *proposal);
    if (n % 4 == 0) {
      tell(history, n, bowl_at(proposal->point));
    } else {
      history.apply(Ended{n, TrialState::interrupted, {}, {}, "", {}, 0});
    }
  }
}

}  // namespace
}  // namespace caviar::test
