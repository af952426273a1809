#include "caviar/sampler/completion.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr int attempts = 1000;

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

}  // namespace

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
