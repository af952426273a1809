#include "caviar/sampler/gains.hpp"

#include <cmath>
#include <limits>

#include "caviar/math/gaussian_process.hpp"

namespace caviar {
namespace {

constexpr std::size_t fewest_gains = 4, draws = 500;

void add_row(std::vector<double>& rows, const Trial& trial, double full) {
  rows.insert(rows.end(), trial.unit.begin(), trial.unit.end());
  rows.push_back(number_in(trial.note, budget_note).value_or(full) / full);
}

// The gains with those underway as the model expects them.
GaussianProcess model_of(const Gains& gains) {
  GaussianProcess judged = GaussianProcess::fit(gains.axes, gains.points, gains.values);
  if (gains.underway.empty()) return judged;
  std::vector<double> points = gains.points, values = gains.values;
  for (const GaussianProcess::Prediction& expected : judged.predict_all(gains.underway)) {
    values.push_back(expected.mean);
  }
  points.insert(points.end(), gains.underway.begin(), gains.underway.end());
  return {gains.axes, points, values, judged.kernel()};
}

}  // namespace

Gains gains_of(const History& history, double full) {
  Gains gains;
  for (const Parameter& parameter : history.space().parameters()) {
    gains.axes.push_back({.categorical = is_categorical(parameter.distribution)});
  }
  gains.axes.push_back({});
  for (const Trial& trial : history.trials()) {
    const std::optional<int> number = parent_of(trial.note);
    if (!number || trial.state == TrialState::interrupted) continue;
    const Trial& parent = history.trials()[static_cast<std::size_t>(*number)];
    if (parent.values.empty()) continue;
    if (!trial.finished()) add_row(gains.underway, trial, full);
    if (!trial.finished() || trial.values.empty()) continue;
    add_row(gains.points, trial, full);
    gains.values.push_back(history.loss(parent) - history.loss(trial));
  }
  return gains;
}

std::vector<double> most_promising(const Gains& gains, std::span<const double> own,
                                   const std::vector<char>& free, double progress, Rng& rng) {
  std::vector<double> best(own.size(), std::nan(""));
  if (gains.values.size() < fewest_gains) return best;
  const GaussianProcess model = model_of(gains);
  std::vector<double> candidate(own.begin(), own.end());
  candidate.push_back(progress);
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t draw = 0; draw < draws; ++draw) {
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (free[i] != 0) candidate[i] = rng.uniform();
    }
    const GaussianProcess::Prediction expected = model.predict(candidate);
    const double bound = expected.mean + std::sqrt(expected.variance);
    if (!(bound > most)) continue;
    most = bound;
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (free[i] != 0) best[i] = candidate[i];
    }
  }
  return best;
}

}  // namespace caviar
