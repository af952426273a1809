// What a configuration counts with that is older than a parameter of its space: that parameter's
// value `before`. Models, tables, pages and exports all ask here.
#pragma once

#include "caviar/space/space.hpp"

namespace caviar {

// The parameter's value `before` where the point has none of its own though its conditions hold;
// else nullptr. It lives as long as the parameter.
const Value* value_before(const Parameter& parameter, const Point& point);

// All of them by name, in the space's order: empty for a configuration of the space as it is.
Point values_before(const Space& space, const Point& point);

}  // namespace caviar
