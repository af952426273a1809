// What the good trials so far never looked like at that step will hardly become good: the rule
// adapts itself to how much early reports say, since late bloomers among the leaders make it let
// everything go on.
#include "caviar/pruner/leaders.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "caviar/pruner/entry.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

struct Leaders {
  std::int64_t protect = usual_protection;
};

void fields(Leaders& o, auto&& field) { protect_field(o, field); }

void prepare(Leaders& o, const Node& spec) {
  if (o.protect < 1) spec.fail("protect is 0; without leaders there is nothing to compare with");
}

// Steps 1, 2, 3, 4, 5, 7, 9, 12, …: a trial that is judged at every step is unlucky once.
bool is_judged(const Trial& trial) {
  const std::int64_t now = trial.reports.back().step;
  const std::int64_t before = trial.reports.size() > 1 ? trial.reports.end()[-2].step : 0;
  std::int64_t step = 1;
  while (step <= before && step < now) step += std::max<std::int64_t>(1, step / 4);
  return step > before && step <= now;
}

// That it is behind is asked of every pruner with protection.
Flow judge(const Leaders&, const History&, const Trial& trial) {
  return is_judged(trial) ? Flow::stop : Flow::go;
}

}  // namespace

bool is_behind_leaders(const History& history, const Trial& trial, std::int64_t least) {
  std::vector<std::pair<double, const Trial*>> complete;
  for (const Trial& other : history.trials()) {
    if (other.state == TrialState::complete) complete.emplace_back(history.loss(other), &other);
  }
  if (std::ssize(complete) < least) return false;
  const auto ran = static_cast<std::int64_t>(complete.size() + history.count(TrialState::pruned));
  const std::int64_t leaders = std::min(std::max(least, ran / 10), std::ssize(complete));
  std::ranges::stable_sort(complete, {}, &std::pair<double, const Trial*>::first);
  const std::int64_t step = trial.reports.back().step;
  const double own = best_loss_by(history.goal(), trial, step);
  return std::ranges::all_of(complete.begin(), complete.begin() + leaders, [&](const auto& leader) {
    const double led = best_loss_by(history.goal(), *leader.second, step);
    return own > led && std::isfinite(led);
  });
}

bool is_behind_front(const FrontView& view, const Trial& trial) {
  const auto members = static_cast<std::int64_t>(view.members);
  return members > 0 && is_behind_leaders(view.history, trial, members);
}

PrunerEntry leaders_pruner() {
  return pruner_entry<Leaders>("leaders",
                               "stops what stands worse than all of the best did at its step");
}

}  // namespace caviar
