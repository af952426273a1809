// The optimisers against the reference numbers: ten steps on a fixed quadratic.
#include "caviar/nn/optimizer.hpp"

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/nn/stepper.hpp"

#include "tests/nn/optimizer_settings.hpp"
#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

using test::as;
using test::expect_near;
using test::numbers;

// The gradient A w − b of the quadratic.
template <class T>
std::vector<T> gradient(const nlohmann::json& problem, const std::vector<T>& w) {
  const auto a = numbers(problem["A"]), b = numbers(problem["b"]);
  std::vector<T> g(w.size());
  for (std::size_t i = 0; i < w.size(); ++i) {
    double sum = -b[i];
    for (std::size_t j = 0; j < w.size(); ++j) sum += a[i * w.size() + j] * double(w[j]);
    g[i] = static_cast<T>(sum);
  }
  return g;
}

template <class T>
void check_quadratic(const std::string& file, double relative) {
  const auto& problem = test::reference(file);
  for (const auto& [name, run] : problem["optimisers"].items()) {
    SCOPED_TRACE(name);
    const auto [optimizer, knobs] = test::settings_of(name, run["settings"]);
    auto w = as<T>(numbers(problem["w0"]));
    Stepper<T> stepper(optimizer, w.size());
    for (const auto& expected : run["w_after_each_step"]) {
      const auto g = gradient(problem, w);
      stepper.step(kernels<T>(), knobs, test::all_weights(w.size()), g, w);
      expect_near(w, numbers(expected), relative, 0);
    }
  }
}

TEST(Optimizers, MatchTheReference) {
  check_quadratic<double>("optimisers_quadratic", 1e-9);
  check_quadratic<double>("more_optimisers", 1e-9);
}

TEST(Optimizers, MatchTheReferenceInSinglePrecision) {
  check_quadratic<float>("optimisers_quadratic", 1e-4);
  check_quadratic<float>("more_optimisers", 1e-4);
}

TEST(Optimizers, MoveEachSegmentAtItsOwnRate) {
  Knobs knobs;
  for (const std::string& name : optimizer_names()) {
    SCOPED_TRACE(name);
    std::vector<double> whole = {1, 1, 1}, parts = whole;
    const std::vector<double> g = {0.3, 0.3, 0.3};
    const Optimizer optimizer = parse_optimizer(name, "test");
    Stepper<double> plain(optimizer, 3), segmented(optimizer, 3);
    const std::vector<Segment> segments = {{0, 1, TensorKind::weight, 0.5},
                                           {2, 1, TensorKind::weight, 1}};
    for (int step = 0; step < 3; ++step) {
      plain.step(kernels<double>(), knobs, test::all_weights(3), g, whole);
      segmented.step(kernels<double>(), knobs, segments, g, parts);
    }
    EXPECT_NEAR(1 - parts[0], 0.5 * (1 - whole[0]), 1e-12);
    EXPECT_EQ(parts[1], 1);
    EXPECT_EQ(parts[2], whole[2]);
  }
}

TEST(Optimizers, GoOnFromWhatTheyStored) {
  Knobs knobs;
  const std::vector<double> g = {0.3, -0.2};
  for (const std::string& name : optimizer_names()) {
    const Optimizer optimizer = parse_optimizer(name, "test");
    std::vector<double> w = {1, 2};
    Stepper<double> first(optimizer, 2), second(optimizer, 2);
    first.step(kernels<double>(), knobs, test::all_weights(2), g, w);
    std::vector<double> same = w;
    second.restore(first.steps(), first.slots());
    first.step(kernels<double>(), knobs, test::all_weights(2), g, w);
    second.step(kernels<double>(), knobs, test::all_weights(2), g, same);
    EXPECT_EQ(w, same) << name;
  }
}

TEST(Optimizers, MultiplyTheVelocityByTheCurrentRate) {
  const auto problem = test::reference("optimisers_quadratic");
  const auto& change = problem["learning_rate_change"];
  for (const std::string name : {"momentum", "nesterov"}) {
    Knobs knobs;
    knobs.momentum = change["momentum"];
    auto w = numbers(problem["w0"]);
    Stepper<double> stepper(parse_optimizer(name, "test"), w.size());
    for (std::size_t step = 0; step < change["rates"].size(); ++step) {
      knobs.learning_rate = change["rates"][step];
      const auto g = gradient(problem, w);
      stepper.step(kernels<double>(), knobs, test::all_weights(w.size()), g, w);
      expect_near(w, numbers(change["w_after_each_step"][name][step]), 1e-9, 0);
    }
  }
}

TEST(Optimizers, LeaveBiasesUnpulled) {
  Knobs knobs;
  knobs.weight_decay = 0.5;
  knobs.l1 = 0.5;
  for (const std::string& name : optimizer_names()) {
    std::vector<double> w = {1, 1};
    const std::vector<double> g = {0, 0};
    Stepper<double> stepper(parse_optimizer(name, "test"), 2);
    const std::vector<Segment> segments = {{0, 1, TensorKind::weight}, {1, 1, TensorKind::bias}};
    stepper.step(kernels<double>(), knobs, segments, g, w);
    EXPECT_LT(w[0], 1) << name;
    EXPECT_EQ(w[1], 1) << name;
  }
}

TEST(Optimizers, SuggestTheNearestName) {
  try {
    parse_optimizer("adma", "study.yaml:3");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    EXPECT_STREQ(error.what(), "study.yaml:3: 'adma' is not an optimizer (did you mean 'adam'?)");
  }
}

}  // namespace
}  // namespace caviar
