// Family conditional: parameters that exist only where others have certain values, as the settings
// of one optimizer, one model or one layer do.
#include <cmath>
#include <limits>

#include "functions.hpp"
#include "suite.hpp"
#include "training_like.hpp"

namespace caviar::quality {
namespace {

Problem conditional(const std::string& name, Space space, std::function<double(const Point&)> loss,
                    double best = 0) {
  return {.name = "conditional/" + name,
          .family = "conditional",
          .space = std::move(space),
          .best = best,
          .loss = std::move(loss)};
}

double squared(double x) { return x * x; }

Condition is(const std::string& parameter, const std::string& value) {
  return {parameter, Comparison::one_of, {value}};
}

Condition at_least(const std::string& parameter, std::int64_t value) {
  return {parameter, Comparison::greater_equal, {value}};
}

// Each optimizer has constants of its own; all share the learning rate, each with another best one.
Problem optimizers() {
  const Space space(
      {{"learning_rate", Float{1e-6, 10, Scale::log}, {}, 1},
       {"optimizer", choice_of({"sgd", "momentum", "adam"})},
       {"momentum", Float{0.5, 0.999, Scale::reverse_log}, {is("optimizer", "momentum")}},
       {"nesterov", Choice{{false, true}}, {is("optimizer", "momentum")}},
       {"beta2", Float{0.9, 0.99999, Scale::reverse_log}, {is("optimizer", "adam")}},
       {"epsilon", Float{1e-10, 1e-2, Scale::log}, {is("optimizer", "adam")}},
       {"weight_decay", Float{1e-7, 1e-1, Scale::log}}});
  return conditional("optimizers", space, [](const Point& p) {
    const std::string& optimizer = text(p, "optimizer");
    const double rate = std::log10(number(p, "learning_rate"));
    const double decay = 0.01 * squared(std::log10(number(p, "weight_decay")) + 4);
    if (optimizer == "sgd") return 0.12 + 0.06 * squared(rate + 0.5) + decay;
    if (optimizer == "momentum") {
      const double memory = -std::log10(1 - number(p, "momentum"));
      const bool nesterov = std::get<bool>(p.at("nesterov"));
      return 0.06 * squared(rate + 0.8 + 0.7 * memory) + 0.05 * squared(memory - 1.3) +
             (nesterov ? 0 : 0.015) + decay;
    }
    const double beta2 = -std::log10(1 - number(p, "beta2"));
    const double epsilon = std::log10(number(p, "epsilon"));
    return 0.03 + 0.1 * squared(rate + 3 - 0.1 * (epsilon + 8)) + 0.02 * squared(beta2 - 3) +
           0.004 * squared(epsilon + 7) + decay;
  });
}

// Four models, each with two or three settings of its own on scales of its own.
Problem models() {
  const Space space({{"model", choice_of({"linear", "svm", "forest", "network"})},
                     {"l2", Float{1e-6, 1e3, Scale::log}, {is("model", "linear")}},
                     {"C", Float{1e-3, 1e5, Scale::log}, {is("model", "svm")}},
                     {"gamma", Float{1e-6, 1e2, Scale::log}, {is("model", "svm")}},
                     {"trees", Int{4, 512, Scale::log}, {is("model", "forest")}},
                     {"depth", Int{1, 30}, {is("model", "forest")}},
                     {"share", Float{0.05, 1}, {is("model", "forest")}},
                     {"rate", Float{1e-5, 1, Scale::log}, {is("model", "network")}},
                     {"units", Int{4, 512, Scale::log}, {is("model", "network")}},
                     {"dropout", Float{0, 0.8}, {is("model", "network")}}});
  return conditional("models", space, [](const Point& p) {
    const std::string& model = text(p, "model");
    const auto log_of = [&](const char* name) { return std::log10(number(p, name)); };
    if (model == "linear") return 0.22 + 0.01 * squared(log_of("l2") + 1);
    if (model == "svm") {
      const double c = log_of("C"), gamma = log_of("gamma");
      return 0.01 + 0.05 * squared(c + gamma - 0.5) + 0.02 * squared(gamma + 2);
    }
    if (model == "forest") {
      return 0.04 + 0.3 / std::sqrt(number(p, "trees")) +
             0.0008 * squared(number(p, "depth") - 18) + 0.3 * squared(number(p, "share") - 0.3);
    }
    return 0.12 * squared(log_of("rate") + 2.7) + 0.06 * squared(log_of("units") - 2) +
           0.5 * squared(number(p, "dropout") - 0.25);
  });
}

// One to four layers, each with its own width and dropout.
Problem layers() {
  std::vector<Parameter> parameters = {{"layers", Int{1, 4}, {}, 2},
                                       {"rate", Float{1e-5, 1, Scale::log}, {}, 1}};
  for (int i = 1; i <= 4; ++i) {
    const std::string place = std::to_string(i);
    const std::vector<Condition> when = {at_least("layers", i)};
    parameters.push_back({"units_" + place, Int{4, 256, Scale::log}, when});
    parameters.push_back({"dropout_" + place, Float{0, 0.7}, when});
  }
  return conditional("layers", Space(parameters), [](const Point& p) {
    const int layers = static_cast<int>(number(p, "layers"));
    const double best_rate = -1.5 - 0.5 * layers;
    double total = 0.08 * squared(std::log10(number(p, "rate")) - best_rate);
    constexpr double depth_costs[] = {0.15, 0.05, 0, 0.02};
    total += depth_costs[layers - 1];
    for (int i = 1; i <= layers; ++i) {
      const std::string place = std::to_string(i);
      total += 0.02 * squared(std::log2(number(p, "units_" + place)) - 7 + i) / i +
               0.2 * squared(number(p, "dropout_" + place) - 0.1 * i);
    }
    return total;
  });
}

// Two switches open one of four branches, whose number is their own, with an offset that the upper
// switch's number shares: Jenatton, Archambeau, González, Seeger, "Bayesian optimization with
// tree-structured dependencies" (2017). Minimum 0.1.
Problem tree() {
  const auto opens = [](const std::string& parameter, std::int64_t value) {
    return Condition{parameter, Comparison::one_of, {value}};
  };
  const Choice bit{{std::int64_t{0}, std::int64_t{1}}};
  const Space space({{"x1", bit},
                     {"x2", bit, {opens("x1", 0)}},
                     {"x3", bit, {opens("x1", 1)}},
                     {"r8", Float{0, 1}, {opens("x1", 0)}},
                     {"r9", Float{0, 1}, {opens("x1", 1)}},
                     {"x4", Float{-1, 1}, {opens("x2", 0)}},
                     {"x5", Float{-1, 1}, {opens("x2", 1)}},
                     {"x6", Float{-1, 1}, {opens("x3", 0)}},
                     {"x7", Float{-1, 1}, {opens("x3", 1)}}});
  return conditional(
      "tree", space,
      [](const Point& p) {
        if (number(p, "x1") == 0) {
          return number(p, "x2") == 0 ? squared(number(p, "x4")) + 0.1 + number(p, "r8")
                                      : squared(number(p, "x5")) + 0.2 + number(p, "r8");
        }
        return number(p, "x3") == 0 ? squared(number(p, "x6")) + 0.3 + number(p, "r9")
                                    : squared(number(p, "x7")) + 0.4 + number(p, "r9");
      },
      0.1);
}

// Hartmann's six numbers, of which a switch turns the last three off, and a mode scales the first.
Problem switched_hartmann() {
  const std::vector<Condition> full = {{"full", Comparison::one_of, {true}}};
  const Space space({{"full", Choice{{false, true}}},
                     {"x1", Float{0, 1}},
                     {"x2", Float{0, 1}},
                     {"x3", Float{0, 1}},
                     {"x4", Float{0, 1}, full},
                     {"x5", Float{0, 1}, full},
                     {"x6", Float{0, 1}, full}});
  return conditional(
      "switched_hartmann", space,
      [](const Point& p) {
        Vector x = {number(p, "x1"), number(p, "x2"), number(p, "x3")};
        // Off, the three are held at a middling place.
        if (!std::get<bool>(p.at("full"))) {
          x.insert(x.end(), {0.5, 0.5, 0.5});
          return hartmann6(x);
        }
        x.insert(x.end(), {number(p, "x4"), number(p, "x5"), number(p, "x6")});
        return hartmann6(x);
      },
      hartmann6_minimum);
}

}  // namespace

std::vector<Problem> conditional_problems() {
  return {optimizers(), held_out(models()), layers(), tree(), switched_hartmann()};
}

}  // namespace caviar::quality
