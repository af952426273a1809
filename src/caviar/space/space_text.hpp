// A space as a document: the `space:` part of a study file, `--space` of ask-tell, the stored spec.
//
//   learning_rate: {type: float, low: 1e-4, high: 1.0, scale: log, tier: 1}
//   optimizer:     {type: categorical, choices: [momentum, adam]}
//   beta2:         {type: float, low: 0.9, high: 0.9999, scale: reverse_log, when: {optimizer:
//   adam}} layers: …      when: {a: x} equal; {a: [x, y]} one of; {a: {">=": 2}} comparison; all
//   must hold
#pragma once

#include "caviar/base/node.hpp"
#include "caviar/space/space.hpp"

namespace caviar {

// `parameters` is the map of name → description; `constraints` an optional list of texts.
// Throws Error{input} naming the place. A study file needs low < high.
Space parse_space(const Node& parameters, const Node* constraints = nullptr);
Parameter parse_parameter(const std::string& name, const Node& node);
Json to_json(const Parameter& parameter);  // the description, without the name
Json to_json(const Space& space);          // {"parameters": {...}, "constraints": [...]}
Space space_from_json(const Node& node);   // the reverse of to_json(Space)

Json to_json(const Value& value);
Value parse_value(const Node& node);  // bool, int, float or text; throws on lists, maps and null
Json to_json(const Point& point);     // name → value
Point parse_point(const Node& node);  // not checked against a space

}  // namespace caviar
