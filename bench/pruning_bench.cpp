// What pruning saves: the same random configurations with and without each pruner, until the loss
// is reached that the whole search without pruning ends with.
//
//   caviar_bench_pruning [--seeds 3] [--trials 40] [--epochs 81] TABLE=TARGET...
//
// Work is counted, not timed: an epoch costs its rows times the network's weights. Each
// configuration is trained once and its curve used by all pruners, which changes no figure, since
// the same seed gives the same training.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "caviar/math/stats.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar::bench {
namespace {

struct Options {
  int seeds = 3, trials = 40, epochs = 81;
  std::vector<std::pair<std::string, std::string>> tables;  // file, target
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto number = [&] {
      if (++i == argc) throw std::invalid_argument(word + " needs a number");
      return std::atoi(argv[i]);
    };
    if (word == "--seeds") {
      options.seeds = number();
    } else if (word == "--trials") {
      options.trials = number();
    } else if (word == "--epochs") {
      options.epochs = number();
    } else if (const std::size_t at = word.rfind('='); at != std::string::npos) {
      options.tables.emplace_back(word.substr(0, at), word.substr(at + 1));
    } else {
      throw std::invalid_argument("'" + word + "' given, TABLE=TARGET expected");
    }
  }
  return options;
}

// A training as a study sees it.
struct Curve {
  std::vector<double> losses;  // one an epoch
  double epoch_cost = 0;
};

class Task {
 public:
  Task(const std::string& file, const std::string& target, int epochs, std::uint64_t seed)
      : spec_(spec_of(file, target, epochs, seed)), data_(prepare(spec_)) {}

  Space space() const { return default_space(spec_); }

  const Curve& curve(const Point& point) {
    const auto [found, isnew] = curves_.try_emplace(to_text(point));
    if (isnew) found->second = train_curve(point);
    return found->second;
  }

 private:
  static TrainSpec spec_of(const std::string& file, const std::string& target, int epochs,
                           std::uint64_t seed) {
    TrainSpec spec;
    spec.data = file;
    spec.target = target;
    spec.fixed.set("epochs", std::int64_t{epochs});
    spec.patience = std::nullopt;  // stopping early is the pruner's part here
    spec.seed = seed;
    return spec;
  }

  Curve train_curve(const Point& point) {
    Curve curve;
    const TrainResult result = train(data_, spec_, settings(spec_, point), [&](const Epoch& epoch) {
      curve.losses.push_back(epoch.validation_loss);
      return Flow::go;
    });
    curve.epoch_cost = static_cast<double>(data_.training.rows) *
                       static_cast<double>(result.model.weights().size());
    return curve;
  }

  TrainSpec spec_;
  PreparedData data_;
  std::map<std::string, Curve> curves_;
};

struct Progress {
  double work, best;
};

// Best loss so far after each trial, against the work done. Ends at the target, or where `most`
// work is used up.
std::vector<Progress> search(Task& task, const std::string& pruner, std::uint64_t seed, int trials,
                             double target, double most) {
  Study study({.space = task.space(),
               .search = {.sampler = "random", .seed = seed},
               .pruner = Node::parse_json(pruner, "pruner")});
  std::vector<Progress> progress;
  double work = 0, best = INFINITY;
  for (int n = 0; n < trials && best > target && work < most; ++n) {
    const Trial trial = *study.ask();
    const Curve& curve = task.curve(trial.point);
    double own = INFINITY;
    Flow flow = Flow::go;
    std::int64_t epoch = 0;
    for (const double loss : curve.losses) {
      work += curve.epoch_cost;
      if (!std::isfinite(loss)) break;
      own = std::min(own, loss);
      flow = study.report(trial.number, ++epoch, loss);
      if (flow == Flow::stop) break;
    }
    if (flow == Flow::stop) {
      study.prune(trial.number);
    } else if (std::isfinite(own)) {
      study.tell(trial.number, own);
      best = std::min(best, own);
    } else {
      study.fail(trial.number, "diverged");
    }
    progress.push_back({work, best});
  }
  return progress;
}

double work_to(const std::vector<Progress>& progress, double target) {
  for (const Progress& at : progress) {
    if (at.best <= target) return at.work;
  }
  return INFINITY;
}

std::vector<std::string> pruners(int epochs) {
  return {R"("median")",
          R"({"pruner": "percentile", "keep": 25})",
          R"("successive_halving")",
          R"({"pruner": "successive_halving", "min_steps": 3})",
          R"({"pruner": "hyperband", "max_steps": )" + std::to_string(epochs) + "}",
          R"("learning_curve")",
          R"({"pruner": "patient", "patience": 5})",
          R"({"pruner": "patient", "patience": 3, "wrapped": "median"})"};
}

// How many times less work than no pruning; 0 where the loss was not reached with twice the work.
double saving(Task& task, const std::string& pruner, std::uint64_t seed, int trials) {
  const std::vector<Progress> plain = search(task, "null", seed, trials, -INFINITY, INFINITY);
  const double target = plain.back().best, total = plain.back().work;
  const std::vector<Progress> pruned = search(task, pruner, seed, 20 * trials, target, 2 * total);
  return work_to(plain, target) / work_to(pruned, target);
}

void bench(const Options& options) {
  std::map<std::string, std::vector<double>> all;
  for (const auto& [file, target] : options.tables) {
    std::map<std::string, std::vector<double>> savings;
    for (int seed = 1; seed <= options.seeds; ++seed) {
      const auto chance = static_cast<std::uint64_t>(seed);
      Task task(file, target, options.epochs, chance);
      for (const std::string& pruner : pruners(options.epochs)) {
        const double times = saving(task, pruner, chance, options.trials);
        savings[pruner].push_back(times);
        all[pruner].push_back(times);
      }
    }
    std::printf("\n%s\n", file.c_str());
    for (const std::string& pruner : pruners(options.epochs)) {
      std::printf("  %-60s", pruner.c_str());
      for (const double times : savings[pruner]) std::printf(" %6.2f", times);
      std::printf("\n");
    }
    std::fflush(stdout);
  }
  std::printf("\nall: median, quarters, worst; share slower than 1.1 times\n");
  for (const std::string& pruner : pruners(options.epochs)) {
    const std::vector<double>& times = all[pruner];
    const auto slower = std::ranges::count_if(times, [](double x) { return x < 1 / 1.1; });
    std::printf("  %-60s %6.2f  %6.2f … %6.2f  %6.2f  %5.2f\n", pruner.c_str(), median(times),
                quantile(times, 0.25), quantile(times, 0.75), *std::ranges::min_element(times),
                static_cast<double>(slower) / static_cast<double>(times.size()));
  }
}

}  // namespace
}  // namespace caviar::bench

int main(int argc, char** argv) {
  try {
    caviar::bench::bench(caviar::bench::parse(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "caviar_bench_pruning: %s\n", error.what());
    return 2;
  }
}
