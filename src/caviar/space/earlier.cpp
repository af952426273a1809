#include "caviar/space/earlier.hpp"

namespace caviar {

const Value* value_before(const Parameter& parameter, const Point& point) {
  const bool older = parameter.before && point.find(parameter.name) == nullptr;
  return older && active(parameter, point) ? &*parameter.before : nullptr;
}

Point values_before(const Space& space, const Point& point) {
  Point values;
  for (const Parameter& parameter : space.parameters()) {
    if (const Value* value = value_before(parameter, point)) values.set(parameter.name, *value);
  }
  return values;
}

}  // namespace caviar
