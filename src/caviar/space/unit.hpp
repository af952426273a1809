// The bijection between configurations and the unit cube: the one way every sampler works.
//
// A unit vector has one coordinate a parameter, in the space's order. decode ignores the
// coordinates of inactive parameters; encode gives NaN for them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/space/space.hpp"

namespace caviar {

Point decode(const Space& space, std::span<const double> unit);
// A parameter that is absent from the point becomes its value `before`, where it has one and its
// conditions hold; otherwise, or where the value lies outside the space (an older or person's own
// one), it becomes NaN.
std::vector<double> encode(const Space& space, const Point& point);

// A configuration drawn uniformly over the unit cube among the feasible ones, by rejection.
// nullopt if `attempts` draws were all infeasible.
std::optional<Point> draw(const Space& space, Rng& rng, int attempts = 100000);

// Calls visit(point) for every feasible configuration of a finite space, in a fixed order, inactive
// parameters left out, none twice; stops early when visit returns false.
void enumerate(const Space& space, const std::function<bool(const Point&)>& visit);

}  // namespace caviar
