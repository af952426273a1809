// What a study found, in a screenful: the best hyperparameters, its scores, and what mattered.
#pragma once

#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/study/study_spec.hpp"
#include "caviar/trial/history.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

// The key of the note that holds the best configuration's score on the test part:
// {"trial": 41, "rows": 361, "test_loss": …, "test_accuracy": …}.
inline constexpr const char* test_note = "test";

// Lines for a person; they end in a line's end.
std::string summary_text(const StudySpec& spec, const History& history, const Terminal& terminal);

// {"study", "metric", "direction", "sampler", "trials": {…}, "best": {…} or null, "test",
// "importance"}
Json summary_json(const StudySpec& spec, const History& history);

}  // namespace caviar
