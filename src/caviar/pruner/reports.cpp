#include "caviar/pruner/reports.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>

namespace caviar {
namespace {

constexpr double worst = std::numeric_limits<double>::infinity();

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

}  // namespace caviar
