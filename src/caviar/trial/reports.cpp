#include "caviar/trial/reports.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <vector>

namespace caviar {
namespace {

constexpr double worst = std::numeric_limits<double>::infinity();
constexpr std::size_t least_compared = 3, most_compared = 100;

}  // namespace

double loss_of(const Goal& goal, const Report& report) {
  return std::isnan(report.value) ? worst : goal.loss(report.value);
}

std::optional<double> loss_at(const Goal& goal, const Trial& trial, std::int64_t step) {
  for (const Report& report : trial.reports | std::views::reverse) {
    if (report.step <= step) return loss_of(goal, report);
  }
  return std::nullopt;
}

double best_loss_by(const Goal& goal, const Trial& trial, std::int64_t step) {
  double best = worst;
  for (const Report& report : trial.reports) {
    if (report.step <= step) best = std::min(best, loss_of(goal, report));
  }
  return best;
}

std::optional<double> expected_loss(const History& history, const Trial& stopped) {
  if (stopped.reports.empty()) return std::nullopt;
  const Goal& goal = history.goal();
  const std::int64_t step = stopped.reports.back().step;
  const double own = best_loss_by(goal, stopped, step);
  const auto endings = history.endings();
  auto from = std::ranges::find(endings, stopped.number, &History::Ending::trial);
  std::vector<double> gains;
  while (from != endings.begin() && gains.size() < most_compared) {
    const Trial& other = history.trials()[static_cast<std::size_t>((--from)->trial)];
    if (other.state != TrialState::complete || other.values.empty()) continue;
    const double gain = best_loss_by(goal, other, step) - history.loss(other);
    if (std::isfinite(gain)) gains.push_back(gain);
  }
  if (gains.size() < least_compared) return own;
  const auto middle = gains.begin() + static_cast<std::ptrdiff_t>(gains.size() / 2);
  std::ranges::nth_element(gains, middle);
  return own - *middle;
}

}  // namespace caviar
