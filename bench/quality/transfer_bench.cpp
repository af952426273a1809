// What an earlier study is worth, and what it costs where it misleads.
//
//   caviar_bench_transfer [SAMPLER…] [--seeds N] [--first-seed N]
//
// Six problems of the suite; the earlier study is 60 trials of tpe on a relative of the problem. A
// line a relative: the mean regret (0: optimum, 1: the median best of 50 random draws; no run
// counts for more than 5) after 5, 10, 25 and 50 trials, and the share of runs that are better
// than the same seed's without knowledge.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "caviar/math/stats.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/study/study.hpp"

#include "suite.hpp"

namespace {

using namespace caviar;
using namespace caviar::quality;

constexpr std::array budgets = {5, 10, 25, 50};
constexpr std::array tasks = {"classic/hartmann_6d",   "classic/ackley_5d",
                              "classic/rosenbrock_4d", "mixed/choices_and_integers",
                              "mixed/settings",        "conditional/optimizers"};
using Losses = std::array<double, budgets.size()>;

// The loss at the place that a map of the unit cube leads to.
std::function<double(const Point&)> moved(const Problem& problem,
                                          std::function<double(double)> map) {
  return [&problem, map = std::move(map)](const Point& point) {
    std::vector<double> unit = encode(problem.space, point);
    for (double& x : unit) x = std::isnan(x) ? 0.5 : map(x);
    const Point there = decode(problem.space, unit);
    return feasible(problem.space, there) ? problem.loss(there)
                                          : std::numeric_limits<double>::infinity();
  };
}

struct Relative {
  const char* name;
  std::function<double(const Point&)> loss;  // empty: there was no earlier study
};

std::vector<Relative> relatives(const Problem& problem) {
  const auto shifted = [&](double by) {
    return moved(problem, [by](double x) { return std::clamp(x + by, 0.0, 1.0); });
  };
  return {{"none", {}},
          {"the same", problem.loss},
          {"shifted by 0.05", shifted(0.05)},
          {"shifted by 0.25", shifted(0.25)},
          {"mirrored", moved(problem, [](double x) { return 1 - x; })},
          {"chance",
           [](const Point& point) { return static_cast<double>(point.fingerprint() % 9973); }},
          {"turned round", [&](const Point& point) { return -problem.loss(point); }}};
}

void run(Study& study, int trials, const std::function<double(const Point&)>& loss,
         const std::function<void(int told, double loss)>& told) {
  for (int k = 1; k <= trials; ++k) {
    const std::optional<Trial> trial = study.ask();
    if (!trial) return;
    const double value = loss(trial->point);
    study.tell(trial->number, value);
    told(k, value);
  }
}

Losses losses_of(const Problem& problem, const std::string& sampler, std::uint64_t seed,
                 const Relative& relative) {
  Study study({.name = "now", .space = problem.space, .search = {sampler, seed, {}}});
  if (relative.loss) {
    Study before({.name = "before", .space = problem.space, .search = {"tpe", 1000 + seed, {}}});
    run(before, 60, relative.loss, [](int, double) {});
    study.learn_from(before.history(), "before");
  }
  Losses losses{};
  double best = std::numeric_limits<double>::infinity();
  run(study, budgets.back(), problem.loss, [&](int told, double loss) {
    best = std::fmin(best, loss);
    for (std::size_t b = 0; b < budgets.size(); ++b) {
      if (told <= budgets[b]) losses[b] = best;
    }
  });
  return losses;
}

double random_best(const Problem& problem) {
  std::vector<double> bests;
  for (std::uint64_t seed = 0; seed < 51; ++seed) {
    Rng rng(77, seed);
    double best = std::numeric_limits<double>::infinity();
    for (int k = 0; k < 50; ++k) best = std::fmin(best, problem.loss(*draw(problem.space, rng)));
    bests.push_back(best);
  }
  return median(bests);
}

struct Sum {
  double regret = 0, better = 0;
};

void bench(const std::string& sampler, std::uint64_t first_seed, std::uint64_t seeds) {
  std::vector<std::array<Sum, budgets.size()>> sums;
  std::vector<const char*> names;
  for (const char* task : tasks) {
    const Problem& problem = quality::problem(task);
    const double typical = random_best(problem) - problem.best;
    const std::vector<Relative> all = relatives(problem);
    sums.resize(all.size());
    names.clear();
    for (const Relative& relative : all) names.push_back(relative.name);
    for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
      Losses cold{};
      for (std::size_t r = 0; r < all.size(); ++r) {
        const Losses losses = losses_of(problem, sampler, seed, all[r]);
        if (r == 0) cold = losses;
        for (std::size_t b = 0; b < budgets.size(); ++b) {
          sums[r][b].regret += std::clamp((losses[b] - problem.best) / typical, 0.0, 5.0);
          sums[r][b].better += losses[b] < cold[b] ? 1 : losses[b] == cold[b] ? 0.5 : 0;
        }
      }
    }
  }
  const double runs = static_cast<double>(seeds) * tasks.size();
  for (std::size_t r = 0; r < sums.size(); ++r) {
    std::printf("%-8s%-18s", sampler.c_str(), names[r]);
    for (const Sum& sum : sums[r]) {
      std::printf("%7.3f (%3.0f %%)", sum.regret / runs, 100 * sum.better / runs);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> samplers;
  std::uint64_t first_seed = 1, seeds = 10;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool number = word == "--seeds" || word == "--first-seed";
    if (number && i + 1 == argc) return std::fprintf(stderr, "%s: a number\n", argv[i]), 2;
    if (number)
      (word == "--seeds" ? seeds : first_seed) = std::strtoull(argv[++i], nullptr, 10);
    else
      samplers.push_back(word);
  }
  if (samplers.empty()) samplers = {"gp", "auto", "tpe"};
  std::printf("%-26s%14s%14s%14s%14s\n", "", "5", "10", "25", "50");
  for (const std::string& sampler : samplers) bench(sampler, first_seed, seeds);
}
