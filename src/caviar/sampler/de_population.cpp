#include "caviar/sampler/de_population.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "caviar/sampler/ledger.hpp"

namespace caviar {
namespace {

constexpr double learning_rate = 0.1;  // c of the paper
constexpr double draw_width = 0.1;     // of F and CR about their μ

}  // namespace

void DePopulation::follow(const History& history) {
  const auto endings = history.endings();
  const bool continues = folded_ <= endings.size() && axes_ == history.space().size() &&
                         (folded_ == 0 || endings[folded_ - 1].digest == digest_);
  if (!continues) *this = DePopulation(size_);
  axes_ = history.space().size();
  for (; folded_ < endings.size(); ++folded_) {
    digest_ = endings[folded_].digest;
    const Trial& trial = history.trials()[static_cast<std::size_t>(endings[folded_].trial)];
    if (const std::optional<double> loss = outcome(history, trial)) {
      take(trial, std::isnan(*loss) ? INFINITY : *loss);
    }
  }
}

void DePopulation::take(const Trial& trial, double loss) {
  const std::optional<double> place = number_in(trial.note, de_place);
  const bool child =
      trial.by == "de" && place && *place >= 0 && *place < static_cast<double>(members_.size());
  if (child) {
    const auto at = static_cast<std::size_t>(*place);
    if (!(loss < members_[at].loss)) return;
    replace(at, {trial.unit, loss});
    const double step = number_in(trial.note, de_step).value_or(step_);
    // The Lehmer mean, one success at a time: larger steps weigh more (equation 11).
    const double weight = learning_rate * step / std::max(step_, 1e-3);
    step_ += std::min(weight, 0.5) * (step - step_);
    share_ += learning_rate * (number_in(trial.note, de_share).value_or(share_) - share_);
    return;
  }
  if (!full()) {
    members_.push_back({trial.unit, loss});
    return;
  }
  // Somebody else's trial: it takes the place of the worst.
  const std::size_t worst = order().back();
  if (loss < members_[worst].loss) replace(worst, {trial.unit, loss});
}

void DePopulation::replace(std::size_t place, Member member) {
  if (archive_.size() < size_) {
    archive_.push_back(std::move(members_[place]));
  } else {
    archive_[lost_ % size_] = std::move(members_[place]);
  }
  ++lost_;
  members_[place] = std::move(member);
}

std::vector<std::size_t> DePopulation::order() const {
  std::vector<std::size_t> order(members_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t at) { return members_[at].loss; });
  return order;
}

double DePopulation::draw_step(Rng& rng) const {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const double f = step_ + draw_width * std::tan(std::numbers::pi * (rng.uniform() - 0.5));
    if (f > 0) return std::min(f, 1.0);
  }
  return step_;
}

double DePopulation::draw_share(Rng& rng) const {
  return std::clamp(share_ + draw_width * rng.normal(), 0.0, 1.0);
}

const DePopulation::Member& DePopulation::other(std::size_t target, std::size_t first,
                                                bool archived, Rng& rng) const {
  const std::size_t all = members_.size() + (archived ? archive_.size() : 0);
  std::size_t at = rng.below(all);
  for (int attempt = 0; attempt < 50 && (at == target || at == first); ++attempt) {
    at = rng.below(all);
  }
  return at < members_.size() ? members_[at] : archive_[at - members_.size()];
}

}  // namespace caviar
