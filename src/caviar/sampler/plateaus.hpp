// Plateaus: parts of the space where every trial so far lost exactly the same, or failed. A smooth
// model never believes that a place between such trials is like them, and goes on proposing it.
#pragma once

#include <span>
#include <vector>

#include "caviar/sampler/observations.hpp"

namespace caviar {

// A box of unit coordinates; on categorical axes, where there is no between, one or two choices.
// NaN: inactive.
struct Plateau {
  std::vector<double> low, high;

  bool holds(std::span<const double> unit, std::span<const char> categorical) const;
};

// Boxes between two trials of the same loss that hold no trial of another loss, and of this one at
// least four, those two included, and two more for every axis beyond the first along which they
// extend. Trials that failed are alike, and four of them are enough. Of each loss the first 40
// trials are looked at. `categorical`: one entry an axis, 0 or 1.
std::vector<Plateau> plateaus_of(const Observations& seen, std::span<const char> categorical);

}  // namespace caviar
