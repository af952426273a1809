#include "caviar/tune/front.hpp"

#include <algorithm>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
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
  if (!parameter.before || !active(parameter, point)) return "";
  return "(" + short_text(*parameter.before) + ")";
}

std::string cells_note(const History& history) {
  const auto marked = [&](const Trial& trial) {
    return std::ranges::any_of(history.space().parameters(), [&](const Parameter& parameter) {
      return cell_text(parameter, trial.point).starts_with('(');
    });
  };
  if (std::ranges::none_of(history.trials(), marked)) return "";
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

Json solution_json(const Goal& goal, const Trial& trial) {
  Json values = Json::object();
  for (std::size_t k = 0; k < trial.values.size(); ++k) {
    values[goal.name(k)] = json_number(trial.values[k]);
  }
  return {{"trial", trial.number}, {"values", std::move(values)}, {"params", to_json(trial.point)}};
}

Json front_json(const History& history) {
  Json list = Json::array();
  for (const int number : pareto_front(history)) {
    list.push_back(solution_json(history.goal(), numbered(history, number)));
  }
  return list;
}

}  // namespace caviar
