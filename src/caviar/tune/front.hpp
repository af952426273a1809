// The solutions of a study as a person and a program are shown them: one best, or a front.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/trial/history.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

// Why there is none: "no trial is complete yet", "no trial keeps latency_ms <= 20 yet".
std::string no_solution_text(const History& history);

// The value of each objective, rounded, as a person reads them: "0.071", "0.071, 4810".
std::string values_text(std::span<const double> values);

// The value of a parameter as it stands in a table of trials: "" where it does not exist, "(0.9)"
// where the trial ran before the space had it and counts with that value since (`before`).
std::string cell_text(const Parameter& parameter, const Point& point);
// Whether a trial counts with such a value.
bool has_older_trials(const History& history);
// A line that says what such a mark means; "" where no trial has one.
std::string cells_note(const History& history);

// Where each trial stands among all, by number: "front", "beyond latency_ms <= 20", or nothing.
// All empty for a study of one objective without bounds.
std::vector<std::string> standings(const History& history);
bool has_standings(const Goal& goal);

// A line for each trial of the front: its objectives and its configuration.
TextTable front_table(const History& history);

// [{"metric", "direction"}]
Json objectives_json(const Goal& goal);
// ["latency_ms <= 20"]
Json bounds_json(const Goal& goal);
// {"params": {name: value}}, and "before": {name: value} where the point counts with values of
// parameters that it is older than (space/earlier.hpp).
Json params_json(const Space& space, const Point& point);
// {"trial", "values": {metric: value}} and what params_json says.
Json solution_json(const History& history, const Trial& trial);
// Of each trial of the front, from the best first objective on.
Json front_json(const History& history);

}  // namespace caviar
