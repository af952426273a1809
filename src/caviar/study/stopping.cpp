#include "caviar/study/stopping.hpp"

#include <algorithm>
#include <vector>

#include "caviar/math/pareto.hpp"
#include "caviar/sampler/expected_gain.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

// Solutions as they came, kept as far as later ones must beat them.
class Frontier {
 public:
  explicit Frontier(double improvement) : improvement_(improvement) {}

  bool empty() const { return kept_.empty(); }
  // Whether it is an improvement, which then is to be beaten by the next.
  bool take(std::vector<double> losses) {
    if (losses.size() == 1 && !kept_.empty()) {
      const double best = kept_.front().front();
      const bool improved = losses[0] < best && best - losses[0] >= improvement_;
      if (improved) kept_.front() = losses;
      return improved;
    }
    const auto matches = [&](const std::vector<double>& other) {
      return other == losses || dominates(other, losses);
    };
    if (std::ranges::any_of(kept_, matches)) return false;
    std::erase_if(kept_, [&](const auto& other) { return dominates(losses, other); });
    kept_.push_back(std::move(losses));
    return true;
  }

 private:
  double improvement_;
  std::vector<std::vector<double>> kept_;
};

}  // namespace

int trials_without_improvement(const History& history, double improvement) {
  const Goal& goal = history.goal();
  Frontier frontier(improvement);
  int without = 0;
  for (const auto& ending : history.endings()) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(ending.trial)];
    if (trial.state == TrialState::interrupted) continue;
    const bool improved = is_solution(goal, trial) && frontier.take(losses(goal, trial));
    without = improved || frontier.empty() ? 0 : without + 1;
  }
  return without;
}

Stopping::Stopping(const Limits& limits, std::uint64_t seed)
    : target_(limits.target),
      least_gain_(limits.expected_gain),
      patience_(limits.patience),
      improvement_(limits.improvement),
      seed_(seed) {}

std::optional<Ending> Stopping::met(const History& history) {
  const Trial* best = history.best();
  if (best == nullptr) return std::nullopt;
  if (target_ && history.loss(*best) <= history.goal().loss(*target_)) return Ending::target;
  if (patience_ && trials_without_improvement(history, improvement_) >= *patience_) {
    return Ending::patience;
  }
  if (!least_gain_) return std::nullopt;
  if (const std::uint64_t digest = history.endings().back().digest; digest != digest_) {
    gain_ = caviar::expected_gain(history, seed_);
    digest_ = digest;
  }
  return gain_ && *gain_ < *least_gain_ ? std::optional(Ending::gain) : std::nullopt;
}

}  // namespace caviar
