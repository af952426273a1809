// Runs as a person watches them: curves with what was done to them, and how the training is.
#pragma once

#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/run/record.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {

struct WatchedRun {
  std::string name;
  RunRecord record;
  bool running = false;  // a program runs it
};

std::string phase_text(const WatchedRun& run);  // "running", "paused", "over", …

// Lines, none wider than the terminal. Of several runs the validation losses in one picture.
std::vector<std::string> watch_block(const std::vector<WatchedRun>& runs, const Terminal& terminal);

// Lines of text, none wider than a live terminal.
std::vector<std::string> lines_of(const std::string& text, const Terminal& terminal);
std::string clock_text(double time);  // seconds since 1970 as local "22:14:07"

// Everything that the record says, for programs.
Json watch_json(const WatchedRun& run);

// A line a run.
std::string runs_text(const std::vector<WatchedRun>& runs, const Terminal& terminal);

// "22:14:07  in epoch 13 after …  steered: …", a line each.
std::string history_text(const RunRecord& record);

}  // namespace caviar::cli
