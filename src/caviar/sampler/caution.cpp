#include "caviar/sampler/caution.hpp"

#include <algorithm>
#include <utility>

namespace caviar {

Caution::Caution(const std::vector<Axis>& axes, const Observations& seen,
                 const std::optional<Kernel>& failures) {
  for (const Axis& axis : axes) categorical_.push_back(axis.categorical ? 1 : 0);
  plateaus_ = plateaus_of(seen, categorical_);
  if (failures) feasibility_.emplace(axes, seen, *failures);
}

bool Caution::avoids(std::span<const double> unit) const {
  return std::ranges::any_of(
      plateaus_, [&](const Plateau& plateau) { return plateau.holds(unit, categorical_); });
}

Acquisition Caution::heeded_by(Acquisition acquisition) const {
  return feasibility_ ? feasibly(std::move(acquisition), *feasibility_) : acquisition;
}

}  // namespace caviar
