// How good the configurations are that a sampler finds in few trials.
//
//   caviar_bench_quality --sampler gp,random --seeds 10 --trials 100 --out build/quality.csv
//   caviar_bench_quality --quick                      two minutes, a problem or two of each family
//   caviar_bench_quality --list | --serve             names; the suite for other programs
//
// A line a run: sampler, problem, and the loss without noise of the best-reported trial after 25,
// 50, 100 and 200 trials. score.py makes scores of it.
#include <atomic>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <regex>
#include <thread>

#include <CLI/CLI.hpp>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/text.hpp"
#include "caviar/sampler/method_text.hpp"

#include "serve.hpp"
#include "suite.hpp"
#include "trials.hpp"

namespace {

using namespace caviar;
using namespace caviar::quality;

struct Options {
  std::vector<std::string> samplers = {"gp", "random"};
  std::string problems = ".*", out;
  std::uint64_t first_seed = 1;
  int seeds = 10, trials = 100, pending = 1, jobs = 2;
  bool quick = false, list = false, serve = false, known = false;
};

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app("How good the configurations are that a sampler finds in few trials.");
  app.add_option("--sampler", options.samplers, "names, separated by commas")->delimiter(',');
  app.add_option("--problems", options.problems, "a regular expression that is searched in names");
  app.add_option("--seeds", options.seeds, "runs of each sampler on each problem");
  app.add_option("--first-seed", options.first_seed);
  app.add_option("--trials", options.trials);
  app.add_option("--pending", options.pending, "trials asked for before the oldest is told");
  app.add_option("--jobs", options.jobs, "runs at a time");
  app.add_option("--out", options.out, "a CSV file; standard output where it is not given");
  app.add_flag("--quick", options.quick, "a part of the problems, 50 trials, 3 seeds");
  app.add_flag("--not-held-out", options.known, "leave the problems out that are held out");
  app.add_flag("--list", options.list, "print the problems");
  app.add_flag("--serve", options.serve, "answer requests: serve.hpp");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (options.quick) {
    options.seeds = 3;
    options.trials = 50;
    options.known = true;
  }
  return options;
}

// Every third problem of what is wanted where it should be quick.
std::vector<const Problem*> wanted(const Options& options) {
  const std::regex pattern(options.problems);
  std::vector<const Problem*> chosen;
  std::size_t place = 0;
  for (const Problem& problem : problems()) {
    if (options.known && problem.held_out) continue;
    if (!std::regex_search(problem.name, pattern)) continue;
    if (!options.quick || place++ % 3 == 0) chosen.push_back(&problem);
  }
  return chosen;
}

// Seed by seed and with families mixed, so that what there is when the program is stopped is a fair
// part of the whole.
std::vector<RunSpec> runs_of(const Options& options) {
  constexpr std::size_t stride = 7;
  const std::vector<const Problem*> chosen = wanted(options);
  std::vector<const Problem*> mixed;
  for (std::size_t first = 0; first < stride; ++first) {
    for (std::size_t i = first; i < chosen.size(); i += stride) mixed.push_back(chosen[i]);
  }
  std::vector<RunSpec> runs;
  for (int i = 0; i < options.seeds; ++i) {
    const std::uint64_t seed = options.first_seed + static_cast<std::uint64_t>(i);
    for (const std::string& sampler : options.samplers) {
      for (const Problem* problem : mixed) {
        runs.push_back({problem, sampler, seed, options.pending, options.trials});
      }
    }
  }
  return runs;
}

std::string csv_line(const RunSpec& run, const Outcome& outcome) {
  const Problem& problem = *run.problem;
  std::vector<std::string> cells = {run.sampler,
                                    "caviar",
                                    problem.name,
                                    problem.family,
                                    problem.held_out ? "1" : "0",
                                    number_text(problem.best),
                                    std::to_string(run.pending),
                                    std::to_string(run.seed)};
  for (const std::optional<double>& loss : outcome.losses) {
    cells.push_back(loss ? rounded_text(*loss, 9) : "");
  }
  return join(cells, ",") + "\n";
}

// Writes the outcomes in the order of the runs, each as soon as those before it are there.
class Writer {
 public:
  Writer(const std::vector<RunSpec>& runs, std::ostream& out)
      : runs_(runs), outcomes_(runs.size()), out_(out) {
    out_ << "method,version,problem,family,held_out,best,pending,seed";
    for (const int budget : budgets) out_ << ",at" << budget;
    out_ << std::endl;
  }

  void add(std::size_t place, const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    outcomes_[place] = outcome;
    Time& time = times_[runs_[place].sampler];
    time.seconds += outcome.seconds;
    time.trials += runs_[place].trials;
    for (; written_ < runs_.size() && outcomes_[written_]; ++written_) {
      out_ << csv_line(runs_[written_], *outcomes_[written_]) << std::flush;
    }
    std::fprintf(stderr, "\r%zu of %zu runs", written_, runs_.size());
  }

  void print_times() const {
    for (const auto& [sampler, time] : times_) {
      std::fprintf(stderr, "\n%s: %.3f ms of processor time a trial", sampler.c_str(),
                   1e3 * time.seconds / time.trials);
    }
    std::fprintf(stderr, "\n");
  }

 private:
  struct Time {
    double seconds = 0;
    int trials = 0;
  };
  const std::vector<RunSpec>& runs_;
  std::vector<std::optional<Outcome>> outcomes_;
  std::size_t written_ = 0;
  std::map<std::string, Time> times_;
  std::ostream& out_;
  std::mutex mutex_;
};

void bench(const Options& options) {
  std::ofstream file;
  if (!options.out.empty()) {
    check_writable(options.out);
    file.open(options.out);
  }
  const std::vector<RunSpec> runs = runs_of(options);
  for (const RunSpec& run : runs) make_sampler(parse_method(run.sampler), run.problem->space);
  Writer writer(runs, options.out.empty() ? std::cout : file);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < runs.size(); i = next++) writer.add(i, execute(runs[i]));
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < options.jobs; ++i) threads.emplace_back(work);
  }
  writer.print_times();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse(argc, argv);
    if (options.serve) {
      serve(std::cin, std::cout);
    } else if (options.list) {
      for (const Problem* problem : wanted(options)) {
        std::cout << problem->name << (problem->held_out ? " (held out)" : "") << "\n";
      }
    } else {
      bench(options);
    }
  } catch (const std::exception& error) {
    std::cerr << "caviar_bench_quality: " << error.what() << "\n";
    return 2;
  }
}
