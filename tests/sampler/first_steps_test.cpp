// How gp begins in a space of numbers.
#include "caviar/sampler/first_steps.hpp"

#include <gtest/gtest.h>

#include "caviar/math/stats.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

Space cube(int dims) {
  std::string text;
  for (int i = 0; i < dims; ++i) {
    text += (i > 0 ? ", x" : "{x") + std::to_string(i) + ": {type: float, low: 0, high: 1}";
  }
  return space_of(text + "}");
}

// In a space of numbers the first trials are the middle and a step along each axis from the best so
// far; where choices or conditions matter they are spread evenly.
TEST(Gp, BeginsWithStepsInASpaceOfNumbers) {
  const Space space = space_of(R"({
    late: {type: float, low: 0, high: 1, tier: 4},
    count: {type: int, low: 1, high: 4},
    rate: {type: float, low: 1e-4, high: 1, scale: log, tier: 1}
  })");
  EXPECT_TRUE(steps_first(space));
  EXPECT_EQ(first_steps(space), 4U);
  const auto f = [](const Point& p) { return std::pow(number(p, "late") - 0.9, 2); };
  const History history = run(make_sampler({"gp", 5, {}}, space), space, 4, f);
  const std::vector<std::string> order = {"rate", "count", "late"};  // by tier, 2 if not said
  const Trial* best = history.trials().data();
  for (std::size_t n = 1; n < 4; ++n) {
    const Trial& trial = history.trials()[n];
    EXPECT_TRUE(trial.note.contains("step"));
    const std::vector<double> from = encode(space, best->point), to = encode(space, trial.point);
    for (std::size_t a = 0; a < space.size(); ++a) {
      EXPECT_EQ(from[a] != to[a], space[a].name == order[n - 1]) << n << " " << space[a].name;
    }
    if (history.loss(trial) < history.loss(*best)) best = &trial;
  }
  EXPECT_FALSE(steps_first(space_of("{c: {type: categorical, choices: [a, b]}}")));
  EXPECT_FALSE(steps_first(space_of(
      "{n: {type: int, low: 1, high: 2}, x: {type: float, low: 0, high: 1, when: {n: 2}}}")));
  EXPECT_EQ(first_steps(cube(200)), 31U);
}

// Over many axes a slope is found by walking down it: half of the way to the bottom takes hardly
// more trials than there are axes.
TEST(Gp, GoesDownhillOverManyAxes) {
  const Space space = cube(20);
  const auto f = [](const Point& p) {
    double sum = 0;
    for (int i = 0; i < 20; ++i) {
      sum += std::pow(number(p, "x" + std::to_string(i)) - (0.2 + 0.03 * i), 2);
    }
    return sum;
  };
  std::vector<double> ends;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const History history = run(make_sampler({"gp", seed, {}}, space), space, 40, f);
    ends.push_back(history.loss(*history.best()) / history.loss(history.trials().front()));
  }
  EXPECT_LT(median(ends), 0.35);
}

}  // namespace
}  // namespace caviar::test
