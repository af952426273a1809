// What differs between two spaces, in words.
#include <algorithm>

#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space.hpp"

namespace caviar {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;  // what, its value

// Texts in quotes, and floats with a point: "3" and 3 and 3.0 are different choices.
std::string exact_text(const Value& value) {
  if (std::holds_alternative<std::string>(value)) return "'" + to_text(value) + "'";
  std::string text = to_text(value);
  const bool looks_whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return std::holds_alternative<double>(value) && looks_whole ? text + ".0" : text;
}

Facts facts(const Parameter& parameter) {
  Facts facts = {{"type", kind_name(parameter.distribution)}};
  std::visit(match{[&](const Choice& choice) {
                     std::vector<std::string> texts;
                     for (const Value& value : choice.values) texts.push_back(exact_text(value));
                     facts.emplace_back("choices", join(texts, ", "));
                   },
                   [&](const auto& axis) {
                     facts.emplace_back("low", to_text(Value(axis.low)));
                     facts.emplace_back("high", to_text(Value(axis.high)));
                     facts.emplace_back("scale", scale_name(axis.scale));
                     facts.emplace_back("step", to_text(Value(axis.step)));
                   }},
             parameter.distribution);
  std::vector<std::string> conditions;
  for (const Condition& condition : parameter.when) conditions.push_back(to_text(condition));
  facts.emplace_back("when", conditions.empty() ? "always" : join(conditions, " and "));
  return facts;
}

std::string in_short(const Parameter& parameter) {
  return kind_name(parameter.distribution) + " " + describe(parameter.distribution);
}

void compare(const Parameter& stored, const Parameter& wanted, std::vector<std::string>& lines) {
  const Facts before = facts(stored), after = facts(wanted);
  if (before.front() != after.front()) {
    lines.push_back(stored.name + ": was " + in_short(stored) + ", now " + in_short(wanted));
    return;
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    lines.push_back(stored.name + ": " + before[i].first + " was " + before[i].second + ", now " +
                    after[i].second);
  }
}

bool has(std::span<const Constraint> constraints, const Constraint& wanted) {
  return std::ranges::find(constraints, wanted) != constraints.end();
}

Space without_expectations(const Space& space) {
  std::vector<Parameter> parameters;
  for (const Parameter& parameter : space.parameters()) {
    parameters.push_back({parameter.name, parameter.distribution, parameter.when});
  }
  return Space(std::move(parameters), {space.constraints().begin(), space.constraints().end()});
}

bool same_order(const Space& stored, const Space& wanted) {
  return std::ranges::equal(stored.parameters(), wanted.parameters(), {}, &Parameter::name,
                            &Parameter::name);
}

}  // namespace

std::vector<std::string> differences(const Space& stored, const Space& wanted) {
  std::vector<std::string> lines;
  for (const Parameter& parameter : stored.parameters()) {
    if (const auto other = wanted.index(parameter.name)) {
      compare(parameter, wanted[*other], lines);
    } else {
      lines.push_back(parameter.name + " (" + in_short(parameter) + ") is gone");
    }
  }
  for (const Parameter& parameter : wanted.parameters()) {
    if (!stored.index(parameter.name))
      lines.push_back(parameter.name + " (" + in_short(parameter) + ") is new");
  }
  for (const Constraint& constraint : stored.constraints()) {
    if (!has(wanted.constraints(), constraint)) {
      lines.emplace_back("constraint '" + constraint.text + "' is gone");
    }
  }
  for (const Constraint& constraint : wanted.constraints()) {
    if (!has(stored.constraints(), constraint)) {
      lines.emplace_back("constraint '" + constraint.text + "' is new");
    }
  }
  if (lines.empty() && !same_order(stored, wanted)) {
    lines.emplace_back("the same parameters stand in another order");
  }
  if (lines.empty() && !(without_expectations(stored) == without_expectations(wanted))) {
    lines.emplace_back("the same conditions or constraints are written in another way");
  }
  return lines;
}

}  // namespace caviar
