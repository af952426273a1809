#include "caviar/study/stopping.hpp"

#include <algorithm>
#include <vector>

#include "caviar/math/pareto.hpp"
#include "caviar/sampler/expected_gain.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/trial/repeats.hpp"

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

Stopping::Stopping(const Limits& limits, const SearchSpec& search)
    : target_(limits.target),
      least_gain_(limits.expected_gain),
      patience_(limits.patience),
      improvement_(limits.improvement),
      runs_(search.reevaluate),
      seed_(search.seed) {}

// What is shown as the best must have met it. Where leaders run again, one lucky run is not enough:
// the configuration has had all its runs, some of which may have failed.
bool Stopping::is_target_met(const History& history) const {
  const Goal& goal = history.goal();
  const std::optional<Recommendation> best = recommendation(history);
  if (!best || goal.loss(best->values.front()) > goal.loss(*target_)) return false;
  const std::uint64_t point = best->trial->point.fingerprint();
  const auto runs = std::ranges::count_if(history.trials(), [&](const Trial& trial) {
    return trial.finished() && trial.state != TrialState::interrupted &&
           trial.point.fingerprint() == point;
  });
  return runs >= runs_;
}

std::optional<Ending> Stopping::met(const History& history) {
  if (history.best() == nullptr) return std::nullopt;
  if (target_ && is_target_met(history)) return Ending::target;
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
