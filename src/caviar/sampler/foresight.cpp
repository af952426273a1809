#include "caviar/sampler/foresight.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/sampler/levels.hpp"
#include "caviar/trial/configurations.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_learnt = 120, most_held = 400;  // judgements in a model
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

std::size_t rung_of(const Trial& trial, std::span<const double> budgets) {
  // Who ended by itself would be no other at the full budget.
  if (trial.state == TrialState::complete) return budgets.size() - 1;
  const auto at = std::ranges::lower_bound(budgets, budget_of(trial, budgets.back()));
  return std::min(static_cast<std::size_t>(at - budgets.begin()), budgets.size() - 1);
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
    known.judged.push_back(
        {&trial, *place, rung_of(trial, budgets), *loss, ending.digest, own.judged});
    own.judged = known.judged.size() - 1;
  }
  return known;
}

// What those that went on have gained on the way to each budget.
std::vector<double> gains_of(std::span<const Judged> judged, std::span<const double> values,
                             std::size_t rungs) {
  std::vector<double> sums(rungs, 0), counts(rungs, 0), gains(rungs, 0);
  for (std::size_t row = 0; row < judged.size(); ++row) {
    const std::optional<std::size_t> before = judged[row].before;
    const std::size_t rung = judged[row].rung;
    if (!before || judged[*before].rung + 1 != rung) continue;
    sums[rung] += values[row] - values[*before];
    counts[rung] += 1;
  }
  for (std::size_t rung = 1; rung < rungs; ++rung) {
    gains[rung] = gains[rung - 1] + (counts[rung] > 0 ? sums[rung] / counts[rung] : 0);
  }
  return gains;
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

// Of the first judgements of a history.
class Foresight::Model {
 public:
  Model(const Space& space, std::span<const Judged> judged, std::size_t rungs)
      : rungs_(rungs), levels_(losses_of(judged)) {
    std::vector<double> values;
    for (const Judged& one : judged) values.push_back(levels_.value(one.loss));
    gains_ = gains_of(judged, values, rungs);
    // Less what all gain: what is left hangs on the parameters.
    for (std::size_t row = 0; row < judged.size(); ++row) values[row] -= gains_[judged[row].rung];
    const std::vector<Axis> axes = axes_with_budget(space);
    const Points few = points_of(judged, values, rungs, most_learnt);
    const Kernel kernel =
        likely_kernels(axes, few.coordinates, few.values, {.warped = true}).front();
    const Points many = points_of(judged, values, rungs, most_held);
    process_.emplace(axes, many.coordinates, many.values, kernel);
    std::vector<const Judged*> last;
    for (const Judged& one : judged) {
      if (one.configuration >= last.size()) last.resize(one.configuration + 1);
      last[one.configuration] = &one;
    }
    std::erase(last, nullptr);
    const std::vector<double> losses = foreseen(last);
    for (std::size_t i = 0; i < last.size(); ++i) losses_[last[i]->configuration] = losses[i];
  }

  // At the full budget.
  std::vector<double> foreseen(std::span<const Judged* const> judged) const {
    Points asked{rungs_};
    for (const Judged* one : judged) {
      asked.add(*one->trial, one->rung);
      asked.add(*one->trial, rungs_ - 1);
    }
    if (judged.empty()) return {};
    const std::vector<double> means = process_->means(asked.coordinates);
    std::vector<double> losses;
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const double change =
          gains_.back() - gains_[judged[i]->rung] + means[2 * i + 1] - means[2 * i];
      const double loss = levels_.loss(levels_.value(judged[i]->loss) + change);
      losses.push_back(std::isfinite(loss) ? loss : judged[i]->loss);
    }
    return losses;
  }
  // What a configuration was foreseen to come to when the model was made.
  const std::map<std::size_t, double>& losses() const { return losses_; }

 private:
  static std::vector<double> losses_of(std::span<const Judged> judged) {
    std::vector<double> losses;
    for (const Judged& one : judged) losses.push_back(one.loss);
    return losses;
  }

  std::size_t rungs_;
  Levels levels_;
  std::vector<double> gains_;
  std::optional<GaussianProcess> process_;
  std::map<std::size_t, double> losses_;
};

Foresight::Foresight(std::vector<double> budgets) : budgets_(std::move(budgets)) {}

std::optional<History> Foresight::foresee(const History& history) try {
  if (history.goal().objectives() > 1 || !history.goal().bounds.empty()) return std::nullopt;
  const Known known = known_of(history, budgets_);
  if (known.continued < least_continued) return std::nullopt;
  // Anew only when a tenth more has been judged; until then what was known stays as it is, so that
  // what a sampler has learnt from it stays as well.
  const std::size_t stride = std::max<std::size_t>(1, known.judged.size() / 10);
  const std::span<const Judged> first =
      std::span(known.judged).first(known.judged.size() / stride * stride);
  if (model_ == nullptr || digest_ != first.back().digest) {
    model_ = std::make_shared<const Model>(history.space(), first, budgets_.size());
    digest_ = first.back().digest;
  }
  std::map<std::size_t, double> losses = model_->losses();
  std::vector<const Judged*> later;
  for (std::size_t n = 0; n < known.configurations.size(); ++n) {
    const Configuration& own = known.configurations[n];
    if (own.judged && !losses.contains(n)) later.push_back(&known.judged[*own.judged]);
  }
  const std::vector<double> news = model_->foreseen(later);
  for (std::size_t i = 0; i < later.size(); ++i) losses[later[i]->configuration] = news[i];
  std::vector<Ended> endings;
  for (std::size_t n = 0; n < known.configurations.size(); ++n) {
    const Configuration& own = known.configurations[n];
    Ended ended;
    ended.trial = own.trial;
    ended.state = own.failed ? TrialState::failed : TrialState::complete;
    if (!own.failed) ended.values = {history.goal().value(losses.at(n))};
    endings.push_back(std::move(ended));
  }
  return configurations_ended(history, endings);
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace caviar
