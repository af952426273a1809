// Runs as a person watches them: curves with what was done to them, and how the training is.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/run/record.hpp"
#include "caviar/tune/plot.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

inline constexpr std::size_t notes_shown = 6;    // of what was done
inline constexpr std::size_t least_picture = 6;  // lines, with title and axis

struct WatchedRun {
  std::string name;
  RunRecord record;
  bool running = false;  // a program runs it
};

std::string phase_text(const WatchedRun& run);  // "running", "paused", "over", …

// Lines as lines_of() makes them: numbers first, then pictures where there is room. Of several runs
// the validation losses in one picture.
std::vector<std::string> watch_block(const std::vector<WatchedRun>& runs, const Terminal& terminal);

// How many lines of a terminal are left below that text, and above the line of the cursor.
std::size_t rows_left(const Terminal& terminal, const std::string& used);
// A picture with its title and axis in so many lines; nullopt where they, or the terminal's
// columns, are too few for one.
std::optional<PlotOptions> plot_in(const Terminal& terminal, std::size_t rows,
                                   const std::string& x_label);

// Lines of text; of a live terminal none wider than it, and no more than it has beside the
// cursor's.
std::vector<std::string> lines_of(const std::string& text, const Terminal& terminal);
std::string clock_text(double time);  // seconds since 1970 as local "22:14:07"

// Everything that the record says, for programs.
Json watch_json(const WatchedRun& run);

// A line a run.
std::string runs_text(const std::vector<WatchedRun>& runs, const Terminal& terminal);

// "22:14:07  in epoch 13 after …  steered: …", a line each.
std::string history_text(const RunRecord& record);

}  // namespace caviar
