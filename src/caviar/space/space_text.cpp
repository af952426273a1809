// A space as a document, read and written.
#include "caviar/space/space_text.hpp"

#include <array>
#include <string_view>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/problem.hpp"

namespace caviar {
namespace {

using Symbol = std::pair<std::string_view, Comparison>;
constexpr std::array<Symbol, 4> comparisons = {{{"<", Comparison::less},
                                                {"<=", Comparison::less_equal},
                                                {">", Comparison::greater},
                                                {">=", Comparison::greater_equal}}};
constexpr std::array<Scale, 3> scales = {Scale::linear, Scale::log, Scale::reverse_log};

[[noreturn]] void fail_at(const Node& parameter, const Problem& problem) {
  const Node* place = problem.key.empty() ? nullptr : parameter.find(problem.key);
  if (place) place->fail(problem.text);
  parameter.fail(problem.key.empty() ? problem.text : problem.key + ": " + problem.text);
}

Scale parse_scale(const Node& node) {
  std::vector<std::string> names;
  for (const Scale scale : scales) {
    names.push_back(scale_name(scale));
    if (node.text() == names.back()) return scale;
  }
  node.fail("unknown scale " + node.describe() + suggestion(node.text(), names));
}

// Refuses unknown keys before missing ones, so that a slip such as `lo` is named as what it is.
Fields fields_of(const Node& node, const std::vector<std::string>& keys) {
  Fields fields(node);
  for (const std::string& key : keys) fields.known(key);
  fields.done();
  return fields;
}

Fields axis_fields(const Node& node) {
  return fields_of(node,
                   {"type", "low", "high", "scale", "step", "when", "tier", "believe", "before"});
}

Float parse_float(const Node& node) {
  Fields fields = axis_fields(node);
  Float axis;
  axis.low = fields.need("low").number();
  axis.high = fields.need("high").number();
  if (const Node* scale = fields.find("scale")) axis.scale = parse_scale(*scale);
  axis.step = fields.number("step", axis.step);
  if (const Node* step = fields.find("step"); step && axis.step == 0) {
    step->fail("0 given, a step must be more than 0; leave it out for a continuous range");
  }
  return axis;
}

Int parse_int(const Node& node) {
  Fields fields = axis_fields(node);
  Int axis;
  axis.low = fields.need("low").integer();
  axis.high = fields.need("high").integer();
  if (const Node* scale = fields.find("scale")) axis.scale = parse_scale(*scale);
  axis.step = fields.integer("step", axis.step);
  return axis;
}

Choice parse_choice(const Node& node, bool ordered) {
  Fields fields = fields_of(node, {"type", "choices", "when", "tier", "believe", "before"});
  Choice choice{{}, ordered};
  for (const Node& item : fields.need("choices").items()) {
    choice.values.push_back(parse_value(item));
  }
  return choice;
}

Distribution parse_distribution(const Node& node) {
  const Node* type = node.find("type");
  if (!type) node.fail("the key 'type' is missing: float, int, categorical or ordinal");
  const std::string& name = type->text();
  if (name == "float") return parse_float(node);
  if (name == "int") return parse_int(node);
  if (name == "categorical" || name == "ordinal") return parse_choice(node, name == "ordinal");
  const std::vector<std::string> known = {"float", "int", "categorical", "ordinal"};
  type->fail("unknown type '" + name + "'" + suggestion(name, known));
}

Comparison parse_comparison(const std::string& symbol, const Node& node) {
  for (const auto& [text, comparison] : comparisons) {
    if (text == symbol) return comparison;
  }
  node.fail("unknown comparison '" + symbol + "' (known: <, <=, >, >=; a plain value means equal)");
}

void parse_conditions_on(const std::string& parameter, const Node& node,
                         std::vector<Condition>& when) {
  if (node.is_map()) {
    for (const auto& [symbol, limit] : node.entries()) {
      when.push_back({parameter, parse_comparison(symbol, limit), {parse_value(limit)}});
    }
    return;
  }
  Condition condition{parameter, Comparison::one_of, {}};
  if (node.is_list()) {
    for (const Node& item : node.items()) condition.values.push_back(parse_value(item));
  } else {
    condition.values.push_back(parse_value(node));
  }
  when.push_back(std::move(condition));
}

// A map of conditions; also a list of such maps, all of which must hold.
std::vector<Condition> parse_when(const Node& node) {
  std::vector<Condition> when;
  if (node.is_list()) {
    for (const Node& item : node.items()) {
      for (Condition& condition : parse_when(item)) when.push_back(std::move(condition));
    }
    return when;
  }
  for (const auto& [parameter, condition] : node.entries()) {
    parse_conditions_on(parameter, condition, when);
  }
  return when;
}

int parse_tier(const Node& node) {
  const std::int64_t tier = node.integer();
  if (tier < 1 || tier > 4) {
    node.fail(std::to_string(tier) + " given, a tier is 1 (matters most) to 4, or left out");
  }
  return static_cast<int>(tier);
}

// believe: 0.001, or {at: 0.001, within: 3}.
Hunch parse_hunch(const Node& node) {
  if (!node.is_map()) return {parse_value(node), 0};
  Fields fields(node);
  Hunch hunch{parse_value(fields.need("at")), 0};
  if (const Node* within = fields.find("within")) {
    hunch.within = within->number();
    if (!(hunch.within > 0)) within->fail(within->describe() + " given, more than 0 expected");
  }
  fields.done();
  return hunch;
}

// size >= m, where size is an ordinal of texts: the choices from m on.
void list_choices(Condition& condition, const Choice& choice, const Node& node) {
  const std::string said = "'" + to_text(condition) + "'";
  const auto is_limit = [&](const Value& value) { return same(value, condition.values.front()); };
  const auto limit = std::ranges::find_if(choice.values, is_limit);
  if (limit == choice.values.end()) {
    fail_at(node,
            {"when", said + ": '" + to_text(condition.values.front()) + "' is no value of '" +
                         condition.parameter + "', which is " + describe(Distribution(choice))});
  }
  const bool with_limit = condition.comparison == Comparison::less_equal ||
                          condition.comparison == Comparison::greater_equal;
  const bool before =
      condition.comparison == Comparison::less || condition.comparison == Comparison::less_equal;
  auto first = before ? choice.values.begin() : limit + (with_limit ? 0 : 1);
  auto last = before ? limit + (with_limit ? 1 : 0) : choice.values.end();
  if (first == last) fail_at(node, {"when", said + " can never hold"});
  condition = {condition.parameter, Comparison::one_of, {first, last}};
}

// Conditions that compare the texts of an ordinal go by its order.
void resolve_orders(std::vector<Parameter>& parameters, const Node& node) {
  const auto is_text = [](const Value& value) { return !as_number(value); };
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (Condition& condition : parameters[i].when) {
      const auto other = std::ranges::find(parameters, condition.parameter, &Parameter::name);
      if (condition.comparison == Comparison::one_of || other == parameters.end()) continue;
      const auto* choice = std::get_if<Choice>(&other->distribution);
      if (choice == nullptr || !choice->ordered) continue;
      if (std::ranges::none_of(choice->values, is_text)) continue;
      list_choices(condition, *choice, node.entries()[i].second);
    }
  }
}

std::vector<Parameter> parse_parameters(const Node& node) {
  std::vector<Parameter> parameters;
  for (const auto& [name, description] : node.entries()) {
    parameters.push_back(parse_parameter(name, description));
  }
  resolve_orders(parameters, node);
  if (const auto found = find_problem(parameters)) {
    fail_at(node.entries()[found->parameter].second, found->problem);
  }
  return parameters;
}

std::vector<Constraint> parse_constraints(const Node& node,
                                          const std::vector<Parameter>& parameters) {
  std::vector<Constraint> constraints;
  for (const Node& item : node.items()) {
    constraints.push_back(parse_constraint(item.text(), item.where()));
    if (const auto problem = find_problem(constraints.back(), parameters)) {
      item.fail("constraint " + item.describe() + ": " + *problem);
    }
  }
  return constraints;
}

Space assemble(std::vector<Parameter> parameters, const Node* constraints) {
  std::vector<Constraint> parsed;
  if (constraints) parsed = parse_constraints(*constraints, parameters);
  return Space(std::move(parameters), std::move(parsed));
}

Json values_to_json(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(to_json(value));
  return list;
}

Json condition_to_json(const Condition& condition) {
  for (const auto& [symbol, comparison] : comparisons) {
    if (comparison != condition.comparison) continue;
    Json limit = Json::object();
    limit[std::string(symbol)] = to_json(condition.values.front());
    return limit;
  }
  return condition.values.size() == 1 ? to_json(condition.values.front())
                                      : values_to_json(condition.values);
}

// A map where it can hold them all in their order, otherwise a list of maps.
Json when_to_json(const std::vector<Condition>& when) {
  Json map = Json::object(), list = Json::array();
  bool as_map = true;
  for (const Condition& condition : when) {
    const Json described = condition_to_json(condition);
    list.push_back(Json::object({{condition.parameter, described}}));
    if (!map.contains(condition.parameter)) {
      map[condition.parameter] = described;
      continue;
    }
    Json& before = map[condition.parameter];
    const bool adjacent = std::prev(map.end()).key() == condition.parameter;
    if (adjacent && before.is_object() && described.is_object() &&
        !before.contains(described.begin().key())) {
      before.update(described);
    } else {
      as_map = false;
    }
  }
  return as_map ? map : list;
}

template <class Axis>
void axis_to_json(const Axis& axis, Json& json) {
  json["low"] = axis.low;
  json["high"] = axis.high;
  if (axis.scale != Scale::linear) json["scale"] = scale_name(axis.scale);
  if (axis.step != Axis().step) json["step"] = axis.step;
}

}  // namespace

Parameter parse_parameter(const std::string& name, const Node& node) {
  Parameter parameter{name, parse_distribution(node), {}, 0};
  if (const auto problem = find_problem(parameter.distribution)) fail_at(node, *problem);
  if (const Node* when = node.find("when")) parameter.when = parse_when(*when);
  if (const Node* tier = node.find("tier")) parameter.tier = parse_tier(*tier);
  if (const Node* hunch = node.find("believe")) {
    parameter.hunch = parse_hunch(*hunch);
    if (const auto text = find_problem(*parameter.hunch, parameter.distribution)) {
      hunch->fail(*text);
    }
    parameter.hunch->at = normalised(parameter.distribution, parameter.hunch->at);
  }
  if (const Node* before = node.find("before")) {
    parameter.before = parse_value(*before);
    if (!contains(parameter.distribution, *parameter.before)) {
      before->fail(before->describe() + " given, " + describe(parameter.distribution) +
                   " expected");
    }
    parameter.before = normalised(parameter.distribution, *parameter.before);
  }
  return parameter;
}

Space parse_space(const Node& parameters, const Node* constraints) {
  if (parameters.entries().empty()) parameters.fail("the space has no parameter");
  return assemble(parse_parameters(parameters), constraints);
}

Space space_from_json(const Node& node) {
  Fields fields = fields_of(node, {"parameters", "constraints"});
  return assemble(parse_parameters(fields.need("parameters")), fields.find("constraints"));
}

Json to_json(const Parameter& parameter) {
  Json json = Json::object();
  json["type"] = kind_name(parameter.distribution);
  std::visit(match{[&](const Choice& choice) { json["choices"] = values_to_json(choice.values); },
                   [&](const auto& axis) { axis_to_json(axis, json); }},
             parameter.distribution);
  if (!parameter.when.empty()) json["when"] = when_to_json(parameter.when);
  if (parameter.tier != 0) json["tier"] = parameter.tier;
  if (parameter.hunch) {
    json["believe"]["at"] = to_json(parameter.hunch->at);
    if (parameter.hunch->within != 0) json["believe"]["within"] = parameter.hunch->within;
  }
  if (parameter.before) json["before"] = to_json(*parameter.before);
  return json;
}

Json to_json(const Space& space) {
  Json parameters = Json::object(), constraints = Json::array();
  for (const Parameter& parameter : space.parameters()) {
    parameters[parameter.name] = to_json(parameter);
  }
  for (const Constraint& constraint : space.constraints()) constraints.push_back(constraint.text);
  Json json = Json::object();
  json["parameters"] = std::move(parameters);
  json["constraints"] = std::move(constraints);
  return json;
}

Json to_json(const Value& value) {
  return std::visit(match{[](double number) { return json_number(number); },
                          [](const auto& other) { return Json(other); }},
                    value);
}

Value parse_value(const Node& node) {
  if (node.is_boolean()) return node.boolean();
  if (node.is_integer()) return node.integer();
  if (node.is_number()) return node.number();
  if (node.is_text()) return node.text();
  node.fail(node.describe() + " given, a number, a text, true or false wanted");
}

Json to_json(const Point& point) {
  Json json = Json::object();
  for (const auto& [name, value] : point.entries()) json[name] = to_json(value);
  return json;
}

Point parse_point(const Node& node) {
  std::vector<Point::Entry> entries;
  for (const auto& [name, value] : node.entries()) entries.emplace_back(name, parse_value(value));
  return Point::from(std::move(entries));  // a Node's keys are unique
}

}  // namespace caviar
