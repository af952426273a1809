// What is better, and what is good enough: the objectives' names and directions, and the bounds
// that a trial's outcome must keep.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caviar {

enum class Direction { minimize, maximize };
const char* direction_name(Direction direction);  // minimize, maximize

// A trial whose outcome breaks a bound is no solution: latency_ms <= 20.
struct Bound {
  std::string metric;  // an objective's, or anything else that a trial measures
  bool at_most = true;
  double limit = 0;
  bool operator==(const Bound&) const = default;
};
std::string to_text(const Bound& bound);  // "latency_ms <= 20"
// From "<= 20" or ">= 0.9"; nullopt for anything else.
std::optional<Bound> parse_bound(const std::string& metric, const std::string& text);

struct Goal {
  std::string metric = "value";                               // of the first objective
  std::vector<Direction> directions = {Direction::minimize};  // one an objective
  std::vector<std::string> others = {};                       // the metrics of the further ones
  std::vector<Bound> bounds = {};

  std::size_t objectives() const { return directions.size(); }
  // Of the objective's metric; where `others` holds none: value_2, value_3, …
  std::string name(std::size_t objective) const;

  // A value with its sign turned so that smaller is better. All thinking is in losses: signs are
  // turned here, once.
  double loss(double value, std::size_t objective = 0) const {
    return directions[objective] == Direction::minimize ? value : -value;
  }
  double value(double loss, std::size_t objective = 0) const { return this->loss(loss, objective); }
  bool operator==(const Goal&) const = default;
};

}  // namespace caviar
