// Trials as JSON and as CSV, for other programs.
#pragma once

#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// {"number", "state", "params", "value" (or "values"), "metrics", "reports", "by", …}
Json trial_json(const Trial& trial);

// One row a trial under a header: number, state, the value under the metric's name, each parameter
// (empty where inactive), each other metric, by, duration (seconds), why. RFC 4180, lines end in
// LF.
std::string trials_csv(const History& history);

}  // namespace caviar
