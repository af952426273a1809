// What the failed trials of a study have in common.
#pragma once

#include <string>

#include "caviar/trial/history.hpp"

namespace caviar {

// A few lines: the most frequent reason, and values that all failed trials share while others have
// different ones. "" where no trial failed.
std::string failures_text(const History& history);

// Whether there are failed trials, and nothing else that has ended.
bool all_failed(const History& history);

}  // namespace caviar
