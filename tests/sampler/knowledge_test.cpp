// What is known before the first trial: hunches of a person, lessons of other studies; and trials
// that a person gave a part of, or that ran again.
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/completion.hpp"
#include "caviar/sampler/guide.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/sampler/lessons.hpp"
#include "caviar/trial/repeats.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

// A valley whose bottom lies anywhere.
Function valley(double x, double y) {
  return [x, y](const Point& p) {
    return std::pow(number(p, "x") - x, 2) + 2 * std::pow(number(p, "y") - y, 2);
  };
}
const char* const plain = "{x: {type: float, low: 0, high: 1}, y: {type: float, low: 0, high: 1}}";

std::string believing(double x, double y) {
  return "{x: {type: float, low: 0, high: 1, believe: {at: " + std::to_string(x) +
         ", within: 0.05}}, y: {type: float, low: 0, high: 1, believe: {at: " + std::to_string(y) +
         ", within: 0.05}}}";
}

double median_best(const std::string& sampler, const History& begin, int trials, const Function& f,
                   int seeds = 5) {
  std::vector<double> bests;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Sampler next =
        make_sampler({sampler, static_cast<std::uint64_t>(seed), {}}, begin.space());
    const auto tell_value = [&](History& history, int trial) {
      tell(history, trial, f(history.trials()[static_cast<std::size_t>(trial)].point));
    };
    const History history = run_telling(next, begin, trials, tell_value, 1, 1);
    bests.push_back(history.loss(*history.best()));
  }
  return median(bests);
}

TEST(Hunches, PlaceUniformDrawsByTheirDensity) {
  const Space space = space_of(R"({
    x: {type: float, low: 1e-4, high: 1, scale: log, believe: {at: 0.01, within: 10}},
    c: {type: categorical, choices: [a, b, c, d], believe: {at: c, within: 0.7}}
  })");
  EXPECT_NEAR(unit_width(*space[0].hunch, space[0].distribution), 0.25, 1e-12);  // a decade of four
  const int draws = 20000;
  int within = 0, chosen = 0;
  for (int k = 0; k < draws; ++k) {
    std::vector<double> unit = {(k + 0.5) / draws, (k + 0.5) / draws};
    place_by_hunches(space, 0.8, unit);
    ASSERT_GE(unit[0], 0);
    ASSERT_LE(unit[1], 1);
    within += std::abs(unit[0] - 0.5) < 0.25 ? 1 : 0;
    chosen += unit[1] >= 0.5 && unit[1] < 0.75 ? 1 : 0;
  }
  // 0.2 of a uniform density and 0.8 of a normal one that is cut off at two deviations.
  const double inside = (normal_cdf(1) - normal_cdf(-1)) / (normal_cdf(2) - normal_cdf(-2));
  EXPECT_NEAR(within / static_cast<double>(draws), 0.2 * 0.5 + 0.8 * inside, 1e-3);
  EXPECT_NEAR(chosen / static_cast<double>(draws), 0.2 * 0.25 + 0.8 * 0.7, 1e-3);
}

TEST(Hunches, TheLogarithmOfTheirDensityHasItsSlope) {
  const Space space = space_of(believing(0.3, 0.8));
  for (const double x : {0.0, 0.2, 0.31, 0.7, 1.0}) {
    const std::vector<double> at = {x, 0.75};
    std::vector<double> gradient(2, 0.0);
    log_hunch(space, at, 1, gradient);
    const double step = 1e-6;
    for (std::size_t i = 0; i < 2; ++i) {
      std::vector<double> above = at, below = at;
      above[i] += step;
      below[i] -= step;
      const double slope = (log_hunch(space, above) - log_hunch(space, below)) / (2 * step);
      EXPECT_NEAR(gradient[i], slope, 1e-4 * (1 + std::abs(slope))) << x;
    }
  }
}

TEST(Hunches, RightOnesHelpAndWrongOnesAreOvercome) {
  const Function f = valley(0.62, 0.21);
  for (const char* name : {"random", "sobol", "tpe", "gp", "auto"}) {
    const double none = median_best(name, History(space_of(plain), {}), 5, f);
    const double right = median_best(name, History(space_of(believing(0.6, 0.2)), {}), 5, f);
    EXPECT_LT(right, none) << name;
  }
  for (const char* name : {"tpe", "gp", "auto"}) {
    const double wrong = median_best(name, History(space_of(believing(0.1, 0.9)), {}), 60, f);
    EXPECT_LT(wrong, 0.01) << name;  // the hunch lies at 1.2
  }
}

TEST(Hunches, AllThatDrawBeginWhereTheyLie) {
  const Space space = space_of(
      "{x: {type: float, low: 0, high: 1, believe: {at: 0.9, within: 0.05}},"
      " c: {type: categorical, choices: [a, b, c, d], believe: d}}");
  for (const char* name : {"sobol", "zoom", "cmaes", "tpe", "de", "nsga2", "forest"}) {
    const Sampler next = make_sampler({name, 1, {}}, space);
    const History history = run(next, space, 12, [](const Point&) { return 1.0; }, 1, 12);
    std::size_t near = 0, chosen = 0;
    for (const Trial& trial : history.trials()) {
      near += number(trial.point, "x") > 0.6 ? 1 : 0;
      chosen += trial.point.at("c") == Value(std::string("d")) ? 1 : 0;
    }
    EXPECT_GE(near, 8U) << name;
    EXPECT_GE(chosen, 5U) << name;
  }
}

TEST(Lessons, AreNormalScoresOfRanks) {
  const Space space = space_of(plain);
  History history(space, {});
  Rng rng(1);
  const std::vector<double> values = {3, 1e9, 2, std::nan(""), 3};
  for (std::size_t k = 0; k < values.size(); ++k) {
    ask(history, {*draw(space, rng), "random", {}});
    tell(history, static_cast<int>(k), values[k]);
  }
  const std::vector<Lesson> lessons = lessons_of(history);
  ASSERT_EQ(lessons.size(), 5U);
  EXPECT_EQ(lessons[0].point, history.trials()[2].point);
  EXPECT_NEAR(lessons[0].score, normal_quantile(0.1), 1e-12);
  EXPECT_NEAR(lessons[1].score, normal_quantile(0.4), 1e-12);  // two are equal
  EXPECT_NEAR(lessons[2].score, normal_quantile(0.4), 1e-12);
  EXPECT_NEAR(lessons[4].score, normal_quantile(0.9), 1e-12);  // the failed one
  EXPECT_EQ(lessons[4].point, history.trials()[3].point);
}

TEST(Lessons, LieBeyondTheCubeWhereTheRangeIsAnother) {
  const Space space = space_of(R"({
    r: {type: float, low: 0.001, high: 0.1, scale: log}, n: {type: int, low: 0, high: 10},
    c: {type: categorical, choices: [a, b]}, late: {type: float, low: 0, high: 1, before: 0.25}
  })");
  const auto at = [&](double r, double n, const std::string& c) {
    return encode_beyond(space, Point{{"r", r}, {"n", n}, {"c", c}, {"gone", 3.0}});
  };
  const auto unit = at(1, -4, "a");
  ASSERT_TRUE(unit);
  EXPECT_NEAR((*unit)[0], 1.5, 1e-9);
  EXPECT_NEAR((*unit)[1], -0.4, 1e-9);
  EXPECT_NEAR((*unit)[3], 0.25, 1e-9);
  EXPECT_FALSE(at(50, 4, "a")) << "further away than the range is wide";
  EXPECT_FALSE(at(0.01, 4, "z")) << "a choice that there is not";
  EXPECT_FALSE(encode_beyond(space, Point{{"gone", 3.0}})) << "no parameter of this space";
}

TEST(Lessons, OfOtherParametersSteerNothing) {
  const Space other = space_of("{a: {type: float, low: 0, high: 1}}"), space = space_of(plain);
  const History past = run(make_sampler({"random", 2, {}}, other), other, 30,
                           [](const Point& p) { return number(p, "a"); });
  History taught(space, {});
  taught.apply(Taught{"old", lessons_of(past), 0});
  EXPECT_EQ(usable_lessons(space, taught.lessons().front()->lessons), 0U);
  const Function f = valley(0.6, 0.2);
  const auto tell_value = [&](History& history, int trial) {
    tell(history, trial, f(history.trials()[static_cast<std::size_t>(trial)].point));
  };
  for (const char* name : {"gp", "tpe", "forest"}) {
    const Sampler next = make_sampler({name, 1, {}}, space);
    const History with = run_telling(next, taught, 14, tell_value, 1, 1);
    const History without = run_telling(next, History(space, {}), 14, tell_value, 1, 1);
    for (std::size_t n = 0; n < 14; ++n) {
      EXPECT_EQ(with.trials()[n].point, without.trials()[n].point) << name << ' ' << n;
    }
  }
}

History taught(const Space& space, const Function& f, int trials = 40) {
  const Space old = space_of(plain);
  const History past = run(make_sampler({"sobol", 9, {}}, old), old, trials, f);
  History history(space, {});
  history.apply(Taught{"old", lessons_of(past), 0});
  return history;
}

TEST(Lessons, HelpWhereTheTaskIsAlikeAndDoLittleHarmWhereItIsNot) {
  const Space space = space_of(plain);
  const Function f = valley(0.62, 0.21);
  // The same but shifted, and on another scale.
  const auto alike = [](const Point& p) { return 1000 * std::sqrt(valley(0.58, 0.25)(p)) - 7; };
  const auto opposite = [](const Point& p) { return -valley(0.62, 0.21)(p); };
  for (const char* name : {"random", "tpe", "gp", "auto"}) {
    const double none = median_best(name, History(space, {}), 5, f);
    EXPECT_LT(median_best(name, taught(space, alike), 5, f), none) << name;
  }
  for (const char* name : {"tpe", "gp", "auto"}) {
    EXPECT_LT(median_best(name, taught(space, opposite), 50, f), 0.01) << name;
  }
}

TEST(Guide, TrustsWhoOrdersTheTrialsRightly) {
  const Space space = space_of(plain);
  const Function f = valley(0.62, 0.21);
  History history = taught(space, f);
  const History opposite = taught(space, [&](const Point& p) { return -f(p); });
  Taught wrong = *opposite.lessons()[0];
  wrong.source = "wrong";
  history.apply(wrong);
  Guide guide;
  guide.follow(history);
  EXPECT_FALSE(guide.silent());
  EXPECT_EQ(guide.trust()[0], guide.trust()[1]);  // nothing to go by yet
  Rng rng(4);
  for (int n = 0; n < 12; ++n) {
    ask(history, {*draw(space, rng), "random", {}});
    tell(history, n, f(history.trials().back().point));
  }
  guide.follow(history);
  EXPECT_GT(guide.trust()[0], 0.8);
  EXPECT_EQ(guide.trust()[1], 0);
}

TEST(Guide, HasItsSlope) {
  History history = taught(space_of(believing(0.3, 0.4)), valley(0.6, 0.2));
  Guide guide;
  guide.follow(history);
  Acquisition flat;
  flat.all = [](std::span<const double> points) {
    return std::vector<double>(points.size() / 2, 1.0);
  };
  flat.slope = [](std::span<const double>, std::span<double> gradient) {
    std::ranges::fill(gradient, 0.0);
    return 1.0;
  };
  const Acquisition guided = guide.guided(flat);
  const std::vector<double> at = {0.42, 0.37};
  std::vector<double> gradient(2);
  EXPECT_NEAR(guided.slope(at, gradient), guided.all(at)[0], 1e-9);
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<double> both;
    for (const double step : {1e-5, -1e-5}) {
      both.insert(both.end(), at.begin(), at.end());
      both[both.size() - 2 + i] += step;
    }
    const std::vector<double> scores = guided.all(both);
    const double slope = (scores[0] - scores[1]) / 2e-5;
    EXPECT_NEAR(gradient[i], slope, 1e-3 * (1 + std::abs(slope)));
  }
}

TEST(Reevaluation, RunsTheLeaderAgainUntilItHasRunSoOften) {
  const Space space = space_of(plain);
  Rng noise(3);
  const auto noisy = [&](const Point& p) { return valley(0.6, 0.2)(p) + 0.1 * noise.normal(); };
  const Sampler next = with_reevaluation(3, make_sampler({"random", 1, {}}, space));
  const History history = run(next, space, 60, noisy);
  std::size_t again = 0;
  for (const Trial& trial : history.trials()) again += trial.note.contains(again_note) ? 1 : 0;
  EXPECT_GE(again, 6U);
  EXPECT_LE(3 * again, history.trials().size());
  for (const Repeated& one : configurations(history)) EXPECT_LE(one.trials.size(), 3U);
  EXPECT_GE(best_of_repeats(history)->runs, 2U);
}

TEST(Repeats, TheBestIsThatOfTheLowestPosteriorMean) {
  History history(space_of(plain), {});
  const auto add = [&](double x, double value) {
    ask(history, {Point{{"x", x}, {"y", 0.5}}, "random", {}});
    tell(history, static_cast<int>(history.trials().size()) - 1, value);
  };
  EXPECT_FALSE(best_of_repeats(history));
  for (const double value : {1.0, 2.0, 3.0}) add(0.1, value);
  add(0.2, 0.9);  // one lucky run
  add(0.3, 6.0);
  EXPECT_EQ(history.best()->number, 3);
  const auto best = best_of_repeats(history);
  ASSERT_TRUE(best);
  // By hand: noise 1; means 2, 0.9, 6, centre 2.9667; between 1/2 Σ((m − c)² − 1/n) = 5.8911.
  const double between = ((0.93444 - 1.0 / 3) + (4.27111 - 1) + (9.20111 - 1)) / 2;
  const double weight = between / (between + 1);
  EXPECT_EQ(best->trial, 3);
  EXPECT_NEAR(best->expected, 2.96667 + weight * (0.9 - 2.96667), 1e-4);
  // And the centre may be off by the root of (between + mean of 1/n) / 3.
  const double centre = (between + 7.0 / 9) / 3;
  EXPECT_NEAR(best->deviation, std::sqrt(weight + std::pow(1 - weight, 2) * centre), 1e-4);
  // With more noise the single run counts for less than the mean of three.
  History noisy(space_of(plain), {});
  std::swap(history, noisy);
  for (const double value : {0.0, 2.2, 4.0}) add(0.1, value);
  for (const double value : {4.0, 8.0, 9.0}) add(0.4, value);
  add(0.2, 1.7);
  EXPECT_EQ(best_of_repeats(history)->runs, 3U);
}

// Configurations that do not differ: what is expected of the best is not known to a hair.
TEST(Repeats, NoiseAloneIsNoCertainty) {
  const Space space = space_of(plain);
  Rng noise(5);
  const Sampler next = with_reevaluation(3, make_sampler({"random", 1, {}}, space));
  const History history = run(next, space, 40, [&](const Point&) { return noise.normal(); });
  const auto best = best_of_repeats(history);
  ASSERT_TRUE(best);
  EXPECT_GT(best->deviation, 0.3);
  EXPECT_LT(std::abs(best->expected), 3 * best->deviation);
  EXPECT_EQ(recommended(history)->number, best->trial);
}

}  // namespace
}  // namespace caviar::test
