// How samplers draw when they have no better idea, and what they find of their own earlier trials.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "caviar/base/rng.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// A feasible configuration, uniform over the unit cube. Throws Error{input} where none was found:
// the constraints leave (nearly) nothing.
Point uniform_point(const Space& space, Rng& rng);

// The same where nobody has a hunch of where the best values lie; otherwise drawn from a mixture
// of that and of what the hunches expect, which weighs the less, the more trials there are.
Point hunched_point(const History& history, Rng& rng);

// Moves a point of the unit cube, for example into a box.
using Placement = std::function<void(std::span<double> unit)>;

// The first point of the scrambled Sobol sequence from `index` on that, once placed, is feasible
// and new to the history (placed by the hunches that there are, unless `place` does it); `index`
// then stands behind it. nullopt after 200 that are not.
std::optional<Point> next_sobol(const History& history, std::uint64_t seed, std::uint64_t& index,
                                const Placement& place = {});

// The number that the latest trial by this method noted under the key; nullopt where there is none.
std::optional<double> last_note(const History& history, std::string_view by,
                                const std::string& key);
// The latest trial by this method; nullptr where there is none. One out of the queue does not
// count: it is an earlier one run again, so it does not say how far the method has come.
const Trial* last_trial(const History& history, std::string_view by);

}  // namespace caviar
