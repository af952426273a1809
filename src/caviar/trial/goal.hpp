// What is better: the metric's name and a direction for each objective.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace caviar {

enum class Direction { minimize, maximize };

struct Goal {
  std::string metric = "value";
  std::vector<Direction> directions = {Direction::minimize};  // one an objective

  // The first value with its sign turned so that smaller is better. All thinking is in losses:
  // signs are turned here, once.
  double loss(double value) const {
    return directions.front() == Direction::minimize ? value : -value;
  }
  double value(double loss) const { return this->loss(loss); }
  bool operator==(const Goal&) const = default;
};

}  // namespace caviar
