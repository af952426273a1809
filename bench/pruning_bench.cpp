// What pruning and budgets save: how much of the work of plain search each of them needs until it
// has a complete trial with the loss that plain search ends with.
//
//   caviar_bench_pruning [--seeds 100] [--trials 40] [--epochs 81] [--pool 800] [--jobs 1]
//                        [--sampler pool] [--only NAME]... [--pruner JSON]... [--budget JSON]...
//                        [--curves FOLDER] TABLE=TARGET...
//
// The target of a table is the median over the seeds of the best loss after `trials` full
// trainings. Plain search and each method then search until they reach it, a seed at a time: with
// the same configurations in the same order, drawn from the pool (or, with --sampler tpe or
// another, each with those that the sampler proposes to it). What is compared is the time on a
// simulated clock of `jobs` workers: an epoch takes its rows times the network's weights. Only
// complete trials count as found. What does not reach the target in four times the time of plain
// search's full budget counts with that.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "caviar/math/stats.hpp"
#include "caviar/pruner/pruner.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/trainer/changeable.hpp"

#include "pruning_task.hpp"

namespace caviar::bench {
namespace {

constexpr double give_up = 4;  // times the full budget of plain search
constexpr const char* copy_name = "copy";

// A way to search: its name, and the parts of a study that make it.
struct Method {
  std::string name;
  std::string pruner = "null", budget = "null";
};

struct Options {
  int seeds = 100, trials = 40, epochs = 81, pool = 800, jobs = 1;
  std::string sampler = "pool", curves = "build/curves";
  std::vector<std::string> only;
  std::vector<Method> more;                                 // in place of the usual ones
  std::vector<std::pair<std::string, std::string>> tables;  // file, target
};

Options parse(int argc, char** argv) {
  Options options;
  std::map<std::string, int*> numbers = {{"--seeds", &options.seeds},
                                         {"--trials", &options.trials},
                                         {"--epochs", &options.epochs},
                                         {"--pool", &options.pool},
                                         {"--jobs", &options.jobs}};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&]() -> std::string {
      if (++i == argc) throw std::invalid_argument(word + " needs a value");
      return argv[i];
    };
    if (const auto number = numbers.find(word); number != numbers.end()) {
      *number->second = std::atoi(next().c_str());
    } else if (word == "--sampler") {
      options.sampler = next();
    } else if (word == "--curves") {
      options.curves = next();
    } else if (word == "--pruner") {
      const std::string pruner = next();
      options.more.push_back({.name = pruner, .pruner = pruner});
    } else if (word == "--budget") {
      const std::string budget = next();
      options.more.push_back({.name = budget, .budget = budget});
    } else if (word == "--only") {
      options.only.push_back(next());
    } else if (const std::size_t at = word.rfind('='); at != std::string::npos) {
      options.tables.emplace_back(word.substr(0, at), word.substr(at + 1));
    } else {
      throw std::invalid_argument("'" + word + "' given, TABLE=TARGET expected");
    }
  }
  return options;
}

std::vector<Method> methods(const Options& options) {
  if (!options.more.empty()) return options.more;
  const std::string most = std::to_string(options.epochs);
  const auto budget = [&](const std::string& method, int low) {
    return "{" + method + R"("low": )" + std::to_string(low) + R"(, "high": )" + most + "}";
  };
  std::vector<Method> all = {
      {.name = "median", .pruner = R"("median")"},
      {.name = "percentile", .pruner = R"("percentile")"},
      {.name = "leaders", .pruner = R"("leaders")"},
      {.name = "successive_halving", .pruner = R"("successive_halving")"},
      {.name = "hyperband", .pruner = R"({"pruner": "hyperband", "max_steps": )" + most + "}"},
      {.name = "learning_curve", .pruner = R"("learning_curve")"},
      {.name = "patient", .pruner = R"("patient")"},
      {.name = "patient, median", .pruner = R"({"pruner": "patient", "wrapped": "median"})"},
      {.name = "budget asha", .budget = budget("", std::max(1, options.epochs / 79))},
      {.name = "budget asha, a 20th", .budget = budget("", std::max(1, options.epochs / 18))},
      {.name = "budget hyperband",
       .budget = budget(R"("method": "hyperband", )", std::max(1, options.epochs / 18))},
  };
  if (options.sampler != "pool") {
    all.push_back(
        {.name = "budget pbt", .budget = budget(R"("method": "pbt", "population": 12, )", 9)});
  }
  if (!options.only.empty()) {
    std::erase_if(all, [&](const Method& method) {
      return std::ranges::find(options.only, method.name) == options.only.end();
    });
  }
  return all;
}

// Configurations of the pool in an order of the seed's own, again and again: each time with
// another number as its copy, so that they count as new ones.
Sampler from_pool(Task& task, int size, std::uint64_t seed) {
  std::vector<Point> points = task.pool(static_cast<std::size_t>(size));
  Rng rng(seed);
  for (std::size_t i = points.size(); i > 1; --i) std::swap(points[i - 1], points[rng.below(i)]);
  return [points](const History& history, Rng&) -> std::optional<Proposal> {
    const auto index = static_cast<std::size_t>(std::ranges::count_if(
        history.trials(), [](const Trial& trial) { return !parent_of(trial.note); }));
    Point point = points[index % points.size()];
    point.set(copy_name, static_cast<std::int64_t>(index / points.size()));
    return Proposal{point, "pool", {}};
  };
}

Point without_copy(const Point& point) {
  std::vector<Point::Entry> entries = point.entries();
  std::erase_if(entries, [](const Point::Entry& entry) { return entry.first == copy_name; });
  return Point::from(std::move(entries));
}

Space space_of(const Task& task, const Options& options) {
  if (options.sampler != "pool") return task.space();
  return task.space().with({copy_name, Int{0, 1'000'000}, {}, 0});
}

// The pool has no use for what a budget's sampler is shown.
Sampler sampler_of(Task& task, const Method& method, const Options& options, std::uint64_t seed) {
  const bool pool = options.sampler == "pool";
  Sampler fresh = pool ? from_pool(task, options.pool, seed)
                       : make_sampler({options.sampler, seed, {}}, space_of(task, options));
  const Node node = Node::parse_json(method.budget, "budget");
  if (node.is_null()) return pool ? fresh : without_repeats(std::move(fresh));
  Budget budget = parse_budget(node);
  for (const Parameter& parameter : task.space().parameters()) {
    if (why_unchangeable(parameter.name) != nullptr) budget.keep.push_back(parameter.name);
  }
  return pool ? halving(budget, std::move(fresh)) : with_budget(budget, std::move(fresh));
}

// One search on the simulated clock.
class Search {
 public:
  Search(Task& task, const Method& method, const Options& options, std::uint64_t seed)
      : task_(task),
        population_(method.budget.find("pb") != std::string::npos),
        seed_(seed),
        workers_(static_cast<std::size_t>(options.jobs)),
        history_(space_of(task, options), {}),
        sampler_(sampler_of(task, method, options, seed)),
        pruner_(make_pruner(Node::parse_json(method.pruner, "pruner"))) {}

  // Until a complete trial has the target, `trials` have ended, or the search has no more. The
  // time then; infinity where it ended without.
  double run(double target, int trials, double most) {
    trials_left_ = trials;
    while (best_ > target) {
      Worker* next = nullptr;
      for (Worker& worker : workers_) {
        if (!worker.waits && (next == nullptr || worker.time < next->time)) next = &worker;
      }
      if (next == nullptr || next->time > most) return std::numeric_limits<double>::infinity();
      now_ = next->time;
      if (next->trial < 0) {
        begin(*next);
      } else {
        step(*next);
      }
    }
    return now_;
  }

  double best() const { return best_; }
  double time() const { return now_; }

 private:
  struct Worker {
    double time = 0;
    int trial = -1;
    std::size_t epoch = 0, until = 0;
    const Curve* curve = nullptr;
    bool waits = false;
  };

  void begin(Worker& worker) {
    const auto number = static_cast<int>(history_.trials().size());
    Rng rng(seed_, static_cast<std::uint64_t>(number));
    const std::optional<Proposal> proposal =
        trials_left_-- > 0 ? sampler_(history_, rng) : std::nullopt;
    worker.waits = !proposal;
    if (!proposal) return;
    const std::optional<int> parent = parent_of(proposal->note);
    worker.trial = number;
    worker.until = budget_of(proposal->note);
    worker.epoch = parent ? budget_of(trial(*parent).note) : 0;
    worker.curve = &curve_of(*proposal, number, worker.until);
    worker.time += worker.curve->epoch_cost;
    history_.apply(Asked{number, *proposal, "", {}, 0});
  }

  // The worker's epoch is over.
  void step(Worker& worker) {
    if (++worker.epoch > worker.curve->losses.size()) return end(worker, TrialState::failed, {});
    const double loss = worker.curve->losses[worker.epoch - 1];
    history_.apply(Reported{worker.trial, {static_cast<std::int64_t>(worker.epoch), loss}, 0});
    if (pruner_(history_, trial(worker.trial)) == Flow::stop) {
      return end(worker, TrialState::pruned, {});
    }
    if (worker.epoch < worker.until) {
      worker.time += worker.curve->epoch_cost;
      return;
    }
    const auto losses = worker.curve->losses.begin();
    const double own =
        *std::min_element(losses, losses + static_cast<std::ptrdiff_t>(worker.until));
    const bool partial = is_partial(trial(worker.trial).note);
    if (!partial) best_ = std::min(best_, own);
    end(worker, partial ? TrialState::pruned : TrialState::complete, {own});
  }

  void end(Worker& worker, TrialState state, std::vector<double> values) {
    history_.apply(Ended{worker.trial, state, std::move(values), {}, "", {}, 0});
    worker.trial = -1;
    for (Worker& other : workers_) {  // who waited may find something now
      if (!other.waits) continue;
      other.waits = false;
      other.time = now_;
    }
  }

  const Trial& trial(int number) const {
    return history_.trials()[static_cast<std::size_t>(number)];
  }
  std::size_t budget_of(const Note& note) const {
    return static_cast<std::size_t>(
        number_in(note, budget_note).value_or(static_cast<double>(task_.epochs())));
  }

  const Curve& curve_of(const Proposal& proposal, int number, std::size_t until) {
    const std::optional<int> parent = parent_of(proposal.note);
    if (!population_) return task_.curve(without_copy(proposal.point), until);
    Curve& own = members_[number];
    own = task_.branched(parent ? &members_.at(*parent) : nullptr, proposal.point, until);
    return own;
  }

  Task& task_;
  bool population_;
  std::uint64_t seed_;
  std::vector<Worker> workers_;
  std::map<int, Curve> members_;
  History history_;
  Sampler sampler_;
  Pruner pruner_;
  int trials_left_ = 0;
  double now_ = 0, best_ = std::numeric_limits<double>::infinity();
};

struct Plain {
  double target = 0, budget = 0;  // medians over the seeds
  std::vector<double> times;      // to the target, one a seed
};

Plain plain_search(Task& task, const Options& options) {
  std::vector<double> bests, budgets;
  for (int seed = 1; seed <= options.seeds; ++seed) {
    Search search(task, {.name = "none"}, options, static_cast<std::uint64_t>(seed));
    search.run(-std::numeric_limits<double>::infinity(), options.trials,
               std::numeric_limits<double>::infinity());
    bests.push_back(search.best());
    budgets.push_back(search.time());
  }
  Plain plain{median(bests), median(budgets), {}};
  for (int seed = 1; seed <= options.seeds; ++seed) {
    Search search(task, {.name = "none"}, options, static_cast<std::uint64_t>(seed));
    const double most = give_up * plain.budget;
    plain.times.push_back(std::min(search.run(plain.target, 1 << 30, most), most));
  }
  return plain;
}

std::vector<double> times_of(Task& task, const Method& method, const Options& options,
                             const Plain& plain) {
  std::vector<double> times;
  const double most = give_up * plain.budget;
  for (int seed = 1; seed <= options.seeds; ++seed) {
    Search search(task, method, options, static_cast<std::uint64_t>(seed));
    times.push_back(std::min(search.run(plain.target, 1 << 30, most), most));
  }
  return times;
}

// What one method came to on all tables.
struct Record {
  std::vector<double> tables;  // median time of plain search / of the method
  std::vector<double> runs;    // the same of each seed alone
};

double share_slower(const std::vector<double>& gains) {
  const auto slower = std::ranges::count_if(gains, [](double x) { return x < 1 / 1.1; });
  return static_cast<double>(slower) / static_cast<double>(gains.size());
}

void print_spread(const std::vector<double>& gains) {
  std::printf("  %6.2f  %5.2f … %5.2f  %5.2f  %4.0f %%", median(gains), quantile(gains, 0.25),
              quantile(gains, 0.75), *std::ranges::min_element(gains), 100 * share_slower(gains));
}

void bench(const Options& options) {
  std::map<std::string, Record> all;
  std::printf(
      "times faster than plain search: medians over the seeds compared; then seed by seed: "
      "median, quarters, worst, share slower than 1.1 times\n");
  for (const auto& [file, target] : options.tables) {
    Task task(file, target, options.epochs, options.curves);
    const Plain plain = plain_search(task, options);
    std::printf("\n%s: %d seeds, %g\n", task.name().c_str(), options.seeds, plain.target);
    for (const Method& method : methods(options)) {
      const std::vector<double> times = times_of(task, method, options, plain);
      std::vector<double> gains;
      for (std::size_t i = 0; i < times.size(); ++i) gains.push_back(plain.times[i] / times[i]);
      Record& record = all[method.name];
      record.tables.push_back(median(plain.times) / median(times));
      record.runs.insert(record.runs.end(), gains.begin(), gains.end());
      std::printf("  %-26s %6.2f ", method.name.c_str(), record.tables.back());
      print_spread(gains);
      std::printf("\n");
      std::fflush(stdout);
    }
  }
  std::printf("\nall %zu tables: median, quarters, worst, share slower than 1.1 times; all runs\n",
              options.tables.size());
  for (const Method& method : methods(options)) {
    std::printf("  %-26s", method.name.c_str());
    print_spread(all[method.name].tables);
    std::printf("  |");
    print_spread(all[method.name].runs);
    std::printf("\n");
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
