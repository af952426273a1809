#include "caviar/analysis/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "caviar/math/stats.hpp"
#include "caviar/trial/configurations.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

constexpr std::size_t least_complete = 4;
constexpr double long_tail = 5;

void append_row(Evidence& rows, const std::vector<double>& unit, double loss) {
  rows.units.insert(rows.units.end(), unit.begin(), unit.end());
  rows.losses.push_back(loss);
}

bool is_measured(const Trial& trial, std::size_t objective) {
  const bool own = !is_touched(trial);  // otherwise the value is not that of its point
  return own && trial.state == TrialState::complete && objective < trial.values.size();
}

std::optional<double> tamed_loss(const History& history, const Trial& trial, std::size_t objective,
                                 const Taming& taming) {
  if (is_measured(trial, objective)) {
    return taming(history.goal().loss(trial.values[objective], objective));
  }
  if (trial.state == TrialState::failed) return taming.cap();
  const bool stopped = trial.state == TrialState::pruned && !is_touched(trial);
  if (objective > 0 || !stopped) return std::nullopt;
  const std::optional<double> loss = expected_loss(history, trial);
  if (!loss) return std::nullopt;
  return std::isfinite(*loss) ? taming(*loss) : taming.cap();
}

std::optional<Evidence> evidence_of(const History& history, std::size_t objective) {
  std::vector<double> losses;
  for (const Trial& trial : history.trials()) {
    if (trial.outside || !is_measured(trial, objective)) continue;
    losses.push_back(history.goal().loss(trial.values[objective], objective));
  }
  if (losses.size() < least_complete) return std::nullopt;
  const auto [low, high] = std::minmax_element(losses.begin(), losses.end());
  if (*low == *high || !std::isfinite(*low) || !std::isfinite(*high)) return std::nullopt;
  Evidence result{
      history.space().size(), {}, {}, Taming(losses, history.goal().directions[objective])};
  for (const Trial& trial : history.trials()) {
    if (trial.outside || trial.unit.size() != result.dimensions) continue;
    if (const auto tamed = tamed_loss(history, trial, objective, result.taming)) {
      append_row(result, trial.unit, *tamed);
    }
  }
  if (result.dimensions == 0 || result.rows() < least_complete) return std::nullopt;
  return result;
}

}  // namespace

Taming::Taming(std::vector<double> losses, Direction direction)
    : maximize_(direction == Direction::maximize) {
  std::sort(losses.begin(), losses.end());
  best_ = losses.front();
  const double middle = median(losses) - best_;
  if (losses.back() - best_ > long_tail * middle) scale_ = middle;
  for (double& loss : losses) loss = warp(loss);
  cap_ = quantile(losses, 0.95);
  if (cap_ <= losses.front()) cap_ = losses.back();  // nearly all of them the same
}

double Taming::warp(double loss) const {
  return scale_ > 0 ? std::log1p((loss - best_) / scale_) : loss;
}

double Taming::operator()(double loss) const { return std::min(cap_, warp(loss)); }

double Taming::value(double tamed) const {
  const double loss = scale_ > 0 ? best_ + scale_ * std::expm1(tamed) : tamed;
  return maximize_ ? -loss : loss;
}

std::optional<double> budget_of_evidence(const History& history) {
  const std::vector<double> budgets = budgets_of(history);
  if (budgets.empty()) return std::nullopt;
  const bool population = std::ranges::any_of(
      history.trials(), [](const Trial& trial) { return trial.note.contains(member_note); });
  if (population) return budgets.front();
  const std::size_t enough = std::max<std::size_t>(20, 4 * history.space().size());
  return comparable_budget(history, budgets, enough);
}

std::optional<Evidence> evidence(const History& history, std::size_t objective) {
  const std::optional<double> budget = budget_of_evidence(history);
  if (!budget) return evidence_of(history, objective);
  return evidence_of(configurations_at(history, *budget, budgets_of(history).back()), objective);
}

Evidence spaced(const Evidence& all, std::size_t rows) {
  if (all.rows() <= rows) return all;
  Evidence kept{all.dimensions, {}, {}, all.taming};
  for (std::size_t place = 0; place < rows; ++place) {
    const std::size_t from = place * all.rows() / rows;
    const auto row = all.units.begin() + static_cast<std::ptrdiff_t>(from * all.dimensions);
    append_row(kept, {row, row + static_cast<std::ptrdiff_t>(all.dimensions)}, all.losses[from]);
  }
  return kept;
}

Evidence thinned(const Evidence& all, std::size_t rows) {
  if (all.rows() <= rows || rows < 4) return all;
  std::vector<std::size_t> order(all.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all.losses[a] < all.losses[b]; });
  const std::size_t best = rows / 2;
  Evidence kept{all.dimensions, {}, {}, all.taming};
  for (std::size_t place = 0; place < rows; ++place) {
    const std::size_t from =
        place < best ? place : best + (place - best) * (all.rows() - best - 1) / (rows - best - 1);
    const auto row = all.units.begin() + static_cast<std::ptrdiff_t>(order[from] * all.dimensions);
    append_row(kept, {row, row + static_cast<std::ptrdiff_t>(all.dimensions)},
               all.losses[order[from]]);
  }
  return kept;
}

}  // namespace caviar
