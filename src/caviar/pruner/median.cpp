// Stops a trial whose best report so far is worse than the median of what the complete trials had
// reported by the same step: the median rule of Golovin et al., "Google Vizier" (2017),
// section 3.2.2, with the others' values themselves in place of their running averages.
#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/pruner/entry.hpp"

namespace caviar {
namespace {

struct Median {
  std::int64_t startup_trials = 5;  // complete ones, before which nothing is stopped
  std::int64_t warmup_steps = 0;    // reports up to this step are not judged
};

constexpr double worst = std::numeric_limits<double>::infinity();

double loss_of(const Goal& goal, const Report& report) {
  return std::isnan(report.value) ? worst : goal.loss(report.value);
}

// Where the trial stood at the step; nothing where it had not reported yet. One that ended before
// (by early stopping, say) stands where it ended.
std::optional<double> loss_at(const Goal& goal, const Trial& trial, std::int64_t step) {
  for (const Report& report : trial.reports | std::views::reverse) {
    if (report.step <= step) return loss_of(goal, report);
  }
  return std::nullopt;
}

double median(std::vector<double>& losses) {
  const auto middle = losses.begin() + static_cast<std::ptrdiff_t>(losses.size() / 2);
  std::ranges::nth_element(losses, middle);
  if (losses.size() % 2 == 1) return *middle;
  return (*std::max_element(losses.begin(), middle) + *middle) / 2;
}

Flow judge(const Median& options, const History& history, const Trial& trial) {
  const Goal& goal = history.goal();
  const std::int64_t step = trial.reports.back().step;
  if (step <= options.warmup_steps || goal.directions.size() != 1) return Flow::go;
  std::vector<double> others;
  for (const Trial& other : history.trials()) {
    if (other.state != TrialState::complete) continue;
    if (const auto loss = loss_at(goal, other, step)) others.push_back(*loss);
  }
  if (others.empty() || std::ssize(others) < options.startup_trials) return Flow::go;
  double best = worst;
  for (const Report& report : trial.reports) best = std::min(best, loss_of(goal, report));
  return best > median(others) ? Flow::stop : Flow::go;
}

std::int64_t count(Fields& fields, const std::string& key, std::int64_t otherwise) {
  const std::int64_t value = fields.integer(key, otherwise);
  if (value < 0) fields.need(key).fail(std::to_string(value) + " given, 0 or more wanted");
  return value;
}

}  // namespace

PrunerEntry median_pruner() {
  return {
      {"median", "stops a trial that does worse than half of the complete ones did at its step"},
      [](Fields& fields) -> Pruner {
        Median options;
        options.startup_trials = count(fields, "startup_trials", options.startup_trials);
        options.warmup_steps = count(fields, "warmup_steps", options.warmup_steps);
        return [options](const History& history, const Trial& trial) {
          return judge(options, history, trial);
        };
      }};
}

}  // namespace caviar
