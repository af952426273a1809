// A trial of a program of somebody's own as a person watches it: what it reported as a curve, what
// was done to it, the last lines that it wrote.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/trial/history.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

struct WatchedTrial {
  std::string name;  // "study.yaml:12"
  Goal goal;
  Trial trial;
  std::optional<Trial> best;       // of the study so far
  std::vector<std::string> lines;  // the last ones of its log
  double now = 0;                  // seconds since 1970
};

std::string phase_text(const Trial& trial);  // "running", "paused", "complete", …

std::vector<std::string> watch_block(const WatchedTrial& watched, const Terminal& terminal);
Json watch_json(const WatchedTrial& watched);

// "22:14:07  change  learning_rate=0.1, after step 3", a line each.
std::string history_text(const Trial& trial);

}  // namespace caviar
