// The first trials in a space of numbers: one step along each axis, from the best so far.
#pragma once

#include <cstdint>
#include <optional>

#include "caviar/base/rng.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// Where steps along the axes say more than points spread evenly: all parameters are numbers, or
// choices with an order, and none hangs on another.
bool steps_first(const Space& space);

// How many trials they take, the middle of the space included.
std::size_t first_steps(const Space& space);

// The number-th of them (from 1): a fifth of the range up or down along one axis, those of the
// first tiers before the others, away from the best trial, or the middle while there is none. A
// step that improves is kept, so half of them go downhill on the way, and together they tell the
// slope at a place worth knowing: points spread evenly over many axes are far from each other and
// from everything. nullopt where neither direction gives a feasible, new configuration.
std::optional<Point> next_step(const History& history, std::uint64_t seed, std::uint64_t number,
                               Rng& rng);

}  // namespace caviar
