// The box-bounded minimiser on functions whose minima are known.
#include "caviar/math/minimize.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  double value = 0;
  std::ranges::fill(gradient, 0.0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double bend = x[i + 1] - x[i] * x[i];
    value += 100 * bend * bend + (1 - x[i]) * (1 - x[i]);
    gradient[i] += -400 * x[i] * bend - 2 * (1 - x[i]);
    gradient[i + 1] += 200 * bend;
  }
  return value;
}

TEST(Minimize, FindsRosenbrocksValleyFloor) {
  for (const std::size_t n : {2, 3, 20}) {
    // From 0.5 on, the only valley leads to (1, …, 1).
    const Minimum found = minimize(rosenbrock, std::vector<double>(n, 0.5),
                                   std::vector<Bounds>(n, {-5, 5}), {.max_iterations = 500});
    EXPECT_TRUE(found.converged);
    EXPECT_LT(found.evaluations, 250);
    for (const double x : found.x) EXPECT_NEAR(x, 1, 1e-4);
  }
}

TEST(Minimize, FollowsTheBentValley) {
  const Minimum found = minimize(rosenbrock, {-1.2, 1}, std::vector<Bounds>(2, {-5, 5}));
  EXPECT_LT(found.value, 1e-10);
  EXPECT_LT(found.evaluations, 80);
}

TEST(Minimize, StopsAtActiveBounds) {
  // The unconstrained minimum (1, 1) is cut off: on x0 ≤ 0.5 the best is (0.5, 0.25).
  const std::vector<Bounds> bounds = {{-2, 0.5}, {-2, 2}};
  const Minimum found =
      minimize(rosenbrock, {-1, 2}, bounds, {.max_iterations = 300, .max_evaluations = 900});
  EXPECT_NEAR(found.x[0], 0.5, 1e-9);
  EXPECT_NEAR(found.x[1], 0.25, 1e-5);
  EXPECT_NEAR(found.value, 0.25, 1e-9);
}

TEST(Minimize, SolvesAnIllConditionedQuadratic) {
  const Differentiable f = [](std::span<const double> x, std::span<double> gradient) {
    double value = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double stiffness = std::pow(10.0, static_cast<double>(i));
      value += 0.5 * stiffness * (x[i] - 0.3) * (x[i] - 0.3);
      gradient[i] = stiffness * (x[i] - 0.3);
    }
    return value;
  };
  const Minimum found = minimize(f, std::vector<double>(6, 1.0), std::vector<Bounds>(6, {0, 1}));
  for (const double x : found.x) EXPECT_NEAR(x, 0.3, 1e-5);
}

TEST(Minimize, StepsBackFromWhereTheFunctionIsNotDefined) {
  const Differentiable f = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 1 - 1 / x[0];
    return x[0] - std::log(x[0]);  // NaN below 0
  };
  const Minimum found = minimize(f, {30}, std::vector<Bounds>{{-100, 100}});
  EXPECT_NEAR(found.x[0], 1, 1e-6);
}

TEST(Minimize, LeavesAHopelessStartAlone) {
  const Differentiable f = [](std::span<const double>, std::span<double>) { return std::nan(""); };
  const Minimum found = minimize(f, {3}, std::vector<Bounds>{{0, 2}});
  EXPECT_EQ(found.x, std::vector<double>{2});
  EXPECT_FALSE(found.converged);
}

TEST(Minimize, NeverLeavesTheBoxNorGoesUp) {
  const std::vector<Bounds> bounds = {{-1, 2}, {0, 3}};
  const Differentiable f = [&](std::span<const double> x, std::span<double> gradient) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_GE(x[i], bounds[i].low);
      EXPECT_LE(x[i], bounds[i].high);
    }
    gradient[0] = std::cos(5 * x[0]) * 5 + x[1];
    gradient[1] = x[0] - std::sin(3 * x[1]) * 3;
    return std::sin(5 * x[0]) + x[0] * x[1] + std::cos(3 * x[1]);
  };
  for (double a = -1; a <= 2; a += 0.5) {
    for (double b = 0; b <= 3; b += 0.5) {
      std::vector<double> gradient(2);
      const double before = f(std::vector<double>{a, b}, gradient);
      EXPECT_LE(minimize(f, {a, b}, bounds).value, before);
    }
  }
}

}  // namespace
}  // namespace caviar
