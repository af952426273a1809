#include "caviar/sampler/caution.hpp"

#include <algorithm>
#include <utility>

namespace caviar {

Caution::Caution(const std::vector<Axis>& axes, const Observations& seen,
                 const std::optional<Kernel>& failures, std::span<const Kernel> bounds) {
  for (const Axis& axis : axes) categorical_.push_back(axis.categorical ? 1 : 0);
  plateaus_ = plateaus_of(seen, categorical_);
  if (failures) {
    const Demand demand = no_failures(seen);
    failures_.emplace(axes, std::span(&demand, 1), std::span(&*failures, 1));
  }
  if (!bounds.empty()) bounds_.emplace(axes, kept_bounds(seen), bounds, seen.pending);
}

bool Caution::avoids(std::span<const double> unit) const {
  return std::ranges::any_of(
      plateaus_, [&](const Plateau& plateau) { return plateau.holds(unit, categorical_); });
}

Acquisition Caution::heeded_by(Acquisition acquisition) const {
  if (bounds_) acquisition = feasibly(std::move(acquisition), *bounds_);
  return but_for_failures(std::move(acquisition));
}

Acquisition Caution::but_for_failures(Acquisition acquisition) const {
  return failures_ ? feasibly(std::move(acquisition), *failures_) : acquisition;
}

Acquisition Caution::without_gain() const { return but_for_failures(probably_feasible(*bounds_)); }

}  // namespace caviar
