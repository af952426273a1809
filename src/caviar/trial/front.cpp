#include "caviar/trial/front.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "caviar/math/pareto.hpp"

namespace caviar {
namespace {

std::optional<double> measured(const Goal& goal, const Trial& trial, const std::string& metric) {
  for (std::size_t k = 0; k < std::min(goal.objectives(), trial.values.size()); ++k) {
    if (goal.name(k) == metric) return trial.values[k];
  }
  const auto found = trial.metrics.find(metric);
  return found == trial.metrics.end() ? std::nullopt : std::optional(found->second);
}

double violation(const Goal& goal, const Trial& trial, double unmeasured) {
  double sum = 0;
  const std::vector<double> all = margins(goal, trial);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double limit = std::fabs(goal.bounds[k].limit);
    if (std::isnan(all[k])) sum += unmeasured;
    if (all[k] < 0) sum -= limit == 0 ? all[k] : all[k] / limit;
  }
  return sum;
}

}  // namespace

std::vector<double> margins(const Goal& goal, const Trial& trial) {
  std::vector<double> result;
  for (const Bound& bound : goal.bounds) {
    const double value = measured(goal, trial, bound.metric).value_or(std::nan(""));
    result.push_back(bound.at_most ? bound.limit - value : value - bound.limit);
  }
  return result;
}

double violation(const Goal& goal, const Trial& trial) {
  return violation(goal, trial, std::numeric_limits<double>::infinity());
}

double violation_so_far(const Goal& goal, const Trial& trial) { return violation(goal, trial, 0); }

bool is_solution(const Goal& goal, const Trial& trial) {
  return trial.state == TrialState::complete && !trial.outside &&
         trial.values.size() == goal.objectives() && violation(goal, trial) == 0;
}

std::vector<double> losses(const Goal& goal, const Trial& trial) {
  std::vector<double> result;
  for (std::size_t k = 0; k < trial.values.size(); ++k) {
    result.push_back(goal.loss(trial.values[k], k));
  }
  return result;
}

bool better(const Goal& goal, const Trial& a, const Trial& b) {
  return std::ranges::lexicographical_compare(losses(goal, a), losses(goal, b));
}

std::vector<int> pareto_front(const History& history) {
  const Goal& goal = history.goal();
  std::vector<int> solutions;
  for (const Trial& trial : history.trials()) {
    if (is_solution(goal, trial)) solutions.push_back(trial.number);
  }
  const auto trial = [&](int number) -> const Trial& {
    return history.trials()[static_cast<std::size_t>(number)];
  };
  std::ranges::stable_sort(solutions,
                           [&](int a, int b) { return better(goal, trial(a), trial(b)); });
  if (goal.objectives() == 1) solutions.resize(std::min<std::size_t>(solutions.size(), 1));
  // In this order nobody is dominated by one who comes later.
  std::vector<int> front;
  std::vector<std::vector<double>> kept;
  for (const int number : solutions) {
    std::vector<double> own = losses(goal, trial(number));
    if (std::ranges::any_of(kept, [&](const auto& other) { return dominates(other, own); })) {
      continue;
    }
    front.push_back(number);
    kept.push_back(std::move(own));
  }
  return front;
}

}  // namespace caviar
