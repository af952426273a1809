// What every search method must do under several objectives and bounds, and how near the front it
// comes.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/math/pareto.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/reading.hpp"
#include "caviar/trial/front.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

using Values = std::function<std::vector<double>(const Point&)>;  // empty: the trial fails

const Goal two{"a", {Direction::minimize, Direction::maximize}, {"b"}};

Goal bounded(Goal goal, double limit) {
  goal.bounds = {{"size", true, limit}};
  return goal;
}

// "size" is x0 plus x1.
History run_several(const Sampler& sampler, const Space& space, int trials, const Values& f,
                    const Goal& goal = two, std::size_t pending = 1, std::uint64_t seed = 1) {
  const auto tell_values = [&](History& history, int trial) {
    const Point& point = history.trials()[static_cast<std::size_t>(trial)].point;
    Ended ended;
    ended.trial = trial;
    ended.values = f(point);
    ended.state = ended.values.empty() ? TrialState::failed : TrialState::complete;
    ended.metrics["size"] = number(point, "x0") + number(point, "x1");
    history.apply(ended);
  };
  return run_telling(sampler, History(space, goal), trials, tell_values, seed, pending);
}

Space mixed() {
  return space_of(R"({
    x0: {type: float, low: 0, high: 1},
    x1: {type: float, low: 0, high: 1},
    units: {type: int, low: 1, high: 6},
    kind: {type: categorical, choices: [p, q, r]},
    beta: {type: float, low: 1e-4, high: 1, scale: log, when: {kind: q}}
  })",
                  "['x0 + x1 <= 1.8']");
}

std::vector<double> opposed(const Point& point) {
  const double x = number(point, "x0"), y = number(point, "x1"), units = number(point, "units");
  return {x * x + y + units / 10, 1 - (x - 1) * (x - 1) - y};
}

std::vector<std::string> able() { return samplers_for_several_objectives(); }

class Several : public testing::TestWithParam<std::string> {
 protected:
  Sampler sampler(const Space& space, std::uint64_t seed = 1) const {
    return without_repeats(make_sampler(spec_for(GetParam(), space, seed), space));
  }
  static void expect_valid(const History& history) {
    EXPECT_FALSE(history.trials().empty());
    std::set<std::string> points;
    for (const Trial& trial : history.trials()) {
      EXPECT_NO_THROW(checked(history.space(), trial.point, "trial")) << to_text(trial.point);
      EXPECT_TRUE(points.insert(trial.point.key()).second) << to_text(trial.point);
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Samplers, Several, testing::ValuesIn(able()),
                         [](const auto& instance) { return instance.param; });

TEST_P(Several, StaysInsideTheSpaceWithManyRunning) {
  const Space space = mixed();
  expect_valid(run_several(sampler(space), space, 24, opposed, two, 8));
  expect_valid(run_several(sampler(space), space, 22, opposed, bounded(two, 0.7)));
}

TEST_P(Several, SameSeedSameProposalsAlsoFromAFreshSampler) {
  const Space space = mixed();
  const Goal goal = bounded(two, 0.9);
  const History first = run_several(sampler(space), space, 18, opposed, goal);
  const History second =
      run_several([&](const History& history, Rng& rng) { return sampler(space)(history, rng); },
                  space, 18, opposed, goal);
  ASSERT_EQ(first.trials().size(), second.trials().size());
  for (std::size_t n = 0; n < first.trials().size(); ++n) {
    EXPECT_EQ(first.trials()[n].point, second.trials()[n].point) << n;
  }
}

TEST_P(Several, LivesWithHostileOutcomes) {
  const Space space = mixed();
  const auto after = [&](const Values& f, const Goal& goal) {
    expect_valid(run_several(sampler(space), space, 16, f, goal));
  };
  int calls = 0;
  after([](const Point&) { return std::vector<double>{}; }, two);
  after([](const Point&) { return std::vector<double>{2, 3}; }, bounded(two, 1));
  after([](const Point&) { return std::vector<double>{2, 3}; }, bounded(two, -1));  // none within
  after(
      [&](const Point& point) {
        const double size = std::pow(10.0, 4 * (++calls % 9) - 16);
        return std::vector<double>{opposed(point)[0] * size, calls % 2 == 0 ? 1.7e308 : -1.7e308};
      },
      two);
  after(
      [&](const Point& point) {
        if (++calls % 3 == 0) return std::vector<double>{};
        return std::vector<double>{calls % 4 == 0 ? INFINITY : opposed(point)[0],
                                   opposed(point)[1]};
      },
      two);
}

TEST_P(Several, RunsAFiniteSpaceThrough) {
  const Space space =
      space_of(R"({x0: {type: int, low: 0, high: 3}, x1: {type: int, low: 0, high: 4}})");
  const History history = run_several(sampler(space), space, 60, [](const Point& point) {
    return std::vector<double>{number(point, "x0"), number(point, "x1")};
  });
  EXPECT_EQ(history.trials().size(), GetParam() == "manual" ? history.distinct() : 20U);
}

// Three losses.
TEST_P(Several, TakesThreeObjectives) {
  const Space space = mixed();
  const Goal three{"a", {Direction::minimize, Direction::minimize, Direction::maximize}};
  expect_valid(run_several(
      sampler(space), space, 16,
      [](const Point& point) {
        std::vector<double> values = opposed(point);
        values.insert(values.begin(), number(point, "x1"));
        return values;
      },
      three));
}

// ZDT1 over five numbers: Zitzler, Deb and Thiele 2000.
Space five() {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 5; ++i) parameters.push_back({"x" + std::to_string(i), Float{0, 1}, {}, 0});
  return Space(parameters);
}

std::vector<double> zdt1(const Point& point) {
  const double first = number(point, "x0");
  double g = 1;
  for (int i = 1; i < 5; ++i) g += 9.0 / 4 * number(point, "x" + std::to_string(i));
  return {first, g * (1 - std::sqrt(first / g))};
}

const Goal minimal{"a", {Direction::minimize, Direction::minimize}, {"b"}};

double covered(const History& history) {
  std::vector<double> rows;
  for (const int trial : pareto_front(history)) {
    const std::vector<double> own =
        losses(history.goal(), history.trials()[static_cast<std::size_t>(trial)]);
    rows.insert(rows.end(), own.begin(), own.end());
  }
  return hypervolume(rows, 2, std::vector<double>{1.1, 11});
}

double median_covered(const std::string& name, int trials, int seeds = 3) {
  std::vector<double> all;
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto number = static_cast<std::uint64_t>(seed);
    const Sampler sampler = make_sampler(spec_for(name, five(), number), five());
    all.push_back(covered(run_several(sampler, five(), trials, zdt1, minimal, 1, number)));
  }
  return median(all);
}

// The whole front covers 11.77 of this.
TEST(Fronts, AreFoundByTheMethodsThatLearn) {
  const double chance = median_covered("random", 200, 5);
  EXPECT_LT(chance, 10.7);
  EXPECT_GT(median_covered("nsga2", 200, 5), 11);
  EXPECT_GT(median_covered("tpe", 150, 3), 11);
  EXPECT_GT(median_covered("gp", 30, 1), 11);
}

// The least of x0² + x1 … within size >= 1: at the border.
TEST(Bounds, AreKeptByTheMethodsThatLearn) {
  const Space space = five();
  Goal goal{"a", {Direction::minimize}};
  goal.bounds = {{"size", false, 1}};
  const Values bowl = [](const Point& point) {
    double sum = 0;
    for (int i = 0; i < 5; ++i) sum += std::pow(number(point, "x" + std::to_string(i)), 2);
    return std::vector<double>{sum};
  };
  for (const std::string name : {"gp", "tpe", "cmaes", "nsga2", "zoom"}) {
    const Sampler sampler = make_sampler(spec_for(name, space), space);
    const History history = run_several(sampler, space, 50, bowl, goal);
    ASSERT_NE(history.best(), nullptr) << name;
    EXPECT_LT(history.loss(*history.best()), name == "gp" ? 0.51 : 1.3) << name;  // the least: 0.5
    std::size_t within = 0;
    for (const Trial& trial : history.trials()) within += is_solution(goal, trial) ? 1 : 0;
    EXPECT_GT(within, 15U) << name;
  }
}

TEST(Reading, RefusesSeveralObjectivesWhereAMethodTakesOne) {
  for (const std::string name : {"cmaes", "zoom"}) {
    const Sampler sampler = make_sampler(spec_for(name, five()), five());
    Rng rng(1);
    EXPECT_THROW(sampler(History(five(), minimal), rng), Error);
  }
}

TEST(Reading, PutsWhatIsBeyondTheBoundsBehindEverythingWithin) {
  Goal goal;
  goal.bounds = {{"size", true, 1}};
  History history(five(), goal);
  const auto add = [&](double value, double size) {
    Rng rng(history.trials().size());
    ask(history, {*draw(five(), rng), "test", {}});
    history.apply(Ended{static_cast<int>(history.trials().size()) - 1,
                        TrialState::complete,
                        {value},
                        {{"size", size}},
                        "",
                        {},
                        0});
  };
  add(5, 0.5);
  add(1, 2);
  add(9, 1);
  add(0, 7);
  const std::vector<double> losses = scalar_losses(history, std::vector{1.0});
  EXPECT_EQ(losses[0], 5);
  EXPECT_EQ(losses[2], 9);
  EXPECT_GT(losses[1], 9);
  EXPECT_GT(losses[3], losses[1]);
  EXPECT_EQ(places(history), (std::vector<double>{0, 2, 1, 3}));
  EXPECT_EQ(own_losses(history, std::vector{1.0}), (std::vector<double>{5, 1, 9, 0}));
}

}  // namespace
}  // namespace caviar::test
