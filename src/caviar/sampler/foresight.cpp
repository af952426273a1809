#include "caviar/sampler/foresight.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <numeric>
#include <span>
#include <utility>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/sampler/observations.hpp"
#include "caviar/trial/configurations.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_learnt = 120, most_held = 400;  // judgements in a model
constexpr std::size_t most_configurations = 4000;
constexpr std::size_t least_continued = 3;  // judgements of what had been judged before

// What a trial has told.
struct Judged {
  const Trial* trial;
  std::size_t configuration, rung;
  double loss;
  std::uint64_t digest;               // of the history up to its end
  std::optional<std::size_t> before;  // the same configuration's last one
};

struct Configuration {
  int trial;  // the one that ended first
  bool failed = false;
  std::optional<std::size_t> judged = std::nullopt;  // the last one
};

// All in the order in which they ended.
struct Known {
  std::vector<Judged> judged;
  std::vector<Configuration> configurations;
  std::size_t continued = 0;
};

// Who ended by itself would be no other at the full budget.
double budget_judged(const Trial& trial, double full) {
  return trial.state == TrialState::complete ? full : budget_of(trial, full);
}

Known known_of(const History& history, std::span<const double> budgets) {
  Known known;
  const std::vector<int> first = first_trials(history);
  std::vector<std::optional<std::size_t>> places(first.size());  // by first trial
  for (const auto& ending : history.endings()) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(ending.trial)];
    const int origin = first[static_cast<std::size_t>(trial.number)];
    const std::optional<double> loss = outcome(history, trial);
    if (origin < 0 || !loss) continue;
    std::optional<std::size_t>& place = places[static_cast<std::size_t>(origin)];
    if (!place) {
      place = known.configurations.size();
      known.configurations.push_back({trial.number});
    }
    Configuration& own = known.configurations[*place];
    own.failed = std::isnan(*loss);
    if (own.failed) continue;
    if (own.judged) ++known.continued;
    const std::size_t rung = rung_of(budget_judged(trial, budgets.back()), budgets);
    known.judged.push_back({&trial, *place, rung, *loss, ending.digest, own.judged});
    own.judged = known.judged.size() - 1;
  }
  return known;
}

// The losses of the first so many on a scale of all of them, less what those that went on have
// gained on the way to their budget, so that what is left hangs on the parameters.
std::vector<double> levels(std::span<const Judged> judged, std::size_t rungs) {
  std::vector<double> losses;
  for (const Judged& one : judged) losses.push_back(one.loss);
  std::vector<double> values = levelled(losses);
  std::vector<double> sums(rungs, 0), counts(rungs, 0), gained(rungs, 0);
  for (std::size_t row = 0; row < judged.size(); ++row) {
    const auto& [trial, configuration, rung, loss, digest, before] = judged[row];
    if (!before || judged[*before].rung + 1 != rung) continue;
    sums[rung] += values[row] - values[*before];
    counts[rung] += 1;
  }
  for (std::size_t rung = 1; rung < rungs; ++rung) {
    gained[rung] = gained[rung - 1] + (counts[rung] > 0 ? sums[rung] / counts[rung] : 0);
  }
  for (std::size_t row = 0; row < judged.size(); ++row) values[row] -= gained[judged[row].rung];
  return values;
}

// At most so many rows: half of them those of the highest budgets, of each the best first, and the
// rest spread evenly over the others.
std::vector<std::size_t> selection(std::span<const Judged> judged, std::span<const double> values,
                                   std::size_t most) {
  std::vector<std::size_t> rows(values.size());
  std::iota(rows.begin(), rows.end(), 0);
  if (rows.size() <= most) return rows;
  std::ranges::stable_sort(rows, [&](std::size_t a, std::size_t b) {
    return std::pair(judged[b].rung, values[a]) < std::pair(judged[a].rung, values[b]);
  });
  const std::size_t best = (most + 1) / 2, others = most - best, left = rows.size() - best;
  for (std::size_t k = 0; k < others; ++k) rows[best + k] = rows[best + k * left / others];
  rows.resize(most);
  return rows;
}

// Rows of unit vectors with the budget as one more axis.
struct Points {
  std::size_t rungs;
  std::vector<double> coordinates = {}, values = {};

  void add(const Trial& trial, std::size_t rung) {
    coordinates.insert(coordinates.end(), trial.unit.begin(), trial.unit.end());
    coordinates.push_back(static_cast<double>(rung) / static_cast<double>(rungs - 1));
  }
};

Points points_of(std::span<const Judged> judged, std::span<const double> values, std::size_t rungs,
                 std::size_t most) {
  Points points{rungs};
  for (const std::size_t row : selection(judged, values, most)) {
    points.add(*judged[row].trial, judged[row].rung);
    points.values.push_back(values[row]);
  }
  return points;
}

std::vector<Axis> axes_with_budget(const Space& space) {
  std::vector<Axis> axes = axes_of(space);
  axes.emplace_back();
  return axes;
}

}  // namespace

Foresight::Foresight(std::vector<double> budgets) : budgets_(std::move(budgets)) {}

std::optional<History> Foresight::foresee(const History& history) try {
  if (history.goal().objectives() > 1 || !history.goal().bounds.empty()) return std::nullopt;
  const Known known = known_of(history, budgets_);
  if (known.continued < least_continued || known.configurations.size() > most_configurations) {
    return std::nullopt;
  }
  const std::vector<Axis> axes = axes_with_budget(history.space());
  const std::size_t rungs = budgets_.size(), all = known.judged.size();
  const std::span<const Judged> judged(known.judged);
  // The kernel is learnt anew only when a tenth more has been judged.
  const std::size_t stride = std::max<std::size_t>(1, all / 10), learnt = all / stride * stride;
  if (!kernel_ || digest_ != judged[learnt - 1].digest) {
    const std::vector<double> values = levels(judged.first(learnt), rungs);
    const Points points = points_of(judged.first(learnt), values, rungs, most_learnt);
    kernel_ = likely_kernels(axes, points.coordinates, points.values, {.warped = true}).front();
    digest_ = judged[learnt - 1].digest;
  }
  const std::vector<double> values = levels(judged, rungs);
  const Points held = points_of(judged, values, rungs, most_held);
  const GaussianProcess model(axes, held.coordinates, held.values, *kernel_);
  Points asked{rungs};  // of each that told a loss: where it is, and at the full budget
  for (const Configuration& one : known.configurations) {
    if (one.failed || !one.judged) continue;
    asked.add(*judged[*one.judged].trial, judged[*one.judged].rung);
    asked.add(*judged[*one.judged].trial, rungs - 1);
  }
  const std::vector<double> means = model.means(asked.coordinates);
  std::vector<Ended> endings;
  std::size_t at = 0;
  for (const Configuration& one : known.configurations) {
    Ended ended;
    ended.trial = one.trial;
    ended.state = TrialState::failed;
    if (!one.failed && one.judged) {
      ended.state = TrialState::complete;
      ended.values = {history.goal().value(values[*one.judged] + means[at + 1] - means[at])};
      at += 2;
    }
    endings.push_back(std::move(ended));
  }
  return configurations_ended(history, endings);
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace caviar
