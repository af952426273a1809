#include "caviar/tune/export.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/tune/front.hpp"

namespace caviar {
namespace {

std::string duration_of(const Trial& trial) {
  return trial.finished() ? number_text(trial.ended_at - trial.asked_at) : "";
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string result = "\"";
  for (const char c : cell) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

void add_row(std::string& csv, const std::vector<std::string>& cells) {
  for (std::size_t column = 0; column < cells.size(); ++column) {
    if (column > 0) csv += ',';
    csv += quoted(cells[column]);
  }
  csv += '\n';
}

std::set<std::string> metric_names(const History& history) {
  std::set<std::string> names;
  for (const Trial& trial : history.trials()) {
    for (const auto& [name, unused] : trial.metrics) names.insert(name);
  }
  const Goal& goal = history.goal();
  for (std::size_t k = 0; k < goal.objectives(); ++k) names.erase(goal.name(k));  // have their own
  return names;
}

}  // namespace

bool has_budgets(const History& history) {
  return std::ranges::any_of(history.trials(),
                             [](const Trial& trial) { return trial.note.contains(budget_note); });
}

std::string changes_text(const Trial& trial) {
  std::vector<std::string> all;
  for (const Steering& steering : trial.steering) {
    if (steering.kind != Steering::Kind::change && steering.kind != Steering::Kind::nurse) continue;
    all.push_back(steering.text.empty() ? to_text(steering.change) : steering.text);
  }
  return join(all, "; ");
}

Json budget_json(const Trial& trial) {
  Json json = Json::object();
  for (const char* key : {budget_note, continues_note}) {
    const std::optional<double> number = number_in(trial.note, key);
    if (number) json[key] = json_whole_or_number(*number);
  }
  return json;
}

Json trial_json(const Space& space, const Trial& trial) {
  Json json = {{"number", trial.number}, {"state", state_name(trial.state)}};
  json.update(params_json(space, trial.point));
  if (trial.values.size() == 1) json["value"] = json_number(trial.values.front());
  if (trial.values.size() > 1) {
    for (const double value : trial.values) json["values"].push_back(json_number(value));
  }
  json["metrics"] = Json::object();
  for (const auto& [name, value] : trial.metrics) json["metrics"][name] = json_number(value);
  json["reports"] = Json::array();
  for (const Report& report : trial.reports) {
    Json one = {{"step", report.step}, {"value", json_number(report.value)}};
    for (const double other : report.others) one["others"].push_back(json_number(other));
    json["reports"].push_back(std::move(one));
  }
  json["by"] = trial.by;
  if (const std::string words = reason(trial); !words.empty()) json["reason"] = words;
  json.update(budget_json(trial));
  for (const Steering& steering : trial.steering) {
    Json one = {{"time", steering.time},
                {"kind", steering_name(steering.kind)},
                {"after_reports", steering.reports}};
    if (!steering.change.empty()) one["change"] = to_json(steering.change);
    if (!steering.text.empty()) one["text"] = steering.text;
    json["steering"].push_back(std::move(one));
  }
  if (trial.freed_bytes) json["checkpoint_removed"] = *trial.freed_bytes;
  json["asked_at"] = trial.asked_at;
  if (trial.finished()) json["ended_at"] = trial.ended_at;
  if (!trial.why.empty()) json["why"] = trial.why;
  return json;
}

Json all_trials_json(const History& history) {
  const std::vector<std::string> standing = standings(history);
  Json trials = Json::array();
  for (const Trial& trial : history.trials()) {
    trials.push_back(trial_json(history.space(), trial));
    const std::string& own = standing[static_cast<std::size_t>(trial.number)];
    if (!own.empty()) trials.back()["standing"] = own;
  }
  return trials;
}

std::string trials_csv(const History& history) {
  const std::set<std::string> metrics = metric_names(history);
  const Goal& goal = history.goal();
  std::vector<std::string> cells = {"number", "state"};
  for (std::size_t k = 0; k < goal.objectives(); ++k) cells.push_back(goal.name(k));
  if (has_standings(goal)) cells.emplace_back("standing");
  for (const Parameter& parameter : history.space().parameters()) cells.push_back(parameter.name);
  cells.insert(cells.end(), metrics.begin(), metrics.end());
  for (const char* last : {"by", "reason", "duration", "why"}) cells.emplace_back(last);
  const bool older = has_older_trials(history);
  if (older) cells.emplace_back("before");
  const bool budgets = has_budgets(history);
  if (budgets) cells.insert(cells.end(), {budget_note, continues_note});

  const std::vector<std::string> standing = standings(history);
  std::string csv;
  add_row(csv, cells);
  for (const Trial& trial : history.trials()) {
    cells = {std::to_string(trial.number), state_name(trial.state)};
    for (std::size_t k = 0; k < goal.objectives(); ++k) {
      cells.push_back(k < trial.values.size() ? number_text(trial.values[k]) : "");
    }
    if (has_standings(goal)) cells.push_back(standing[static_cast<std::size_t>(trial.number)]);
    for (const Parameter& parameter : history.space().parameters()) {
      const Value* value = trial.point.find(parameter.name);
      if (value == nullptr) value = value_before(parameter, trial.point);
      cells.push_back(value == nullptr ? "" : to_text(*value));
    }
    for (const std::string& name : metrics) {
      const auto found = trial.metrics.find(name);
      cells.push_back(found == trial.metrics.end() ? "" : number_text(found->second));
    }
    cells.insert(cells.end(), {trial.by, reason(trial), duration_of(trial), trial.why});
    if (older) {
      std::vector<std::string> names;
      const Point before = values_before(history.space(), trial.point);
      for (const auto& [name, value] : before.entries()) {
        names.push_back(name);
      }
      cells.push_back(join(names, ", "));
    }
    for (const char* key : {budget_note, continues_note}) {
      if (!budgets) break;
      const std::optional<double> number = number_in(trial.note, key);
      cells.push_back(number ? number_text(*number) : "");
    }
    add_row(csv, cells);
  }
  return csv;
}

}  // namespace caviar
