#include "caviar/sampler/completion.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr int attempts = 1000;
constexpr int attempts_to_refute = 10000;

// The point of these coordinates, with the given values in their place.
Point assembled(const Space& space, const Point& given, const std::vector<double>& unit) {
  Point known;
  for (const std::size_t i : space.order()) {
    const Parameter& parameter = space[i];
    if (!active(parameter, known)) continue;
    const Value* value = given.find(parameter.name);
    known.set(parameter.name, value ? *value : decode(parameter.distribution, unit[i]));
  }
  std::vector<Point::Entry> entries;
  for (const Parameter& parameter : space.parameters()) {
    if (const Value* value = known.find(parameter.name)) {
      entries.emplace_back(parameter.name, *value);
    }
  }
  return Point::from(std::move(entries));
}

bool keeps_all(const Space& space, const Point& given, const Point& point) {
  return std::ranges::all_of(given.entries(), [&](const Point::Entry& entry) {
    return !space.index(entry.first) || point.find(entry.first) != nullptr;
  });
}

std::string with_value(const std::string& name, const Value& value) {
  return name + '=' + to_text(value);
}

// A condition of what is given that something else given breaks.
std::optional<std::string> broken_condition(const Space& space, const Point& given) {
  for (const auto& [name, value] : given.entries()) {
    const auto index = space.index(name);
    if (!index) continue;
    for (const Condition& condition : space[*index].when) {
      const Value* other = given.find(condition.parameter);
      if (other == nullptr || condition.holds(*other)) continue;
      return with_value(name, value) + " given, but " + name + " exists only where " +
             to_text(condition) + ", and " + with_value(condition.parameter, *other) + " is given";
    }
  }
  return std::nullopt;
}

// A constraint whose parameters are all given, and which does not hold.
std::optional<std::string> broken_constraint(const Space& space, const Point& given) {
  for (const Constraint& constraint : space.constraints()) {
    if (!constraint.holds(given))
      return to_text(given) + " breaks the constraint " + to_text(constraint);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> contradiction(const Space& space, const Point& given) {
  if (auto broken = broken_condition(space, given)) return broken;
  if (auto broken = broken_constraint(space, given)) return broken;
  Rng rng(0xc0, 0);
  std::vector<double> unit(space.size());
  for (int attempt = 0; attempt < attempts_to_refute; ++attempt) {
    for (double& x : unit) x = rng.uniform();
    const Point point = assembled(space, given, unit);
    if (keeps_all(space, given, point) && feasible(space, point)) return std::nullopt;
  }
  return to_text(given) +
         " given, with which no configuration was found that keeps all conditions and constraints";
}

bool is_complete(const Space& space, const Point& point) {
  for (const auto& [name, value] : point.entries()) {
    if (!space.index(name)) return false;
  }
  return std::ranges::all_of(space.parameters(), [&](const Parameter& parameter) {
    return point.find(parameter.name) != nullptr || !active(parameter, point);
  });
}

Proposal completed(const Space& space, const Proposal& given, const Proposal& rest, Rng& rng) {
  std::vector<double> unit = encode(space, rest.point);
  for (double& x : unit) x = std::isnan(x) ? rng.uniform() : x;
  Proposal result = given;
  result.note["completed"] = 1;
  std::optional<Point> kept;  // it keeps all that is given, but not the constraints
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Point point = assembled(space, given.point, unit);
    const bool keeps = keeps_all(space, given.point, point);
    if (keeps && feasible(space, point)) {
      result.point = std::move(point);
      return result;
    }
    if (!kept || keeps) kept = std::move(point);
    for (double& x : unit) x = rng.uniform();
  }
  result.point = std::move(*kept);
  return result;
}

}  // namespace caviar
