// How far the measured importances are from the true ones, and how often these lie within the
// uncertainty that is shown: over functions whose shares of the variance are known.
//
//   caviar_bench_importance [--repeats N] [--crowded]
//
// --crowded: three quarters of the trials lie about one place, as a search leaves them.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caviar/analysis/importance.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

using Unit = std::vector<double>;

struct Problem {
  const char* name;
  Space space;
  std::function<double(const Unit&)> function;  // of unit coordinates, NaN where inactive
};

Space cube(std::size_t dimensions) {
  std::vector<Parameter> parameters;
  for (std::size_t axis = 0; axis < dimensions; ++axis) {
    parameters.push_back({"x" + std::to_string(axis), Float{0, 1}, {}, 0});
  }
  return Space(std::move(parameters));
}

double square(double x) { return x * x; }

std::vector<Problem> problems() {
  constexpr double pi = std::numbers::pi;
  const Choice letters{{std::string("a"), std::string("b"), std::string("c"), std::string("d")}};
  const Space mixed({{"kind", letters, {}, 0},
                     {"use", Choice{{true, false}}, {}, 0},
                     {"x", Float{0, 1}, {}, 0},
                     {"y", Float{0, 1}, {}, 0},
                     {"units", Int{1, 64}, {}, 0}});
  const Space conditional({{"use", Choice{{true, false}}, {}, 0},
                           {"x", Float{0, 1}, {{"use", Comparison::one_of, {true}}}, 0},
                           {"idle", Float{0, 1}, {}, 0}});
  return {
      {"linear", cube(4), [](const Unit& u) { return 4 * u[0] + 2 * u[1] + u[2]; }},
      {"curved", cube(5),
       [](const Unit& u) { return 3 * u[0] + 8 * square(u[1] - 0.5) + 2 * u[2] * u[3]; }},
      {"ishigami", cube(3),
       [](const Unit& u) {
         const double a = std::sin(pi * (2 * u[0] - 1)), c = pi * (2 * u[2] - 1);
         return a + 7 * square(std::sin(pi * (2 * u[1] - 1))) + 0.1 * square(square(c)) * a;
       }},
      {"bowl", cube(6),
       [](const Unit& u) {
         double sum = 0;
         for (std::size_t i = 0; i < 5; ++i) {
           sum += 8 / std::exp2(i) * square(u[i] - 0.3 - 0.08 * static_cast<double>(i));
         }
         return sum;
       }},
      {"steps", cube(4),
       [](const Unit& u) {
         return (u[0] > 0.6 ? 2 : 0) + (u[1] > 0.3 && u[2] > 0.5 ? 1.5 : 0) + u[3] / 2;
       }},
      {"mixed", mixed,
       [](const Unit& u) {
         constexpr double of_kind[] = {0, 1, 0.3, 2};
         const double kind = of_kind[std::min(3, static_cast<int>(u[0] * 4))];
         return kind + (u[1] > 0.5 ? 6 * square(u[2] - 0.7) : u[3]) + 0.3 * u[4];
       }},
      {"conditional", conditional, [](const Unit& u) { return std::isnan(u[1]) ? 0.0 : 1 + u[1]; }},
      {"product", cube(4),
       [](const Unit& u) {
         constexpr double weights[] = {0, 1, 4.5, 9};
         double product = 1;
         for (std::size_t i = 0; i < 4; ++i) {
           product *= (std::abs(4 * u[i] - 2) + weights[i]) / (1 + weights[i]);
         }
         return product;
       }},
      {"many", cube(20),
       [](const Unit& u) { return 2 * u[0] + 8 * square(u[1] - 0.5) + u[2] + u[3] * u[4]; }},
      {"wavy", cube(3),
       [](const Unit& u) { return std::sin(14 * u[0]) + 0.7 * std::cos(9 * u[1]) + u[2]; }}};
}

struct Truth {
  double deviation = 0;
  std::vector<double> shares;
};

// By 200,000 draws, each axis in 64 equal parts.
Truth truth_of(const Problem& problem) {
  constexpr std::size_t draws = 200'000, parts = 64;
  const std::size_t axes = problem.space.size();
  Rng rng(5);
  std::vector<double> units, values;
  double mean = 0, squares = 0;
  for (std::size_t n = 0; n < draws; ++n) {
    Unit unit(axes);
    for (double& x : unit) x = rng.uniform();
    values.push_back(problem.function(encode(problem.space, decode(problem.space, unit))));
    units.insert(units.end(), unit.begin(), unit.end());
    mean += values.back() / draws;
    squares += square(values.back()) / draws;
  }
  const double variance = squares - square(mean);
  Truth truth{std::sqrt(variance), {}};
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::vector<double> sums(parts), sizes(parts);
    for (std::size_t n = 0; n < draws; ++n) {
      const auto part = static_cast<std::size_t>(units[n * axes + axis] * parts);
      sums[part] += values[n] - mean;
      sizes[part] += 1;
    }
    double share = -static_cast<double>(parts) / draws;  // what chance makes of nothing
    for (std::size_t part = 0; part < parts; ++part) {
      share += square(sums[part]) / sizes[part] / draws / variance;
    }
    truth.shares.push_back(std::max(0.0, share));
  }
  return truth;
}

// Trials with a tenth of noise.
History study_of(const Problem& problem, double deviation, int trials, bool crowded,
                 std::uint64_t seed) {
  History history(problem.space, {});
  Rng rng(seed);
  for (int n = 0; n < trials; ++n) {
    Unit unit(problem.space.size());
    for (double& x : unit) {
      x = crowded && n > trials / 4 ? std::clamp(0.4 + 0.12 * rng.normal(), 0.0, 1.0)
                                    : rng.uniform();
    }
    const Point point = decode(problem.space, unit);
    const double value = problem.function(encode(problem.space, point));
    history.apply(Asked{n, {point, "random", {}}, "", std::nullopt, 0});
    history.apply(Ended{n,
                        TrialState::complete,
                        {value + 0.1 * deviation * rng.normal()},
                        {},
                        "",
                        std::nullopt,
                        0});
  }
  return history;
}

struct Score {
  double off = 0, within = 0, within_twice = 0, seconds = 0;
  int shares = 0, studies = 0;

  void add(const Score& other) {
    off += other.off;
    within += other.within;
    within_twice += other.within_twice;
    seconds += other.seconds;
    shares += other.shares;
    studies += other.studies;
  }
  void print(const char* name, int trials) const {
    std::printf("%-12s %5d  %6.3f  %4.0f %%  %4.0f %%  %6.3f s\n", name, trials, off / shares,
                100 * within / shares, 100 * within_twice / shares, seconds / studies);
    std::fflush(stdout);
  }
};

Score measure(const Problem& problem, const Truth& truth, int trials, bool crowded, int repeats) {
  constexpr double tolerance = 0.003;  // of what is printed
  Score score;
  for (int repeat = 1; repeat <= repeats; ++repeat) {
    const History history =
        study_of(problem, truth.deviation, trials, crowded, static_cast<std::uint64_t>(repeat));
    const auto begin = std::chrono::steady_clock::now();
    const std::optional<Importance> found = importance(history);
    score.seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    ++score.studies;
    if (!found) continue;
    for (const ParameterImportance& one : found->parameters) {
      const double off = std::abs(one.share - truth.shares[one.parameter]);
      score.off += off;
      score.within += off <= one.spread + tolerance ? 1 : 0;
      score.within_twice += off <= 2 * one.spread + tolerance ? 1 : 0;
      ++score.shares;
    }
  }
  return score;
}

void run(int repeats, bool crowded) {
  std::printf("%-12s trials     off  within   twice   one call\n", "");
  const std::vector<Problem> all = problems();
  std::vector<Truth> truths;
  for (const Problem& problem : all) truths.push_back(truth_of(problem));
  for (const int trials : {30, 100, 240}) {
    Score sum;
    for (std::size_t k = 0; k < all.size(); ++k) {
      const Score score = measure(all[k], truths[k], trials, crowded, repeats);
      score.print(all[k].name, trials);
      sum.add(score);
    }
    sum.print("all", trials);
  }
}

}  // namespace
}  // namespace caviar

int main(int count, char** words) {
  int repeats = 4;
  bool crowded = false;
  for (int word = 1; word < count; ++word) {
    const std::string_view text = words[word];
    if (text == "--crowded") {
      crowded = true;
    } else if (text == "--repeats" && word + 1 < count) {
      repeats = std::max(1, std::atoi(words[++word]));
    } else {
      std::fprintf(stderr, "usage: caviar_bench_importance [--repeats N] [--crowded]\n");
      return 2;
    }
  }
  caviar::run(repeats, crowded);
}
