// Trials as JSON and as CSV, for other programs.
#pragma once

#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// Whether the search gives its trials budgets: then tables say which.
bool has_budgets(const History& history);

// {"budget": 9, "continues": 3}: what it may spend, all before included, and the trial that it goes
// on from; each where the search says so.
Json budget_json(const Trial& trial);
// {"number", "state", "params", "value" (or "values"), "metrics", "reports", "by", …}; "before" as
// params_json has it (front.hpp).
Json trial_json(const Space& space, const Trial& trial);
// All of them; under several objectives or bounds with "standing", where there is something to say:
// "front", "best" or "beyond latency_ms <= 20".
Json all_trials_json(const History& history);

// One row a trial under a header: number, state, each objective's value under its metric's name,
// its standing where such a study has one, each parameter (empty where inactive), each other
// metric, by, duration (seconds), why; before, where trials are older than a parameter: which of
// the row's values are no own ones (space/earlier.hpp); with budgets also budget and continues. RFC
// 4180, lines end in LF.
std::string trials_csv(const History& history);

// What was changed in a trial while it ran, for people: "learning_rate 0.1 → 0.01 after epoch 3";
// "": nothing.
std::string changes_text(const Trial& trial);

}  // namespace caviar
