#include "caviar/sampler/population.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/math/pareto.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {

void Population::follow(const History& history) {
  const auto endings = history.endings();
  const bool continues = folded_ <= endings.size() && axes_ == history.space().size() &&
                         (folded_ == 0 || endings[folded_ - 1].digest == digest_);
  if (!continues) *this = Population(most_);
  axes_ = history.space().size();
  const Goal& goal = history.goal();
  for (; folded_ < endings.size(); ++folded_) {
    digest_ = endings[folded_].digest;
    const Trial& trial = history.trials()[static_cast<std::size_t>(endings[folded_].trial)];
    if (trial.state != TrialState::complete || trial.values.size() != goal.objectives()) continue;
    std::vector<double> own = losses(goal, trial);
    if (!std::ranges::all_of(own, [](double loss) { return std::isfinite(loss); })) continue;
    members_.push_back({trial.number, trial.unit, std::move(own), violation(goal, trial), 0, 0});
    rank();
    if (members_.size() > most_) {
      // Of equals the newest leaves.
      const auto last = std::ranges::max_element(members_, [](const Member& a, const Member& b) {
        return fitter(a, b) || (!fitter(b, a) && a.trial < b.trial);
      });
      members_.erase(last);
      rank();
    }
  }
}

bool Population::fitter(const Member& a, const Member& b) {
  return a.rank != b.rank ? a.rank < b.rank : a.crowding > b.crowding;
}

// Constraint-domination: solutions by domination, then the others by how far they are beyond the
// bounds (Deb et al. 2002, definition 1).
void Population::rank() {
  std::vector<std::size_t> inside, outside;
  std::vector<double> rows, violations;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    const Member& member = members_[m];
    if (member.violation > 0) {
      outside.push_back(m);
      violations.push_back(member.violation);
      continue;
    }
    inside.push_back(m);
    rows.insert(rows.end(), member.losses.begin(), member.losses.end());
  }
  std::size_t ranks_taken = 0;
  if (!inside.empty()) {
    const std::size_t columns = members_[inside.front()].losses.size();
    const std::vector<std::size_t> ranks = domination_ranks(rows, columns);
    ranks_taken = 1 + std::ranges::max(ranks);
    for (std::size_t rank = 0; rank < ranks_taken; ++rank) {
      std::vector<std::size_t> front;
      std::vector<double> of_front;
      for (std::size_t at = 0; at < inside.size(); ++at) {
        if (ranks[at] != rank) continue;
        front.push_back(inside[at]);
        const std::vector<double>& own = members_[inside[at]].losses;
        of_front.insert(of_front.end(), own.begin(), own.end());
      }
      const std::vector<double> crowding = crowding_distances(of_front, columns);
      for (std::size_t at = 0; at < front.size(); ++at) {
        members_[front[at]].rank = rank;
        members_[front[at]].crowding = crowding[at];
      }
    }
  }
  for (const std::size_t at : ascending(violations)) {
    members_[outside[at]].rank = ranks_taken++;
    members_[outside[at]].crowding = 0;
  }
}

}  // namespace caviar
