// Differential evolution and the forest: what is particular to each.
#include <gtest/gtest.h>

#include "caviar/math/stats.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

Space numbers(int count) {
  std::vector<Parameter> parameters;
  for (int i = 0; i < count; ++i) parameters.push_back({"x" + std::to_string(i), Float{-5, 5}});
  return Space(std::move(parameters));
}

double shifted_sphere(const Point& p) {
  double sum = 0, shift = -2;
  for (const auto& [name, value] : p.entries())
    sum += std::pow(*as_number(value) - (shift += 0.7), 2);
  return sum;
}

// JADE needs 2.9e4 evaluations to 1e-8 on the sphere of 30 numbers with a population of 100
// (Zhang and Sanderson 2009, table VI): 290 generations; a smaller population and space take fewer.
TEST(De, ConvergesOnTheSphereAsJadeDoes) {
  const Space space = numbers(5);
  std::vector<double> bests;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const History history =
        run(make_sampler({"de", seed, {}}, space), space, 2400, shifted_sphere, seed);
    bests.push_back(history.loss(*history.best()));
  }
  EXPECT_LT(median(bests), 1e-8);
}

TEST(De, NotesWhosePlaceAChildAimsAt) {
  const Space space = numbers(2);
  const History history = run(make_sampler({"de", 1, {}}, space), space, 60, shifted_sphere);
  for (const Trial& trial : history.trials().subspan(20)) {
    EXPECT_GE(trial.note.at("place"), 0);
    EXPECT_LT(trial.note.at("place"), 20);
    EXPECT_GT(trial.note.at("F"), 0);
    EXPECT_LE(trial.note.at("CR"), 1);
  }
}

TEST(Forest, LearnsChoicesNumbersAndConditions) {
  const Space space = space_of(R"({
    kind: {type: categorical, choices: [p, q, r, s]},
    rate: {type: float, low: 1e-4, high: 1, scale: log},
    depth: {type: int, low: 1, high: 9, when: {kind: [q, r]}},
    mode: {type: categorical, choices: [k, l, m], when: {kind: r}}
  })");
  const auto f = [](const Point& p) {
    const std::string kind = std::get<std::string>(p.at("kind"));
    const double rate = std::abs(std::log10(number(p, "rate")) + 2);
    const double depth = p.find("depth") ? std::abs(number(p, "depth") - 4) / 8 : 0.5;
    const double mode = p.find("mode") && p.at("mode") == Value(std::string("l")) ? 0 : 0.4;
    return rate + depth + mode + (kind == "p" ? 0.1 : 0);
  };
  std::vector<double> forest, random;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto best = [&](const char* name) {
      const History history =
          run(without_repeats(make_sampler({name, seed, {}}, space)), space, 50, f, seed);
      return history.loss(*history.best());
    };
    forest.push_back(best("forest"));
    random.push_back(best("random"));
  }
  EXPECT_LT(median(forest), 0.6 * median(random));
}

}  // namespace
}  // namespace caviar::test
