#include "caviar/sampler/observations.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

struct Row {
  const Trial* trial;
  double loss;  // NaN: failed
};

// The loss a trial stands for; NaN where it failed, nullopt where it says nothing (yet).
std::optional<double> outcome(const History& history, const Trial& trial) {
  if (trial.state == TrialState::complete && !trial.values.empty()) return history.loss(trial);
  if (trial.state == TrialState::pruned && !trial.reports.empty()) {
    return history.goal().loss(trial.reports.back().value);
  }
  if (trial.state == TrialState::failed || trial.state == TrialState::pruned) return std::nan("");
  return std::nullopt;
}

bool worse(const Row& a, const Row& b) {  // failed ones last
  if (std::isnan(a.loss) || std::isnan(b.loss)) return std::isnan(a.loss) && !std::isnan(b.loss);
  return a.loss > b.loss;
}

std::vector<Row> selection(std::vector<Row> rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  std::ranges::stable_sort(rows, [](const Row& a, const Row& b) { return worse(b, a); });
  const std::size_t best = (most + 1) / 2, others = most - best, left = rows.size() - best;
  for (std::size_t k = 0; k < others; ++k) rows[best + k] = rows[best + k * left / others];
  rows.resize(most);
  return rows;
}

// log(shift + excess), standardised; and how likely that is under a normal distribution.
struct Levelled {
  std::vector<double> values;
  double log_likelihood = 0;
};
Levelled logarithm(std::span<const double> excess, double shift) {
  Levelled result;
  double jacobian = 0;
  for (const double x : excess) {
    // log1p keeps the digits where the shift is large; only a constant apart from the logarithm.
    result.values.push_back(std::log1p(x / shift));
    jacobian -= result.values.back() + std::log(shift);
  }
  const double centre = mean(result.values), deviation = standard_deviation(result.values);
  for (double& value : result.values) value = (value - centre) / deviation;
  result.log_likelihood = jacobian - static_cast<double>(excess.size()) * std::log(deviation);
  return result;
}

}  // namespace

std::vector<double> levelled(std::vector<double> losses) {
  if (losses.empty()) return losses;
  // Quarters keep the span of values near the largest double finite.
  for (double& loss : losses) loss /= 4;
  const double least = *std::ranges::min_element(losses);
  const double span = *std::ranges::max_element(losses) - least;
  if (!(span > 0)) return std::vector<double>(losses.size(), 0.0);
  const double typical = median(losses) - least;
  const double unit = typical > 0 ? typical : span;
  for (double& loss : losses) loss = std::min((loss - least) / unit, 1e300);
  Levelled best;
  // No stronger than 0.3: it would spread the few best trials too far apart.
  for (const double shift : {1e4, 10.0, 3.0, 1.0, 0.3}) {
    Levelled candidate = logarithm(losses, shift);
    if (best.values.empty() || candidate.log_likelihood > best.log_likelihood) {
      best = std::move(candidate);
    }
  }
  for (double& value : best.values) {
    if (value > 2) value = 2 + std::log1p(value - 2);
  }
  return std::move(best.values);
}

Observations observe(const History& history, std::size_t end, std::size_t most) {
  Observations seen;
  seen.axes = history.space().size();
  std::vector<Row> rows;
  for (const Trial& trial : history.trials().first(std::min(end, history.trials().size()))) {
    const std::optional<double> loss = outcome(history, trial);
    if (loss) rows.push_back({&trial, std::isfinite(*loss) ? *loss : std::nan("")});
    if (trial.state == TrialState::running) {
      seen.pending.insert(seen.pending.end(), trial.unit.begin(), trial.unit.end());
    }
  }
  rows = selection(std::move(rows), most);
  std::vector<double> losses;
  for (const Row& row : rows) {
    seen.points.insert(seen.points.end(), row.trial->unit.begin(), row.trial->unit.end());
    if (!std::isnan(row.loss)) losses.push_back(row.loss);
  }
  losses = levelled(std::move(losses));
  const double worst = losses.empty() ? 0 : *std::ranges::max_element(losses);
  auto next = losses.begin();
  for (const Row& row : rows) {
    seen.values.push_back(std::isnan(row.loss) ? worst + 0.5 : *next++);
  }
  return seen;
}

}  // namespace caviar
