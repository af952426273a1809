#include "caviar/sampler/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/trial/reports.hpp"

namespace caviar {

std::optional<double> outcome(const History& history, const Trial& trial) {
  if (trial.outside) return std::nullopt;
  const auto finite = [](double loss) { return std::isfinite(loss) ? loss : std::nan(""); };
  // A pruned trial has values where it spent a partial budget.
  const bool counts = trial.state == TrialState::complete || trial.state == TrialState::pruned;
  if (counts && !trial.values.empty()) return finite(history.loss(trial));
  if (trial.state == TrialState::pruned) {
    const std::optional<double> expected = expected_loss(history, trial);
    return expected ? std::optional(finite(*expected)) : std::nullopt;
  }
  if (trial.state == TrialState::failed) return std::nan("");
  return std::nullopt;
}

void Ledger::follow(const History& history) {
  const auto endings = history.endings();
  const bool continues = folded_ <= endings.size() && axes_ == history.space().size() &&
                         (folded_ == 0 || endings[folded_ - 1].digest == digest_);
  if (!continues) *this = Ledger();
  axes_ = history.space().size();
  for (const auto& ending : endings.subspan(folded_)) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(ending.trial)];
    if (const std::optional<double> loss = outcome(history, trial)) add(trial, *loss);
    digest_ = ending.digest;
  }
  folded_ = endings.size();
}

void Ledger::add(const Trial& trial, double loss) {
  const auto row = static_cast<std::uint32_t>(losses_.size());
  units_.insert(units_.end(), trial.unit.begin(), trial.unit.end());
  losses_.push_back(loss);
  trials_.push_back(trial.number);
  // Failed rows form the tail of the order; a new one of them goes to its end.
  auto place = order_.end();
  if (std::isnan(loss)) {
    ++failed_;
  } else {
    place = std::upper_bound(order_.begin(), order_.end() - static_cast<std::ptrdiff_t>(failed_),
                             loss, [&](double a, std::uint32_t b) { return a < losses_[b]; });
  }
  order_.insert(place, row);
}

}  // namespace caviar
