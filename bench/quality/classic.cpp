// Family classic: smooth and rugged functions of few numbers, on which search methods are usually
// shown. Where the published optimum is the middle of the box, the box is moved: methods that try
// the middle first must not gain by it.
#include <cmath>
#include <numbers>

#include "functions.hpp"
#include "suite.hpp"

namespace caviar::quality {
namespace {

constexpr double pi = std::numbers::pi;

Problem classic(const std::string& name, const Space& space, VectorFunction f, double best) {
  return {.name = "classic/" + name,
          .family = "classic",
          .space = space,
          .best = best,
          .loss = of_numbers(space, std::move(f))};
}

double six_hump_camel(const Vector& x) {
  const double a = x[0] * x[0], b = x[1] * x[1];
  return (4 - 2.1 * a + a * a / 3) * a + x[0] * x[1] + (-4 + 4 * b) * b;
}

double goldstein_price(const Vector& v) {
  const double x = v[0], y = v[1];
  const double one =
      1 + std::pow(x + y + 1, 2) * (19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y);
  const double two = 30 + std::pow(2 * x - 3 * y, 2) *
                              (18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y);
  return one * two;
}

double styblinski_tang(const Vector& x) {
  double total = 0;
  for (const double v : x) total += (v * v * v * v - 16 * v * v + 5 * v) / 2;
  return total;
}

double michalewicz(const Vector& x) {
  double total = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double bend = std::sin(static_cast<double>(i + 1) * x[i] * x[i] / pi);
    total -= std::sin(x[i]) * std::pow(bend, 20);
  }
  return total;
}

double shekel(const Vector& x) {
  constexpr double places[10][4] = {{4, 4, 4, 4}, {1, 1, 1, 1},    {8, 8, 8, 8}, {6, 6, 6, 6},
                                    {3, 7, 3, 7}, {2, 9, 2, 9},    {5, 3, 5, 3}, {8, 1, 8, 1},
                                    {6, 2, 6, 2}, {7, 3.6, 7, 3.6}};
  constexpr double widths[10] = {0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5};
  double total = 0;
  for (int i = 0; i < 10; ++i) {
    double distance = widths[i];
    for (std::size_t j = 0; j < 4; ++j) distance += std::pow(x[j] - places[i][j], 2);
    total -= 1 / distance;
  }
  return total;
}

double dixon_price(const Vector& x) {
  double total = std::pow(x[0] - 1, 2);
  for (std::size_t i = 1; i < x.size(); ++i) {
    total += static_cast<double>(i + 1) * std::pow(2 * x[i] * x[i] - x[i - 1], 2);
  }
  return total;
}

}  // namespace

std::vector<Problem> classic_problems() {
  const Space branin_box({{"x", Float{-5, 10}}, {"y", Float{0, 15}}});
  const Space camel_box({{"x", Float{-3, 3}}, {"y", Float{-2, 2}}});
  const double tang = -39.16616570377142, michalewicz5 = -4.687658179;
  return {
      classic("branin", branin_box, branin, branin_minimum),
      classic("six_hump_camel", camel_box, six_hump_camel, -1.0316284534898774),
      held_out(classic("goldstein_price", cube(2, -2, 2), goldstein_price, 3)),
      classic("hartmann_3d", cube(3, 0, 1), hartmann3, hartmann3_minimum),
      classic("hartmann_6d", cube(6, 0, 1), hartmann6, hartmann6_minimum),
      classic("shekel", cube(4, 0, 10), shekel, -10.536443153483528),
      classic("ackley_5d", cube(5, -13, 20), ackley, 0),
      held_out(classic("levy_8d", cube(8, -10, 10), levy, 0)),
      classic("michalewicz_5d", cube(5, 0, pi), michalewicz, michalewicz5),
      classic("rosenbrock_4d", cube(4, -5, 10), rosenbrock, 0),
      classic("styblinski_tang_5d", cube(5, -5, 5), styblinski_tang, 5 * tang),
      held_out(classic("dixon_price_10d", cube(10, -10, 10), dixon_price, 0)),
  };
}

}  // namespace caviar::quality
