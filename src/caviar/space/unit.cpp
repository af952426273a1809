// The bijection between configurations and the unit cube.
#include "caviar/space/unit.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "caviar/base/error.hpp"
#include "caviar/space/earlier.hpp"

namespace caviar {
namespace {

// The point's entries in the order of the space's parameters.
Point in_order_of(const Space& space, const Point& point) {
  std::vector<Point::Entry> entries;
  entries.reserve(point.size());
  for (const Parameter& parameter : space.parameters()) {
    if (const Value* value = point.find(parameter.name)) {
      entries.emplace_back(parameter.name, *value);
    }
  }
  return Point::from(std::move(entries));
}

Point decode_all(const Space& space, std::span<const double> unit) {
  std::vector<Point::Entry> entries;
  entries.reserve(space.size());
  for (std::size_t i = 0; i < space.size(); ++i) {
    entries.emplace_back(space[i].name, decode(space[i].distribution, unit[i]));
  }
  return Point::from(std::move(entries));
}

// Walks the tree of values, parameters in topological order, the last one turning fastest.
class Walk {
 public:
  Walk(const Space& space, const std::function<bool(const Point&)>& visit)
      : space_(space), visit_(visit), touching_(space.size()) {
    for (const Constraint& constraint : space.constraints()) {
      for (const auto& term : constraint.terms) {
        touching_[*space.index(term.first)].push_back(&constraint);
      }
    }
  }

  // False once visit has had enough.
  bool from(std::size_t depth, const Point& point) const {
    if (depth == space_.size()) return visit_(in_order_of(space_, point));
    const std::size_t at = space_.order()[depth];
    if (!active(space_[at], point)) return from(depth + 1, point);
    const auto values = cardinality(space_[at].distribution);
    if (!values) {
      throw Error(Fault::input, "'" + space_[at].name + "' is continuous (" +
                                    describe(space_[at].distribution) +
                                    "): its values cannot be listed, give it a step");
    }
    Point next = point;
    for (std::uint64_t i = 0; i < *values; ++i) {
      next.set(space_[at].name, value_at(space_[at].distribution, i));
      if (possible(at, next) && !from(depth + 1, next)) return false;
    }
    return true;
  }

 private:
  // A constraint holds as long as one of its parameters is absent, so a branch is cut only once it
  // is certain to fail.
  bool possible(std::size_t parameter, const Point& point) const {
    for (const Constraint* constraint : touching_[parameter]) {
      if (!constraint->holds(point)) return false;
    }
    return true;
  }

  const Space& space_;
  const std::function<bool(const Point&)>& visit_;
  std::vector<std::vector<const Constraint*>> touching_;  // by parameter
};

}  // namespace

Point decode(const Space& space, std::span<const double> unit) {
  assert(unit.size() == space.size());
  if (!space.has_conditions()) return decode_all(space, unit);
  std::vector<Point::Entry> room;
  room.reserve(space.size());
  Point point = Point::from(std::move(room));
  bool in_order = true;
  for (std::size_t depth = 0; depth < space.size(); ++depth) {
    const std::size_t i = space.order()[depth];
    in_order = in_order && i == depth;
    if (active(space[i], point)) point.set(space[i].name, decode(space[i].distribution, unit[i]));
  }
  return in_order ? point : in_order_of(space, point);
}

std::vector<double> encode(const Space& space, const Point& point) {
  std::vector<double> unit(space.size(), std::numeric_limits<double>::quiet_NaN());
  // Entries mostly stand in the space's order: looking at the next one first saves a search each.
  const std::vector<Point::Entry>& entries = point.entries();
  std::size_t next = 0;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const bool in_order = next < entries.size() && entries[next].first == space[i].name;
    const Value* value = in_order ? &entries[next++].second : point.find(space[i].name);
    if (!value && space[i].before) value = value_before(space[i], point);
    if (value && contains(space[i].distribution, *value)) {
      unit[i] = encode(space[i].distribution, *value);
    }
  }
  return unit;
}

std::optional<Point> draw(const Space& space, Rng& rng, int attempts) {
  std::vector<double> unit(space.size());
  for (int attempt = 0; attempt < attempts; ++attempt) {
    for (double& coordinate : unit) coordinate = rng.uniform();
    Point point = decode(space, unit);
    if (feasible(space, point)) return point;
  }
  return std::nullopt;
}

void enumerate(const Space& space, const std::function<bool(const Point&)>& visit) {
  Walk(space, visit).from(0, Point());
}

}  // namespace caviar
