// The search space: an ordered, validated list of parameters.
#include "caviar/space/space.hpp"

#include <algorithm>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/problem.hpp"

namespace caviar {
namespace {

std::string active_when(const Parameter& parameter) {
  std::vector<std::string> texts;
  for (const Condition& condition : parameter.when) texts.push_back(to_text(condition));
  return join(texts, " and ");
}

[[noreturn]] void refuse(const std::string& where, const std::string& problem) {
  throw Error(Fault::input, where + ": " + problem);
}

void refuse_unknown(const Space& space, const Point& point, const std::string& where) {
  for (const auto& [name, value] : point.entries()) {
    if (space.index(name)) continue;
    std::vector<std::string> names;
    for (const Parameter& parameter : space.parameters()) names.push_back(parameter.name);
    refuse(where, "'" + name + "' is not a parameter of the space" + suggestion(name, names));
  }
}

// The parameter's value in its own type; nullopt where it is rightly absent.
std::optional<Value> checked_value(const Parameter& parameter, const Point& point, bool is_active,
                                   const std::string& where) {
  const Value* value = point.find(parameter.name);
  if (!is_active) {
    if (!value) return std::nullopt;
    refuse(where, "'" + parameter.name + "' is given, but exists only when " +
                      active_when(parameter) + "; leave it out");
  }
  if (!value) {
    refuse(where,
           "'" + parameter.name + "' has no value, expected " + describe(parameter.distribution));
  }
  if (!contains(parameter.distribution, *value)) {
    refuse(where, "'" + parameter.name + "' is '" + to_text(*value) + "', expected " +
                      kind_name(parameter.distribution) + " " + describe(parameter.distribution));
  }
  return normalised(parameter.distribution, *value);
}

}  // namespace

Space::Space(std::vector<Parameter> parameters, std::vector<Constraint> constraints)
    : parameters_(std::move(parameters)), constraints_(std::move(constraints)) {
  if (const auto found = find_problem(parameters_)) {
    const auto& [key, text] = found->problem;
    refuse("space." + parameters_[found->parameter].name + (key.empty() ? "" : "." + key), text);
  }
  for (Constraint& constraint : constraints_) {
    if (constraint.text.empty()) constraint.text = to_text(constraint);
    if (const auto text = find_problem(constraint, parameters_)) {
      refuse("constraint '" + constraint.text + "'", *text);
    }
  }
  order_ = topological_order(parameters_);
  for (std::size_t i = 0; i < parameters_.size(); ++i) index_.emplace(parameters_[i].name, i);
}

std::optional<std::size_t> Space::index(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

bool Space::has_conditions() const {
  return std::ranges::any_of(parameters_, [](const Parameter& p) { return !p.when.empty(); });
}

Space Space::with(Parameter parameter) const {
  std::vector<Parameter> parameters = parameters_;
  parameters.push_back(std::move(parameter));
  return Space(std::move(parameters), constraints_);
}

bool Space::operator==(const Space& other) const {
  return parameters_ == other.parameters_ && constraints_ == other.constraints_;
}

bool active(const Parameter& parameter, const Point& point) {
  return std::ranges::all_of(parameter.when, [&](const Condition& condition) {
    const Value* value = point.find(condition.parameter);
    return value && condition.holds(*value);
  });
}

bool feasible(const Space& space, const Point& point) {
  return std::ranges::all_of(space.constraints(),
                             [&](const Constraint& constraint) { return constraint.holds(point); });
}

bool admits(const Space& space, const Point& point) {
  return std::ranges::all_of(space.parameters(),
                             [&](const Parameter& parameter) {
                               const Value* value = point.find(parameter.name);
                               return !value || contains(parameter.distribution, *value);
                             }) &&
         feasible(space, point);
}

Point checked(const Space& space, const Point& point, const std::string& where) {
  refuse_unknown(space, point, where);
  std::vector<std::optional<Value>> values(space.size());
  Point known;  // what conditions may look at
  for (const std::size_t i : space.order()) {
    values[i] = checked_value(space[i], point, active(space[i], known), where);
    if (values[i]) known.set(space[i].name, *values[i]);
  }
  for (const Constraint& constraint : space.constraints()) {
    if (!constraint.holds(known)) {
      refuse(where, "the constraint '" + constraint.text + "' does not hold for " + to_text(point));
    }
  }
  std::vector<Point::Entry> entries;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i]) entries.emplace_back(space[i].name, std::move(*values[i]));
  }
  return Point::from(std::move(entries));
}

}  // namespace caviar
