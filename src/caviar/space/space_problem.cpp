// The rules that hold between the parameters of a space: names, conditions, constraints.
#include <algorithm>
#include <unordered_map>

#include "caviar/base/text.hpp"
#include "caviar/space/problem.hpp"

namespace caviar {
namespace {

using Found = std::optional<Problem>;
using Index = std::unordered_map<std::string, std::size_t>;

std::vector<std::string> names_of(std::span<const Parameter> parameters) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  return names;
}

Index index_of(std::span<const Parameter> parameters) {
  Index index;
  for (std::size_t i = 0; i < parameters.size(); ++i) index.emplace(parameters[i].name, i);
  return index;
}

std::string unknown(const std::string& name, std::span<const Parameter> parameters) {
  return "'" + name + "' is not a parameter" + suggestion(name, names_of(parameters));
}

bool is_numeric(const Distribution& distribution) {
  const auto* choice = std::get_if<Choice>(&distribution);
  return !choice || std::ranges::all_of(choice->values, [](const Value& value) {
    return as_number(value).has_value();
  });
}

// The smallest and the largest value of a numeric distribution.
std::pair<Value, Value> ends(const Distribution& distribution) {
  const auto* choice = std::get_if<Choice>(&distribution);
  if (!choice) return {decode(distribution, 0), decode(distribution, 1)};
  const auto [low, high] = std::ranges::minmax_element(
      choice->values, {}, [](const Value& value) { return *as_number(value); });
  return {*low, *high};
}

Found comparison_problem(const Condition& condition, const Parameter& other) {
  if (condition.values.size() != 1 || !as_number(condition.values.front())) {
    return Problem{"when", "'" + to_text(condition) + "': a comparison needs one number"};
  }
  if (!is_numeric(other.distribution)) {
    return Problem{"when", "'" + to_text(condition) + "': only numbers can be compared, '" +
                               other.name + "' is " + describe(other.distribution)};
  }
  const auto [low, high] = ends(other.distribution);
  if (condition.holds(low) || condition.holds(high)) return std::nullopt;
  return Problem{"when", "'" + to_text(condition) + "' can never hold, '" + other.name + "' is " +
                             describe(other.distribution)};
}

Found condition_problem(const Condition& condition, const Parameter& other) {
  if (condition.comparison != Comparison::one_of) return comparison_problem(condition, other);
  if (condition.values.empty()) {
    return Problem{"when", "at least one value of '" + other.name + "' is needed"};
  }
  if (is_continuous(other.distribution)) {
    return Problem{"when", "'" + to_text(condition) + "': '" + other.name +
                               "' is continuous and will hardly ever be exactly that; "
                               "use a comparison such as {\">=\": " +
                               to_text(condition.values.front()) + "}"};
  }
  for (const Value& value : condition.values) {
    if (contains(other.distribution, value)) continue;
    return Problem{"when", "'" + to_text(value) + "' is no value of '" + other.name +
                               "', which is " + describe(other.distribution)};
  }
  return std::nullopt;
}

Found conditions_problem(const Parameter& parameter, std::span<const Parameter> parameters,
                         const Index& index) {
  for (const Condition& condition : parameter.when) {
    const auto other = index.find(condition.parameter);
    if (other == index.end()) return Problem{"when", unknown(condition.parameter, parameters)};
    if (const Found problem = condition_problem(condition, parameters[other->second])) {
      return problem;
    }
  }
  return std::nullopt;
}

Found own_problem(const Parameter& parameter) {
  if (parameter.name.empty()) return Problem{"", "a parameter needs a name"};
  if (valid_utf8(parameter.name) != parameter.name.size()) {
    return Problem{"", "the name is not UTF-8 text"};
  }
  if (parameter.tier < 0 || parameter.tier > 4) {
    return Problem{"tier", std::to_string(parameter.tier) +
                               " given, a tier is 1 (matters most) to 4, or left out"};
  }
  if (Found problem = find_problem(parameter.distribution)) return problem;
  if (parameter.hunch) {
    if (const auto text = find_problem(*parameter.hunch, parameter.distribution)) {
      return Problem{"believe", *text};
    }
  }
  if (parameter.before && !contains(parameter.distribution, *parameter.before)) {
    return Problem{"before", to_text(*parameter.before) + " given, " +
                                 describe(parameter.distribution) + " expected"};
  }
  return std::nullopt;
}

// Follows conditions among parameters that wait for each other until one comes round again.
SpaceProblem circle_problem(std::span<const Parameter> parameters, const Index& index,
                            const std::vector<bool>& placed) {
  std::vector<std::size_t> path;
  std::size_t at = static_cast<std::size_t>(std::ranges::find(placed, false) - placed.begin());
  while (std::ranges::find(path, at) == path.end()) {
    path.push_back(at);
    for (const Condition& condition : parameters[at].when) {
      const std::size_t other = index.at(condition.parameter);
      if (placed[other]) continue;
      at = other;
      break;
    }
  }
  std::string circle;
  for (auto step = std::ranges::find(path, at); step != path.end(); ++step) {
    circle += parameters[*step].name + " → ";
  }
  return {at, {"when", "the conditions form a circle: " + circle + parameters[at].name}};
}

}  // namespace

std::vector<std::size_t> topological_order(std::span<const Parameter> parameters) {
  const Index index = index_of(parameters);
  std::vector<std::size_t> order;
  std::vector<bool> placed(parameters.size());
  const auto ready = [&](const Condition& condition) {
    return placed[index.at(condition.parameter)];
  };
  // Always the first one that is ready, so that a list in a good order stays as it is.
  for (std::size_t i = 0; i < parameters.size();) {
    if (placed[i] || !std::ranges::all_of(parameters[i].when, ready)) {
      ++i;
      continue;
    }
    placed[i] = true;
    order.push_back(i);
    i = 0;
  }
  return order;
}

std::optional<SpaceProblem> find_problem(std::span<const Parameter> parameters) {
  const Index index = index_of(parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (const Found problem = own_problem(parameters[i])) return SpaceProblem{i, *problem};
    if (index.at(parameters[i].name) != i) {
      return SpaceProblem{i, {"", "there are two parameters of this name"}};
    }
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (const Found problem = conditions_problem(parameters[i], parameters, index)) {
      return SpaceProblem{i, *problem};
    }
  }
  const std::vector<std::size_t> order = topological_order(parameters);
  if (order.size() == parameters.size()) return std::nullopt;
  std::vector<bool> placed(parameters.size());
  for (const std::size_t i : order) placed[i] = true;
  return circle_problem(parameters, index, placed);
}

std::optional<std::string> find_problem(const Constraint& constraint,
                                        std::span<const Parameter> parameters) {
  for (const auto& term : constraint.terms) {
    const auto parameter = std::ranges::find(parameters, term.first, &Parameter::name);
    if (parameter == parameters.end()) return unknown(term.first, parameters);
    if (!is_numeric(parameter->distribution)) {
      return "'" + term.first + "' is no number, it is " + describe(parameter->distribution);
    }
  }
  return std::nullopt;
}

}  // namespace caviar
