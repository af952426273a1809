// What happened to one proposal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caviar/space/point.hpp"

namespace caviar {

// Numbers that a sampler wants back, or shows: "round", "box.learning_rate.low".
using Note = std::map<std::string, double>;
inline constexpr const char* budget_note = "budget";    // how much the trial may spend
inline constexpr const char* repeats_note = "repeats";  // the interrupted trial that it repeats
inline constexpr const char* first_trial_note = "first_trial";  // and the first of such a row

struct Proposal {
  Point point;
  std::string by;  // which method made it: "gp", "random", "enqueued"
  Note note;
};

enum class TrialState {
  running,
  complete,     // has its values
  pruned,       // stopped early on purpose; its reports count
  failed,       // crashed, gave NaN, was told so
  interrupted,  // the program that ran it ended first; its point is queued to run again
};

struct Report {
  std::int64_t step = 0;  // the epoch, from 1, or whatever the objective counts
  double value = 0;       // the study's metric, in the user's sign
};

// What a person wants of a running trial.
struct Steering {
  enum class Kind { change, pause, resume } kind = Kind::change;
  Point change;  // parameters and their new values
};

struct Trial {
  int number = 0;  // 0, 1, 2 … in the order asked
  TrialState state = TrialState::running;
  Point point;
  std::vector<double> unit;  // the point in the unit cube of the study's space; NaN where inactive
  std::string by;
  Note note;
  std::vector<Report> reports;
  std::vector<double> values;             // one an objective, in the user's sign; complete only
  std::map<std::string, double> metrics;  // whatever else was measured: validation_accuracy …
  std::string why;                        // of a failure
  // The entry of the queue that it came from: a person's own, or an interrupted trial run again.
  std::optional<int> ticket;
  std::string worker;                 // who runs it: see study/worker.hpp
  std::vector<Steering> steering;     // in the order wanted
  bool stop_wanted = false;           // a person or a pruner asked it to stop
  double asked_at = 0, ended_at = 0;  // seconds since 1970; 0 = not yet

  bool finished() const { return state != TrialState::running; }
};

const char* steering_name(Steering::Kind kind);  // change, pause, resume
const char* state_name(TrialState state);        // running, complete, pruned, failed, interrupted

}  // namespace caviar
