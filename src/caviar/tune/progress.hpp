// A running study as a person follows it: on a terminal one block that is drawn again and again,
// elsewhere a line for each trial that ends.
#pragma once

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "caviar/study/study.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

// What the history does not know: the limits and the clock of this run.
struct RunClock {
  double elapsed_s = 0;
  int ended = 0;  // trials that ended in this run
  std::optional<int> trials;
  std::optional<double> time_s;
};

// Trials that count towards a limit: complete, pruned and failed ones.
int trials_done(const History& history);
// From the pace so far and the limits; nullopt before the first trial has ended and without limits.
std::optional<double> seconds_left(const History& history, const RunClock& clock);
// "learning_rate=0.0123 units=64", floats rounded for people.
std::string short_text(const Point& point);
std::string short_text(const Value& value);

// The block, one text a line, none wider than the terminal.
std::vector<std::string> progress_block(const StudySpec& spec, const History& history,
                                        const RunClock& clock, const Terminal& terminal);
// The line for a trial that has ended.
std::string progress_line(const History& history, const Trial& trial, const RunClock& clock);

class Progress {
 public:
  // `stream`: where to draw. The study must outlive it.
  Progress(const Study& study, const Limits& limits, std::FILE* stream);

  void see(const Event& event);  // the run's Observer
  void finish();                 // takes the block away: what follows stands in its place

 private:
  void draw(bool now);

  const Study& study_;
  StudySpec spec_;
  RunClock clock_;
  std::FILE* stream_;
  std::size_t drawn_lines_ = 0;
  std::chrono::steady_clock::time_point started_, drawn_at_;
};

}  // namespace caviar
