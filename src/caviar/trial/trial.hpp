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
inline constexpr const char* budget_note = "budget";  // how much the trial may spend, with what
                                                      // the trials that it continues spent
inline constexpr const char* full_budget_note = "full_budget";  // of one that is not partial
inline constexpr const char* continues_note = "continues";  // the trial whose checkpoint it takes
inline constexpr const char* member_note = "member";        // of a population, which one
inline constexpr const char* repeats_note = "repeats";      // the interrupted trial that it repeats
inline constexpr const char* first_trial_note = "first_trial";  // and the first of such a row

std::optional<double> number_in(const Note& note, const char* key);

struct Proposal {
  Point point;
  std::string by;  // which method made it: "gp", "random", "enqueued"
  Note note;
};

enum class TrialState {
  running,
  complete,     // has its values
  pruned,       // stopped early on purpose; its reports count, or its values at a partial budget
  failed,       // crashed, gave NaN, was told so
  interrupted,  // the program that ran it ended first; its point is queued to run again
};

struct Report {
  std::int64_t step = 0;  // the epoch, from 1, or whatever the objective counts
  double value = 0;       // the study's metric, in the user's sign
  // Of the further objectives, where they were measured; NaN: that one was not.
  std::vector<double> others = {};
};

// What a person wants of a running trial, or did to it; `nurse`: what a rule of the study did to
// it, which is part of the objective; `stop`: the trace of who ended it.
struct Steering {
  enum class Kind { change, pause, resume, nurse, stop } kind = Kind::change;
  Point change;             // parameters and their new values
  std::string text = {};    // for people: what came of it, where that is known
  std::size_t reports = 0;  // of the trial before it; here and below the history's word
  double time = 0;          // since 1970
};

struct Trial {
  int number = 0;  // 0, 1, 2 … in the order asked
  TrialState state = TrialState::running;
  Point point;
  std::vector<double> unit;  // the point in the unit cube of the study's space; NaN where inactive
  std::string by;
  Note note;
  std::vector<Report> reports;
  // One an objective, in the user's sign; of complete trials, and of those that spent a budget.
  std::vector<double> values;
  std::map<std::string, double> metrics;  // whatever else was measured: validation_accuracy …
  std::string why;                        // of a failure
  // The entry of the queue that it came from: a person's own, or an interrupted trial run again.
  std::optional<int> ticket;
  std::string worker;                       // who runs it: see study/worker.hpp
  std::vector<Steering> steering;           // in the order wanted
  std::optional<std::int64_t> freed_bytes;  // its checkpoints were removed, so many bytes
  // A value of it lies outside the space, which was edited since, or a constraint does not hold
  // any more: it is shown, but it is neither learnt from nor the best.
  bool outside = false;
  bool stop_wanted = false;           // a person or a pruner asked it to stop
  double asked_at = 0, ended_at = 0;  // seconds since 1970; 0 = not yet

  bool finished() const { return state != TrialState::running; }
};

// Somebody changed its parameters while it ran: its value is not that of its point.
bool is_touched(const Trial& trial);
// A rule of the study did something to it: it is more than a training of its point.
bool is_nursed(const Trial& trial);
// Its budget is not the full one: it ends as pruned, with its values, and may be continued.
bool is_partial(const Note& note);
// The trial that it continues.
std::optional<int> parent_of(const Note& note);

const char* steering_name(Steering::Kind kind);  // change, pause, resume, nurse, stop
const char* state_name(TrialState state);        // running, complete, pruned, failed, interrupted

}  // namespace caviar
