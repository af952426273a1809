#include "trials.hpp"

#include <cmath>
#include <ctime>
#include <deque>
#include <limits>
#include <utility>

#include "caviar/sampler/method_text.hpp"
#include "caviar/study/study.hpp"

namespace caviar::quality {
namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The trial that a person would take: the one with the best report.
struct Incumbent {
  double report = std::numeric_limits<double>::infinity();
  double loss = std::numeric_limits<double>::quiet_NaN();

  void see(double reported, double true_loss) {
    if (reported < report) *this = {reported, true_loss};  // false for NaN
  }
};

}  // namespace

Outcome execute(const RunSpec& run) {
  const Problem& problem = *run.problem;
  SearchSpec search = parse_method(run.sampler);
  search.seed = run.seed;
  Study study({.name = problem.name, .space = problem.space, .search = std::move(search)});
  Outcome outcome;
  Incumbent incumbent;
  std::deque<Trial> pending;
  bool used_up = false;
  const auto timed = [&](auto&& action) {
    const double start = processor_seconds();
    action();
    outcome.seconds += processor_seconds() - start;
  };
  std::size_t next = 0;  // of budgets
  for (int told = 0; told < run.trials; ++told) {
    while (!used_up &&
           static_cast<int>(pending.size()) < std::min(run.pending, run.trials - told)) {
      timed([&] {
        if (std::optional<Trial> trial = study.ask()) {
          pending.push_back(*std::move(trial));
        } else {
          used_up = true;
        }
      });
    }
    if (!pending.empty()) {
      const Trial trial = std::move(pending.front());
      pending.pop_front();
      const double loss = problem.loss(trial.point);
      const double report = observed(problem, loss, run.seed, trial.number);
      timed([&] { study.tell(trial.number, report); });
      incumbent.see(report, loss);
    }
    if (next < budgets.size() && told + 1 == budgets[next]) {
      outcome.losses[next++] = incumbent.loss;
    }
  }
  return outcome;
}

}  // namespace caviar::quality
