// Family mixed: floats on every scale, integers, ordered and unordered choices together, as the
// settings of programs are. All minima are 0 unless counted out.
#include <array>
#include <cmath>
#include <limits>

#include "functions.hpp"
#include "rotation.hpp"
#include "suite.hpp"
#include "training_like.hpp"

namespace caviar::quality {
namespace {

Problem mixed(const std::string& name, Space space, std::function<double(const Point&)> loss,
              double best = 0) {
  return {.name = "mixed/" + name,
          .family = "mixed",
          .space = std::move(space),
          .best = best,
          .loss = std::move(loss)};
}

double squared(double x) { return x * x; }

// Three choices that shift the optimum of three integers, of which the third matters least.
Problem choices_and_integers() {
  const Choice five = choice_of({"a", "b", "c", "d", "e"});
  const Space space({{"first", five},
                     {"second", five},
                     {"third", five},
                     {"m", Int{0, 40}},
                     {"n", Int{1, 4096, Scale::log}},
                     {"k", Int{0, 7}}});
  return mixed("choices_and_integers", space, [](const Point& p) {
    const int first = text(p, "first")[0] - 'a', second = text(p, "second")[0] - 'a',
              third = text(p, "third")[0] - 'a';
    constexpr double costs[5] = {0.9, 0.35, 0.0, 0.6, 0.2};
    const double middle = 10 + 4 * first, size = 4 + second;
    return costs[first] + 0.5 * costs[(second + 4) % 5] + 0.2 * (third == second ? 0 : 1) +
           squared((number(p, "m") - middle) / 12) +
           0.3 * squared(std::log2(number(p, "n")) - size - 3) / 9 +
           0.1 * std::fabs(number(p, "k") - 5);
  });
}

// The i-th axis has levels[i] integers; 0: it is continuous.
Space levels_space(const std::vector<int>& levels) {
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string name = "x" + std::to_string(i + 1);
    if (levels[i] == 0) {
      parameters.push_back({name, Float{-5, 5}});
    } else {
      parameters.push_back({name, Int{0, levels[i] - 1}});
    }
  }
  return Space(std::move(parameters));
}

// Some axes are integers, as in the mixed-integer BBOB suite (Tušar, Brockhoff, Hansen 2019). f has
// its minimum at 0, which is moved to a random place on all levels.
Problem discretised(const std::string& name, const std::vector<int>& levels, VectorFunction f,
                    std::uint64_t seed) {
  const Space space = levels_space(levels);
  Rng rng(seed);
  Vector optimum;  // in the axes' own units
  for (const int count : levels) {
    optimum.push_back(count == 0
                          ? rng.uniform(-4, 4)
                          : static_cast<double>(rng.below(static_cast<std::uint64_t>(count))));
  }
  return mixed(name, space, of_numbers(space, [=](const Vector& x) {
                 Vector z = minus(x, optimum);
                 for (std::size_t i = 0; i < z.size(); ++i) {
                   if (levels[i] > 1) z[i] *= 10.0 / (levels[i] - 1);
                 }
                 return f(z);
               }));
}

// Rosenbrock's and an ill-conditioned rotated valley, their minimum at 0.
double bent_valley(Vector z) {
  for (double& value : z) value += 1;
  return rosenbrock(z);
}

VectorFunction rotated_ellipsoid(int dims, double condition, std::uint64_t seed) {
  Rng rng(seed);
  return [rotation = Rotation(dims, rng), condition](const Vector& x) {
    const Vector z = rotation(x);
    double total = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      total += std::pow(condition, static_cast<double>(i) / static_cast<double>(z.size() - 1)) *
               z[i] * z[i];
    }
    return total;
  };
}

// Rate and batch size (and two more logarithms) that have to fit each other: a long narrow valley.
// Its bottom is at rate 1e-3, batch 100, decay 1e-5, scale 10.
Problem narrow_logs() {
  const Space space({{"rate", Float{1e-8, 1, Scale::log}},
                     {"batch", Int{1, 65536, Scale::log}},
                     {"decay", Float{1e-9, 1e-1, Scale::log}},
                     {"scale", Float{1e-3, 1e5, Scale::log}}});
  return mixed("narrow_logs", space, [](const Point& p) {
    const double rate = std::log10(number(p, "rate")), batch = std::log10(number(p, "batch")),
                 decay = std::log10(number(p, "decay")), scale = std::log10(number(p, "scale"));
    return 4 * squared(rate - batch + 5) + 0.1 * squared(batch - 2) +
           0.5 * squared(decay + rate + 8) + 0.05 * squared(scale - 1) +
           0.3 * std::fabs(scale + decay + 4);
  });
}

// Pairs of switches that help or hurt each other: NK's model (Kauffman 1989), K = 3. The best of
// the 4,096 is found by trying them all.
Problem switches() {
  constexpr int count = 12, neighbours = 3;
  std::vector<Parameter> parameters;
  for (int i = 0; i < count; ++i) {
    parameters.push_back({"on" + std::to_string(i), Choice{{false, true}}});
  }
  Rng rng(31);
  std::array<std::array<int, neighbours + 1>, count> partners{};
  std::array<std::array<double, 1 << (neighbours + 1)>, count> costs{};
  for (int i = 0; i < count; ++i) {
    partners[static_cast<std::size_t>(i)] = {i, (i + 1) % count, static_cast<int>(rng.below(count)),
                                             static_cast<int>(rng.below(count))};
    for (double& cost : costs[static_cast<std::size_t>(i)]) cost = rng.uniform();
  }
  const auto cost_of = [=](unsigned bits) {
    double total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t cell = 0;
      for (const int partner : partners[i]) cell = 2 * cell + ((bits >> partner) & 1U);
      total += costs[i][cell] / count;
    }
    return total;
  };
  double best = std::numeric_limits<double>::infinity();
  for (unsigned bits = 0; bits < 1U << count; ++bits) best = std::min(best, cost_of(bits));
  const auto loss = [=](const Vector& x) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < count; ++i) bits |= (x[i] != 0 ? 1U : 0U) << i;
    return cost_of(bits);
  };
  const Space space(parameters);
  return mixed("switches", space, of_numbers(space, loss), best);
}

// A choice of model and of preparation whose differences are small beside those of the numbers:
// the wrong choice looks best for long.
Problem close_choices() {
  const Space space({{"model", choice_of({"linear", "tree", "forest", "network"})},
                     {"preparation", choice_of({"none", "scale", "rank"})},
                     {"strength", Float{1e-6, 1e2, Scale::log}},
                     {"share", Float{0, 1}},
                     {"depth", Int{1, 30}}});
  return mixed("close_choices", space, [](const Point& p) {
    struct Kind {
      const char* name;
      double cost, strength, share, depth;
    };
    constexpr Kind kinds[] = {{"linear", 0.08, -1, 0.4, 6},
                              {"tree", 0.05, -4, 0.7, 14},
                              {"forest", 0.02, -3.5, 0.6, 20},
                              {"network", 0, -2, 0.25, 9}};
    for (const Kind& kind : kinds) {
      if (text(p, "model") != kind.name) continue;
      const std::string& preparation = text(p, "preparation");
      const bool fits = preparation == (kind.cost > 0.04 ? "none" : "scale");
      return kind.cost + (fits ? 0 : 0.03) +
             0.04 * squared(std::log10(number(p, "strength")) - kind.strength) +
             1.5 * squared(number(p, "share") - kind.share) +
             0.002 * squared(number(p, "depth") - kind.depth);
    }
    return std::numeric_limits<double>::quiet_NaN();
  });
}

// Twenty parameters, of which four matter and a fifth hardly does.
Problem few_matter() {
  std::vector<Parameter> parameters;
  for (int i = 1; i <= 10; ++i) parameters.push_back({"x" + std::to_string(i), Float{0, 1}});
  for (int i = 1; i <= 5; ++i)
    parameters.push_back({"n" + std::to_string(i), Int{1, 100, Scale::log}});
  for (int i = 1; i <= 5; ++i) {
    parameters.push_back({"flag" + std::to_string(i), Choice{{false, true}}});
  }
  return mixed("few_matter", Space(parameters), [](const Point& p) {
    const double pair = number(p, "x2") - 0.7 * number(p, "x7");
    const bool flag = std::get<bool>(p.at("flag3"));
    return 8 * squared(pair - 0.1) + 4 * squared(number(p, "x7") - 0.3) +
           0.25 * squared(std::log10(number(p, "n4")) - 1) + (flag ? 0 : 0.4) +
           0.01 * squared(number(p, "x1") - 0.5);
  });
}

// Ordered choices and steps: lists of sizes, 0.9 0.99 0.999, multiples of 16.
Problem ordered_lists() {
  Choice quality = choice_of({"low", "middle", "high", "highest"});
  quality.ordered = true;
  const Space space({{"size", Choice{{std::int64_t{8}, std::int64_t{12}, std::int64_t{24},
                                      std::int64_t{64}, std::int64_t{200}, std::int64_t{1000}},
                                     true}},
                     {"memory", Float{0.9, 0.99999, Scale::reverse_log, 10}},
                     {"width", Int{16, 512, Scale::linear, 16}},
                     {"batch", Int{4, 1024, Scale::log, 2}},
                     {"quality", quality},
                     {"share", Float{0, 1, Scale::linear, 0.05}}});
  return mixed("ordered_lists", space, [](const Point& p) {
    const double memory = -std::log10(1 - number(p, "memory"));
    const std::string& chosen = text(p, "quality");
    const double cost = chosen == "low"      ? 0.5
                        : chosen == "middle" ? 0.1
                        : chosen == "high"   ? 0
                                             : 0.15;
    return cost + 0.08 * squared(std::log2(number(p, "size") / 64)) +
           0.3 * squared(std::round(memory) - 3) +
           squared((number(p, "width") - 240 - 8 * (std::log2(number(p, "batch")) - 6)) / 150) +
           0.05 * squared(std::log2(number(p, "batch")) - 6) +
           2 * squared(number(p, "share") - 0.35);
  });
}

}  // namespace

std::vector<Problem> mixed_problems() {
  return {
      mixed("settings", training_like_space(), training_like),
      choices_and_integers(),
      discretised("sphere_levels", {2, 2, 4, 4, 8, 8, 16, 0, 0, 0}, sphere, 21),
      discretised("valley_levels", {0, 3, 9, 0, 21}, bent_valley, 22),
      held_out(discretised("rastrigin_levels", {11, 11, 0, 0, 6}, rastrigin, 23)),
      discretised("integers_6d", std::vector<int>(6, 41), rotated_ellipsoid(6, 100, 24), 24),
      narrow_logs(),
      switches(),
      close_choices(),
      few_matter(),
      held_out(ordered_lists()),
  };
}

}  // namespace caviar::quality
