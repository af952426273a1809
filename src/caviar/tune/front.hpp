// The solutions of a study as a person and a program are shown them: one best, or a front.
#pragma once

#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/trial/history.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

// Why there is none: "no trial is complete yet", "no trial keeps latency_ms <= 20 yet".
std::string no_solution_text(const History& history);

// The value of each objective, rounded, as a person reads them: "0.071", "0.071, 4810".
std::string values_text(const Trial& trial);

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
// {"trial", "values": {metric: value}, "params"}
Json solution_json(const Goal& goal, const Trial& trial);
// Of each trial of the front, from the best first objective on.
Json front_json(const History& history);

}  // namespace caviar
