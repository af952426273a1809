#include "caviar/tune/front.hpp"

#include <algorithm>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/tune/progress.hpp"

namespace caviar {
namespace {

const Trial& numbered(const History& history, int number) {
  return history.trials()[static_cast<std::size_t>(number)];
}

// The first bound that the trial breaks, as far as it was measured where it did not run to its end;
// "": none.
std::string broken_bound(const Goal& goal, const Trial& trial) {
  for (const Bound& bound : goal.bounds) {
    Goal alone = goal;
    alone.bounds = {bound};
    const bool ended = trial.state == TrialState::complete;
    if ((ended ? violation(alone, trial) : violation_so_far(alone, trial)) > 0) {
      return to_text(bound);
    }
  }
  return "";
}

}  // namespace

std::string no_solution_text(const History& history) {
  if (history.goal().bounds.empty() || history.count(TrialState::complete) == 0) {
    return "no trial is complete yet";
  }
  std::vector<std::string> bounds;
  for (const Bound& bound : history.goal().bounds) bounds.push_back(to_text(bound));
  return "no trial keeps " + join(bounds, " and ") + " yet";
}

std::string values_text(std::span<const double> values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(rounded_text(value));
  return join(texts, ", ");
}

std::string cell_text(const Parameter& parameter, const Point& point) {
  if (const Value* value = point.find(parameter.name)) return short_text(*value);
  const Value* before = value_before(parameter, point);
  return before == nullptr ? "" : "(" + short_text(*before) + ")";
}

bool has_older_trials(const History& history) {
  return std::ranges::any_of(history.trials(), [&](const Trial& trial) {
    return !values_before(history.space(), trial.point).empty();
  });
}

std::string cells_note(const History& history) {
  if (!has_older_trials(history)) return "";
  return "(…): the trial is from before the space had this parameter, and counts with this value\n";
}

bool has_standings(const Goal& goal) { return goal.objectives() > 1 || !goal.bounds.empty(); }

std::vector<std::string> standings(const History& history) {
  const Goal& goal = history.goal();
  std::vector<std::string> result(history.trials().size());
  if (!has_standings(goal)) return result;
  for (const Trial& trial : history.trials()) {
    if (trial.state != TrialState::complete && trial.state != TrialState::pruned) continue;
    const std::string broken = broken_bound(goal, trial);
    if (!broken.empty()) result[static_cast<std::size_t>(trial.number)] = "beyond " + broken;
  }
  for (const int number : pareto_front(history)) {
    result[static_cast<std::size_t>(number)] = goal.objectives() > 1 ? "front" : "best";
  }
  return result;
}

TextTable front_table(const History& history) {
  const Goal& goal = history.goal();
  std::vector<std::string> headers = {">trial"};
  for (std::size_t k = 0; k < goal.objectives(); ++k) headers.push_back(">" + goal.name(k));
  for (const Parameter& parameter : history.space().parameters()) {
    headers.push_back(">" + parameter.name);
  }
  TextTable table(headers);
  for (const int number : pareto_front(history)) {
    const Trial& trial = numbered(history, number);
    std::vector<std::string> row = {std::to_string(number)};
    for (const double value : trial.values) row.push_back(rounded_text(value, 5));
    for (const Parameter& parameter : history.space().parameters()) {
      row.push_back(cell_text(parameter, trial.point));
    }
    table.add(std::move(row));
  }
  return table;
}

Json objectives_json(const Goal& goal) {
  Json list = Json::array();
  for (std::size_t k = 0; k < goal.objectives(); ++k) {
    list.push_back({{"metric", goal.name(k)}, {"direction", direction_name(goal.directions[k])}});
  }
  return list;
}

Json bounds_json(const Goal& goal) {
  Json list = Json::array();
  for (const Bound& bound : goal.bounds) list.push_back(to_text(bound));
  return list;
}

Json params_json(const Space& space, const Point& point) {
  Json json = {{"params", to_json(point)}};
  if (const Point before = values_before(space, point); !before.empty()) {
    json["before"] = to_json(before);
  }
  return json;
}

Json solution_json(const History& history, const Trial& trial) {
  const Goal& goal = history.goal();
  Json values = Json::object();
  for (std::size_t k = 0; k < trial.values.size(); ++k) {
    values[goal.name(k)] = json_number(trial.values[k]);
  }
  Json json = {{"trial", trial.number}, {"values", std::move(values)}};
  json.update(params_json(history.space(), trial.point));
  return json;
}

Json front_json(const History& history) {
  Json list = Json::array();
  for (const int number : pareto_front(history)) {
    list.push_back(solution_json(history, numbered(history, number)));
  }
  return list;
}

}  // namespace caviar
