// The search space: an ordered, validated list of parameters, their conditions and constraints.
// A Space that exists is valid.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "caviar/space/condition.hpp"
#include "caviar/space/constraint.hpp"
#include "caviar/space/distribution.hpp"
#include "caviar/space/hunch.hpp"
#include "caviar/space/point.hpp"

namespace caviar {

struct Parameter {
  std::string name;
  Distribution distribution;
  std::vector<Condition> when = {};  // all must hold; none: always active
  int tier = 0;                      // 1 matters most … 4 least, as practice has it; 0: not said
  std::optional<Hunch> hunch = {};   // where a person expects its best value
  std::optional<Value> before = {};  // what trials ran with that do not give it a value
  bool operator==(const Parameter&) const = default;
};

class Space {
 public:
  Space() = default;
  // Throws Error{input} on: a bad distribution, an empty or repeated name, a tier outside 0…4, a
  // condition on an unknown parameter or in a circle or on values it cannot take, a constraint on
  // an unknown or non-numeric parameter.
  explicit Space(std::vector<Parameter> parameters, std::vector<Constraint> constraints = {});

  std::span<const Parameter> parameters() const { return parameters_; }
  std::span<const Constraint> constraints() const { return constraints_; }
  std::size_t size() const { return parameters_.size(); }
  bool empty() const { return parameters_.empty(); }
  const Parameter& operator[](std::size_t index) const { return parameters_[index]; }
  std::optional<std::size_t> index(std::string_view name) const;
  // Indices such that every parameter comes after those that its conditions name.
  std::span<const std::size_t> order() const { return order_; }
  bool has_conditions() const;

  // How many different configurations there are, conditions counted exactly, constraints not;
  // nullopt where infinite or beyond 2^63.
  std::optional<std::uint64_t> cardinality() const;

  Space with(Parameter parameter) const;  // the same with one more

  bool operator==(const Space& other) const;

 private:
  std::vector<Parameter> parameters_;
  std::vector<Constraint> constraints_;
  std::vector<std::size_t> order_;
  std::unordered_map<std::string, std::size_t> index_;
};

// Whether a parameter exists, given the values of those before it.
bool active(const Parameter& parameter, const Point& point);
bool feasible(const Space& space, const Point& point);  // all constraints hold
// Throws Error{input} that begins with `where` unless the point gives exactly the active parameters
// values that they contain and satisfies the constraints. Returns it in the space's order and
// types.
Point checked(const Space& space, const Point& point, const std::string& where);
// Whether the space as it is could have proposed the point: every value that it has of one of the
// space's parameters lies in that one's range, and the constraints hold. What the point does not
// give a value, and what the space does not know, does not matter.
bool admits(const Space& space, const Point& point);
// What differs between two spaces, a line each, for people. Tiers and hunches do not count: they
// say what is expected, not which values there are.
std::vector<std::string> differences(const Space& stored, const Space& wanted);

}  // namespace caviar
