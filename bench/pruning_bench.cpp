// What pruning and budgets save: the same search with and without each of them, until the loss is
// reached that the search without them ends with.
//
//   caviar_bench_pruning [--seeds 5] [--trials 40] [--epochs 27] [--sampler random] TABLE=TARGET...
//
// Work is counted, not timed: an epoch costs its rows times the network's weights. Each
// configuration is trained as far as somebody needs it, and its curve used by all methods, which
// changes no figure, since the same seed gives the same training.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "caviar/math/stats.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar::bench {
namespace {

struct Options {
  int seeds = 5, trials = 40, epochs = 27;
  std::string sampler = "random";
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
    } else if (word == "--sampler") {
      if (++i == argc) throw std::invalid_argument(word + " needs a name");
      options.sampler = argv[i];
    } else if (const std::size_t at = word.rfind('='); at != std::string::npos) {
      options.tables.emplace_back(word.substr(0, at), word.substr(at + 1));
    } else {
      throw std::invalid_argument("'" + word + "' given, TABLE=TARGET expected");
    }
  }
  return options;
}

// A training as a study sees it, as far as it was needed so far.
struct Curve {
  std::vector<double> losses;                 // one an epoch
  std::optional<TrainingState<float>> state;  // at their end; none: it is over
  double epoch_cost = 0;
};

class Task {
 public:
  Task(const std::string& file, const std::string& target, int epochs, std::uint64_t seed)
      : spec_(spec_of(file, target, epochs, seed)), epochs_(epochs), data_(prepare(spec_)) {}

  Space space() const { return default_space(spec_); }
  int epochs() const { return epochs_; }

  // The configuration's curve for at least so many epochs, fewer where it diverges.
  const Curve& curve(const Point& point, std::size_t epochs) {
    Curve& curve = curves_[to_text(point)];
    const bool begun = curve.epoch_cost > 0;
    if (curve.losses.size() < epochs && (!begun || curve.state)) extend(curve, point, epochs);
    return curve;
  }

  // A curve with other settings from its end on; nullptr: a new one.
  Curve branched(const Curve* from, const Point& point, std::size_t epochs) {
    Curve curve = from == nullptr ? Curve() : *from;
    if (from == nullptr || curve.state) extend(curve, point, epochs);
    return curve;
  }

 private:
  static TrainSpec spec_of(const std::string& file, const std::string& target, int epochs,
                           std::uint64_t seed) {
    TrainSpec spec;
    spec.data = file;
    spec.targets = {target};
    spec.fixed.set("epochs", std::int64_t{epochs});
    spec.patience = std::nullopt;  // stopping early is the pruner's part here
    spec.seed = seed;
    return spec;
  }

  void extend(Curve& curve, const Point& point, std::size_t epochs) {
    const std::optional<TrainingState<float>> from = std::exchange(curve.state, std::nullopt);
    Control control;
    if (from) control.resume = &*from;
    control.on_epoch = [&](const Epoch& epoch) {
      curve.losses.push_back(epoch.validation_loss);
      if (curve.losses.size() < epochs) return Flow::go;
      curve.state = epoch.state();
      return Flow::stop;
    };
    const TrainResult result = train(data_, spec_, settings(spec_, point), control);
    curve.epoch_cost = static_cast<double>(data_.training.rows) *
                       static_cast<double>(result.model.weights().size());
  }

  TrainSpec spec_;
  int epochs_;
  PreparedData data_;
  std::map<std::string, Curve> curves_;
};

// A way to search: its name, and the parts of a study that make it.
struct Method {
  std::string name;
  std::string pruner = "null", budget = "null";
};

struct Progress {
  double work, best;
};

// One search; what it spent and found after each trial.
class Search {
 public:
  Search(Task& task, const Method& method, const std::string& sampler, std::uint64_t seed)
      : task_(task),
        population_(method.budget.find("pb") != std::string::npos),
        study_({.space = task.space(),
                .search = {.sampler = sampler,
                           .seed = seed,
                           .options = {},
                           .budget = Node::parse_json(method.budget, "budget")},
                .pruner = Node::parse_json(method.pruner, "pruner")}) {}

  // Ends at the target, where `most` work is used up, or where the search does.
  std::vector<Progress> run(int trials, double target, double most) {
    for (int n = 0; n < trials && best_ > target && work_ < most; ++n) {
      const std::optional<Trial> trial = study_.ask();
      if (!trial) break;
      run_one(*trial);
      progress_.push_back({work_, best_});
    }
    return progress_;
  }

 private:
  void run_one(const Trial& trial) {
    const auto until = static_cast<std::size_t>(
        number_in(trial.note, budget_note).value_or(static_cast<double>(task_.epochs())));
    const std::optional<int> parent = parent_of(trial.note);
    const std::size_t from =
        parent ? static_cast<std::size_t>(*number_in(study_.trial(*parent).note, budget_note)) : 0;
    const Curve& curve = curve_of(trial, parent, until);
    double own = INFINITY;
    for (std::size_t epoch = 1; epoch <= std::min(until, curve.losses.size()); ++epoch) {
      const double loss = curve.losses[epoch - 1];
      own = std::min(own, std::isfinite(loss) ? loss : INFINITY);
      if (epoch <= from) continue;
      work_ += curve.epoch_cost;
      if (study_.report(trial.number, static_cast<std::int64_t>(epoch), loss) == Flow::go) continue;
      study_.prune(trial.number);
      return;
    }
    if (curve.losses.size() < until || !std::isfinite(own)) {
      study_.fail(trial.number, "diverged");
      return;
    }
    study_.tell(trial.number, own);
    best_ = std::min(best_, own);  // a partial budget's model is a model, too
  }

  const Curve& curve_of(const Trial& trial, std::optional<int> parent, std::size_t until) {
    if (!population_) return task_.curve(trial.point, until);
    Curve& own = members_[trial.number];
    own = task_.branched(parent ? &members_.at(*parent) : nullptr, trial.point, until);
    return own;
  }

  Task& task_;
  bool population_;
  std::map<int, Curve> members_;
  Study study_;
  double work_ = 0, best_ = INFINITY;
  std::vector<Progress> progress_;
};

double work_to(const std::vector<Progress>& progress, double target) {
  for (const Progress& at : progress) {
    if (at.best <= target) return at.work;
  }
  return INFINITY;
}

std::vector<Method> methods(int epochs) {
  const std::string most = std::to_string(epochs);
  const auto budget = [&](const std::string& rest) {
    return "{" + rest + R"(, "high": )" + most + "}";
  };
  return {
      {.name = "median", .pruner = R"("median")"},
      {.name = "percentile 25", .pruner = R"({"pruner": "percentile", "keep": 25})"},
      {.name = "successive_halving", .pruner = R"("successive_halving")"},
      {.name = "successive_halving from 3",
       .pruner = R"({"pruner": "successive_halving", "min_steps": 3})"},
      {.name = "hyperband", .pruner = R"({"pruner": "hyperband", "max_steps": )" + most + "}"},
      {.name = "learning_curve", .pruner = R"("learning_curve")"},
      {.name = "patient 5", .pruner = R"({"pruner": "patient", "patience": 5})"},
      {.name = "patient 3, median",
       .pruner = R"({"pruner": "patient", "patience": 3, "wrapped": "median"})"},
      {.name = "budget asha from 1", .budget = budget(R"("low": 1)")},
      {.name = "budget asha from 3", .budget = budget(R"("low": 3)")},
      {.name = "budget hyperband", .budget = budget(R"("method": "hyperband", "low": 1)")},
      {.name = "budget pbt", .budget = budget(R"("method": "pbt", "low": 3, "population": 12)")},
  };
}

// How many times less work than without; 0 where the loss was not reached with twice the work.
double saving(Task& task, const Method& method, const Options& options, std::uint64_t seed) {
  Search plain_search(task, {.name = "none"}, options.sampler, seed);
  const std::vector<Progress> plain = plain_search.run(options.trials, -INFINITY, INFINITY);
  const double target = plain.back().best, total = plain.back().work;
  Search search(task, method, options.sampler, seed);
  const std::vector<Progress> found = search.run(50 * options.trials, target, 2 * total);
  return work_to(plain, target) / work_to(found, target);
}

void print_all(const std::map<std::string, std::vector<double>>& all, int epochs) {
  std::printf("\nall: median, quarters, worst; share slower than 1.1 times\n");
  for (const Method& method : methods(epochs)) {
    const std::vector<double>& times = all.at(method.name);
    const auto slower = std::ranges::count_if(times, [](double x) { return x < 1 / 1.1; });
    std::printf("  %-28s %6.2f  %6.2f … %6.2f  %6.2f  %5.2f\n", method.name.c_str(), median(times),
                quantile(times, 0.25), quantile(times, 0.75), *std::ranges::min_element(times),
                static_cast<double>(slower) / static_cast<double>(times.size()));
  }
}

void bench(const Options& options) {
  std::map<std::string, std::vector<double>> all;
  for (const auto& [file, target] : options.tables) {
    std::map<std::string, std::vector<double>> savings;
    for (int seed = 1; seed <= options.seeds; ++seed) {
      const auto chance = static_cast<std::uint64_t>(seed);
      Task task(file, target, options.epochs, chance);
      for (const Method& method : methods(options.epochs)) {
        const double times = saving(task, method, options, chance);
        savings[method.name].push_back(times);
        all[method.name].push_back(times);
      }
    }
    std::printf("\n%s\n", file.c_str());
    for (const Method& method : methods(options.epochs)) {
      std::printf("  %-28s", method.name.c_str());
      for (const double times : savings[method.name]) std::printf(" %6.2f", times);
      std::printf("\n");
    }
    std::fflush(stdout);
  }
  print_all(all, options.epochs);
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
