// That the model-based search earns its keep: far below random and zoom after forty trials, in the
// median over fixed seeds, on problems of different kinds.
#include <numbers>

#include <gtest/gtest.h>

#include "caviar/math/stats.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

double median_regret(const std::string& sampler, const Space& space, const Function& f,
                     double optimum) {
  std::vector<double> regrets;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Sampler next = without_repeats(make_sampler({sampler, seed, {}}, space));
    const History history = run(next, space, 40, f, seed);
    regrets.push_back(history.loss(*history.best()) - optimum);
  }
  return median(regrets);
}

void expect_clearly_better(const Space& space, const Function& f, double optimum, double factor) {
  const double gp = median_regret("gp", space, f, optimum);
  EXPECT_LT(gp, factor * median_regret("random", space, f, optimum));
  EXPECT_LT(gp, factor * median_regret("zoom", space, f, optimum));
}

TEST(Quality, Branin) {
  const double pi = std::numbers::pi;
  const auto branin = [&](const Point& p) {
    const double x = number(p, "x"), y = number(p, "y");
    const double bow = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
    return bow * bow + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
  };
  expect_clearly_better(
      space_of("{x: {type: float, low: -5, high: 10}, y: {type: float, low: 0, high: 15}}"), branin,
      0.397887, 0.1);
}

TEST(Quality, Rosenbrock) {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 4; ++i) parameters.push_back({"x" + std::to_string(i), Float{-5, 10}, {}, 0});
  const auto rosenbrock = [](const Point& p) {
    double sum = 0;
    for (int i = 0; i < 3; ++i) {
      const double x = number(p, "x" + std::to_string(i)),
                   next = number(p, "x" + std::to_string(i + 1));
      sum += 100 * (next - x * x) * (next - x * x) + (1 - x) * (1 - x);
    }
    return sum;
  };
  expect_clearly_better(Space(parameters), rosenbrock, 0, 0.5);
}

TEST(Quality, MixedTrainingSettings) {
  const Space space = space_of(R"({
    learning_rate: {type: float, low: 1e-5, high: 1, scale: log, tier: 1},
    momentum: {type: float, low: 0.5, high: 0.999, scale: reverse_log, tier: 2},
    units: {type: int, low: 8, high: 512, scale: log, tier: 2},
    optimizer: {type: categorical, choices: [sgd, adam, rmsprop]},
    layers: {type: int, low: 1, high: 5, tier: 3}
  })");
  const auto loss = [](const Point& p) {
    const double rate = std::log10(number(p, "learning_rate")),
                 units = std::log2(number(p, "units"));
    const double memory = -std::log10(1 - number(p, "momentum")), layers = number(p, "layers");
    const std::string optimizer = std::get<std::string>(p.at("optimizer"));
    const double best_rate = optimizer == "adam"      ? -2.8
                             : optimizer == "rmsprop" ? -3.2
                                                      : -0.7 - 0.4 * memory;
    const double off = rate - best_rate;
    return (optimizer == "adam" ? 0 : 0.06) + 0.08 * off * off * (off > 0 ? 2 : 1) +
           0.03 * (memory - 1.2) * (memory - 1.2) + 0.01 * (units - 7) * (units - 7) +
           0.015 * (layers - 3) * (layers - 3);
  };
  expect_clearly_better(space, loss, 0, 0.7);
}

}  // namespace
}  // namespace caviar::test
