#include "caviar/sampler/observations.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "caviar/math/stats.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

struct Row {
  const Trial* trial;
  double loss;                  // NaN: failed
  std::vector<double> margins;  // one a bound
};

bool keeps_all(std::span<const double> margins) {
  return std::ranges::all_of(margins, [](double x) { return x >= 0; });
}

bool worse(const Row& a, const Row& b) {  // those beyond a bound after others, failed ones last
  if (std::isnan(a.loss) || std::isnan(b.loss)) return std::isnan(a.loss) && !std::isnan(b.loss);
  const bool a_keeps = keeps_all(a.margins), b_keeps = keeps_all(b.margins);
  return a_keeps == b_keeps ? a.loss > b.loss : b_keeps;
}

Row row_of(const History& history, const Trial& trial, double loss) {
  if (history.goal().bounds.empty()) return {&trial, loss, {}};
  Row row{&trial, loss, margins(history.goal(), trial)};
  const bool measured = std::ranges::none_of(row.margins, [](double x) { return std::isnan(x); });
  if (trial.state == TrialState::complete && !measured) row.loss = std::nan("");
  return row;
}

std::vector<Row> selection(std::vector<Row> rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  std::ranges::stable_sort(rows, [](const Row& a, const Row& b) { return worse(b, a); });
  const std::size_t best = (most + 1) / 2, others = most - best, left = rows.size() - best;
  for (std::size_t k = 0; k < others; ++k) rows[best + k] = rows[best + k * left / others];
  rows.resize(most);
  return rows;
}

double standardise(std::vector<double>& values) {
  const double centre = mean(values), deviation = standard_deviation(values);
  for (double& value : values) value = (value - centre) / deviation;
  return -static_cast<double>(values.size()) * std::log(deviation);
}

// log(shift + excess), standardised.
Levelling logarithm(std::span<const double> excess, double shift) {
  Levelling result;
  for (const double x : excess) {
    // log1p keeps the digits where the shift is large; only a constant apart from the logarithm.
    result.values.push_back(std::log1p(x / shift));
    result.log_slope -= result.values.back() + std::log(shift);
  }
  result.log_slope += standardise(result.values);
  return result;
}

// The spread of a normal distribution is fitted to the standardised values, so how likely they are
// differs by the slope alone.
Levelling most_normal(std::span<const double> excess) {
  Levelling best;
  // No stronger than 0.3: it would spread the few best trials too far apart.
  for (const double shift : {1e4, 10.0, 3.0, 1.0, 0.3}) {
    Levelling candidate = logarithm(excess, shift);
    if (best.values.empty() || candidate.log_slope > best.log_slope) best = std::move(candidate);
  }
  for (double& value : best.values) {
    if (value > 2) value = 2 + std::log1p(value - 2);
  }
  return best;
}

// The losses less the least, over a typical one; empty where they are all equal.
std::vector<double> excesses(std::vector<double> losses) {
  if (losses.empty()) return {};
  // Quarters keep the span of values near the largest double finite.
  for (double& loss : losses) loss /= 4;
  const double least = *std::ranges::min_element(losses);
  const double span = *std::ranges::max_element(losses) - least;
  if (!(span > 0)) return {};
  const double typical = median(losses) - least;
  const double unit = typical > 0 ? typical : span;
  for (double& loss : losses) loss = std::min((loss - least) / unit, 1e300);
  return losses;
}

Levelling with_failures(const Levelling& told, const std::vector<double>& losses) {
  const double failure = told.values.empty() ? 0.5 : *std::ranges::max_element(told.values) + 0.5;
  Levelling result{{}, told.log_slope};
  auto next = told.values.begin();
  for (const double loss : losses) result.values.push_back(std::isnan(loss) ? failure : *next++);
  return result;
}

}  // namespace

bool Observations::within(std::size_t row) const { return keeps_all(margins_of(row)); }

Observations Observations::only(std::span<const std::size_t> rows) const {
  Observations result{.axes = axes, .pending = pending, .bounds = bounds};
  for (const std::size_t row : rows) {
    result.points.insert(result.points.end(), unit(row).begin(), unit(row).end());
    result.losses.push_back(losses[row]);
    result.values.push_back(values[row]);
    result.margins.insert(result.margins.end(), margins_of(row).begin(), margins_of(row).end());
  }
  return result;
}

std::vector<Levelling> levellings(const std::vector<double>& losses) {
  std::vector<double> told;
  std::ranges::copy_if(losses, std::back_inserter(told), [](double x) { return !std::isnan(x); });
  Levelling plain{excesses(told), 0};
  if (plain.values.empty()) {
    const Levelling equal = with_failures({std::vector<double>(told.size(), 0.0), 0}, losses);
    return {equal, equal};
  }
  const Levelling normal = most_normal(plain.values);
  plain.log_slope = standardise(plain.values);
  return {with_failures(normal, losses), with_failures(plain, losses)};
}

std::vector<double> levelled(const std::vector<double>& losses) {
  return std::move(levellings(losses).front().values);
}

Observations observe(const History& history, std::size_t end, std::size_t most) {
  Observations seen;
  seen.axes = history.space().size();
  seen.bounds = history.goal().bounds.size();
  std::vector<Row> rows;
  for (const Trial& trial : history.trials().first(std::min(end, history.trials().size()))) {
    if (const std::optional<double> loss = outcome(history, trial)) {
      rows.push_back(row_of(history, trial, *loss));
    }
    if (trial.state == TrialState::running) {
      seen.pending.insert(seen.pending.end(), trial.unit.begin(), trial.unit.end());
    }
  }
  for (const Row& row : selection(std::move(rows), most)) {
    seen.points.insert(seen.points.end(), row.trial->unit.begin(), row.trial->unit.end());
    seen.losses.push_back(row.loss);
    seen.margins.insert(seen.margins.end(), row.margins.begin(), row.margins.end());
  }
  seen.values = levelled(seen.losses);
  return seen;
}

Observations without_failures(const Observations& seen) {
  const auto failed = std::ranges::count_if(seen.losses, [](double x) { return std::isnan(x); });
  if (failed == 0 || seen.rows() < static_cast<std::size_t>(failed) + 2) return seen;
  std::vector<std::size_t> others;
  for (std::size_t row = 0; row < seen.rows(); ++row) {
    if (!std::isnan(seen.losses[row])) others.push_back(row);
  }
  Observations told = seen.only(others);
  told.values = levelled(told.losses);
  return told;
}

}  // namespace caviar
