// Family constrained: linear inequalities that every configuration must satisfy, known beforehand;
// the optimum often lies on one. Their minima are known in closed form.
#include <cmath>
#include <utility>

#include "functions.hpp"
#include "suite.hpp"
#include "training_like.hpp"

namespace caviar::quality {
namespace {

double squared(double x) { return x * x; }

Problem constrained(const std::string& name, std::vector<Parameter> parameters,
                    const std::vector<std::string>& inequalities,
                    std::function<double(const Point&)> loss, double best) {
  std::vector<Constraint> constraints;
  for (const std::string& inequality : inequalities) {
    constraints.push_back(parse_constraint(inequality, name));
  }
  return {.name = "constrained/" + name,
          .family = "constrained",
          .space = Space(std::move(parameters), std::move(constraints)),
          .best = best,
          .loss = std::move(loss)};
}

// Shares of a mixture that may not exceed the whole. The best without the constraint lies
// 0.2 / sqrt(4) beyond it, so the minimum is 0.2² / 4, all shares reduced alike.
Problem mixture() {
  const Space box = cube(4, 0, 1);
  return constrained(
      "mixture", {box.parameters().begin(), box.parameters().end()}, {"x1 + x2 + x3 + x4 <= 1"},
      of_numbers(box, [](const Vector& x) { return sphere(minus(x, {0.5, 0.3, 0.25, 0.15})); }),
      squared(0.2) / 4);
}

// A network that must narrow from layer to layer, though the second layer would like to be wide:
// the best is at equal widths, 2^6 of the wished 2^5 and 2^7.
Problem narrowing() {
  return constrained(
      "narrowing",
      {{"units_1", Int{4, 512, Scale::log}},
       {"units_2", Int{4, 512, Scale::log}},
       {"rate", Float{1e-5, 1, Scale::log}, {}, 1},
       {"activation", choice_of({"relu", "tanh"})}},
      {"units_2 <= units_1"},
      [](const Point& p) {
        return 0.1 * squared(std::log2(number(p, "units_1")) - 5) +
               0.1 * squared(std::log2(number(p, "units_2")) - 7) +
               0.1 * squared(std::log10(number(p, "rate")) + 3) +
               (text(p, "activation") == "relu" ? 0 : 0.05);
      },
      0.2);
}

// Bounds that order three numbers, and a multimodal function whose minimum obeys them.
Problem ordered_rastrigin() {
  const Space box = cube(3, -5, 5);
  return constrained(
      "ordered_rastrigin", {box.parameters().begin(), box.parameters().end()},
      {"x1 < x2", "x2 < x3"},
      of_numbers(box, [](const Vector& x) { return rastrigin(minus(x, {-2.3, 0.4, 2.9})); }), 0);
}

// Branin's function where only a strip is allowed, with two of its three minima.
Problem branin_strip() {
  const Space box({{"x", Float{-5, 10}}, {"y", Float{0, 15}}});
  return constrained("branin_strip", {box.parameters().begin(), box.parameters().end()},
                     {"x - y <= 1.5", "x + y >= 4"}, of_numbers(box, branin), branin_minimum);
}

// Six integers with different prices share a budget, which is just enough for what each wishes.
Problem budget() {
  std::vector<Parameter> parameters;
  std::string total;
  for (int i = 1; i <= 6; ++i) {
    parameters.push_back({"n" + std::to_string(i), Int{0, 30}});
    total += (i == 1 ? "" : " + ") + std::to_string(i) + "*n" + std::to_string(i);
  }
  return constrained(
      "budget", parameters, {total + " <= 150"},
      [](const Point& p) {
        constexpr double wishes[] = {20, 14, 9, 8, 5, 3};  // 1·20 + 2·14 + … + 6·3 = 150
        double loss = 0;
        for (int i = 0; i < 6; ++i) {
          loss += squared(number(p, "n" + std::to_string(i + 1)) - wishes[i]) / (10 + i);
        }
        return loss;
      },
      0);
}

}  // namespace

std::vector<Problem> constrained_problems() {
  return {mixture(), narrowing(), held_out(ordered_rastrigin()), branin_strip(), budget()};
}

}  // namespace caviar::quality
