#include "caviar/tune/study_goal.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/names.hpp"
#include "caviar/objective/metrics.hpp"

namespace caviar {
namespace {

// Which way a metric is better; the node is where it was named.
using Meant = std::function<Direction(const std::string& name, const Node& node)>;

Direction read_direction(const Node& node) {
  for (const Direction direction : {Direction::minimize, Direction::maximize}) {
    if (node.text() == direction_name(direction)) return direction;
  }
  node.fail(node.describe() + " given, minimize or maximize expected");
}

void add_objective(Goal& goal, const std::string& name, Direction direction) {
  if (goal.directions.empty()) {
    goal.metric = name;
  } else {
    goal.others.push_back(name);
  }
  goal.directions.push_back(direction);
}

// {validation_loss: minimize, parameters: minimize}, [validation_loss, parameters], or a mixture:
// [validation_loss, latency: minimize].
void add_objectives(Goal& goal, const Node& node, const Meant& meant) {
  if (node.is_list()) {
    for (const Node& item : node.items()) add_objectives(goal, item, meant);
  } else if (node.is_map()) {
    for (const auto& [name, direction] : node.entries()) {
      add_objective(goal, name,
                    direction.is_null() ? meant(name, node) : read_direction(direction));
    }
  } else {
    add_objective(goal, name_in(node), meant(name_in(node), node));
  }
}

Goal read_objectives(Fields& file, const Node& objectives, const Meant& meant) {
  for (const char* key : {"metric", "direction"}) {
    if (const Node* other = file.find(key)) {
      other->fail("given beside objectives; a study has one of them");
    }
  }
  Goal goal{.directions = {}};
  add_objectives(goal, objectives, meant);
  if (goal.directions.empty()) objectives.fail("empty; a metric is expected");
  return goal;
}

Bound read_bound(const std::string& metric, const Node& node) {
  if (const std::optional<Bound> bound = parse_bound(metric, node.text())) return *bound;
  node.fail(node.describe() + " given, a bound such as '<= 20' or '>= 0.9' expected");
}

void read_outcomes(Goal& goal, Fields& file, const Meant& known) {
  const Node* outcomes = file.find("outcomes");
  if (outcomes == nullptr) return;
  for (const auto& [metric, bounds] : outcomes->entries()) known(metric, bounds);
  goal.bounds = read_bounds(*outcomes);
}

}  // namespace

std::vector<Bound> read_bounds(const Node& outcomes) {
  std::vector<Bound> result;
  for (const auto& [metric, bounds] : outcomes.entries()) {
    if (!bounds.is_list()) {
      result.push_back(read_bound(metric, bounds));
      continue;
    }
    for (const Node& bound : bounds.items()) result.push_back(read_bound(metric, bound));
  }
  return result;
}

Goal read_training_goal(Fields& file) {
  const Meant meant = [](const std::string& name, const Node& node) {
    return find_metric(name, node.where()).direction;
  };
  Goal goal{.metric = default_metric};
  if (const Node* objectives = file.find("objectives")) {
    goal = read_objectives(file, *objectives, meant);
    for (std::size_t k = 0; k < goal.objectives(); ++k) meant(goal.name(k), *objectives);
  } else {
    const Node* metric = file.find("metric");
    const Node* direction = file.find("direction");
    if (metric != nullptr) goal.metric = name_in(*metric);
    const std::string where = metric == nullptr ? "metric" : metric->where();
    goal.directions = {find_metric(goal.metric, where).direction};
    if (direction != nullptr) goal.directions = {read_direction(*direction)};
  }
  read_outcomes(goal, file, meant);
  return goal;
}

Goal read_command_goal(Fields& file, const std::string& own_metric) {
  const Meant meant = [](const std::string& name, const Node& node) {
    if (const std::optional<Direction> usual = usual_direction(name)) return *usual;
    node.fail("is '" + name +
              "' better when it is small or large? Say minimize or maximize, as in " +
              (node.path() == "metric" ? "direction: minimize" : name + ": minimize"));
  };
  Goal goal{.metric = own_metric};
  if (const Node* objectives = file.find("objectives")) {
    goal = read_objectives(file, *objectives, meant);
  } else {
    const Node* metric = file.find("metric");
    const Node* direction = file.find("direction");
    if (metric != nullptr) goal.metric = name_in(*metric);
    if (direction != nullptr) {
      goal.directions = {read_direction(*direction)};
    } else if (metric != nullptr) {
      goal.directions = {meant(goal.metric, *metric)};
    } else if (own_metric == "value") {
      file.need("objective")
          .fail(
              "nothing says whether its 'value' is better when it is small or large; add a "
              "direction: minimize or maximize, and metric: NAME where the program calls it "
              "otherwise");
    }
  }
  read_outcomes(goal, file, [](const std::string&, const Node&) { return Direction::minimize; });
  return goal;
}

void check_comparable(const std::string& study_path, const Goal& goal, const Space& space) {
  for (std::size_t k = 0; k < goal.objectives(); ++k) {
    const std::string metric = goal.name(k);
    if (metric != "validation_loss" && metric != "training_loss") continue;
    for (const char* name :
         {"loss", "quantile", "huber_delta", "label_smoothing", "class_weights"}) {
      if (!space.index(name)) continue;
      const std::string text = name;
      const bool of_classes = text == "label_smoothing" || text == "class_weights";
      throw Error(
          Fault::input,
          fmt::format(
              "{}: space.{}: trials with another {} have another loss, and {} cannot compare "
              "them; choose a metric that stays the same, as in metric: {}",
              study_path, name, name, metric,
              of_classes ? "validation_log_loss or validation_f1"
                         : "validation_mae or validation_rmse"));
    }
  }
}

}  // namespace caviar
