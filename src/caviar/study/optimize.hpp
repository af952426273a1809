// Running an objective over and over: what it sees, when to stop, who watches.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/flow.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/trial/event.hpp"
#include "caviar/trial/goal.hpp"
#include "caviar/trial/trial.hpp"

namespace caviar {

class Study;

// One trial while its objective runs. Used by one thread, its own.
class ActiveTrial {
 public:
  ActiveTrial(Study& study, Trial trial);

  int number() const { return trial_.number; }
  const Point& point() const { return trial_.point; }
  const Note& note() const { return trial_.note; }  // what the sampler wants to be known
  const Goal& goal() const;
  // The trials that it continues, the first one first.
  std::vector<Trial> ancestors() const;
  int slot() const { return slot_; }  // its place among those that run at once: 0 … jobs − 1

  // The value of a parameter: suggest_float("learning_rate", 1e-5, 0.1, Scale::log).
  // One that the study does not know yet is added to its space and drawn. Asked for again, it is
  // the same. Throws Error{input} where the name is known with another distribution.
  double suggest_float(const std::string& name, double low, double high,
                       Scale scale = Scale::linear, double step = 0);
  std::int64_t suggest_int(const std::string& name, std::int64_t low, std::int64_t high,
                           Scale scale = Scale::linear, std::int64_t step = 1);
  std::string suggest_categorical(const std::string& name, const std::vector<std::string>& choices);
  Value suggest(const std::string& name, const Distribution& distribution);

  // An intermediate value of the metric at a step (an epoch); of further objectives those metrics
  // count that were set by then. `stop`: end now and return anything; the trial counts as pruned,
  // or as interrupted where the whole run is being ended.
  Flow report(std::int64_t step, double value);
  // The same answer without a report: asks the log what others want of this trial.
  Flow look();
  std::vector<Steering> steering();  // what a person wants of it, since this was last asked
  // Somebody changed its parameters while it ran: `change` and, for people, `text`. From here on
  // what it comes to says nothing of its point, and no pruner stops it.
  void touched(const Point& change, const std::string& text);
  // A rule of the study changed something: it is noted, and what the trial comes to counts.
  void nursed(const Point& change, const std::string& text);
  // What came of a person's wish, for them.
  void answer(Steering::Kind kind, const std::string& text);
  bool should_prune() const { return halted_ || lost_ || interrupted(); }  // as last answered
  bool interrupted() const;  // the whole run is being ended: return soon, the trial is run again
  void set_metric(const std::string& name, double value) { metrics_[name] = value; }
  void forget_metrics() { metrics_.clear(); }  // the objective begins again
  // It came to its own end before its budget was spent: it counts as complete.
  void set_ended_by_itself() { ended_by_itself_ = true; }

 private:
  friend class Optimization;

  Study& study_;
  Trial trial_;
  Rng rng_;  // draws what the sampler did not know of
  std::map<std::string, double> metrics_;
  std::optional<Point> used_;  // once suggest was called: what the objective runs with
  std::function<bool()> interrupt_;
  int slot_ = 0;
  std::size_t steered_ = 0;  // how much of its steering was handed out
  bool ended_by_itself_ = false;
  bool halted_ = false;             // a report was answered with stop
  bool lost_ = false;               // it was ended by another program, which took this one for dead
  mutable bool cut_short_ = false;  // it was told of an interrupt
};

// Returns the value; throws std::exception to fail this one trial. Of several objectives it returns
// the first; the others are the metrics of their names (set_metric), and without one the trial
// fails.
using Objective = std::function<double(ActiveTrial&)>;

// A limit ends the starting of trials; those that run are let finish. An interrupt ends them as
// well.
struct Limits {
  std::optional<int> trials = {};     // of the study in all: complete, pruned, failed and running
  std::optional<double> time_s = {};  // wall-clock for this call
  bool stop_running = false;  // once it is over: what runs is ended as interrupted, not let finish
  int jobs = 1;               // objectives at once, a thread each
  // Rules that look at what trials came to; they end the starting of trials by the log alone, so
  // that threads and programs agree. See stopping.hpp.
  std::optional<double> target = {};  // stop once the best value is at least this good
  std::optional<int> patience = {};   // stop once so many trials in a row brought no improvement …
  double improvement = 0;             // … of at least this much, in the metric's unit
  std::optional<double> expected_gain = {};  // stop once the next trial promises less than this
  std::optional<int> max_failed = {};        // stop once so many trials failed one after the other
  const std::atomic<bool>* interrupt = nullptr;  // set by a signal handler: end cleanly
  // The same seed and jobs give the same trials and, where the objective repeats itself, the same
  // results, however the timing falls: trial n waits until all up to n − jobs have ended, and knows
  // of no later end. One program at a time; a trial that is interrupted breaks the order.
  bool deterministic = false;
  // How often this program says in a shared storage that it is there. Others that say nothing for
  // four times as long, on machines of which nothing else is known, have their trials run again.
  double heartbeat_s = 10;
};

enum class Ending { trials, time, target, patience, gain, exhausted, failing, interrupted };

struct OptimizeResult {
  Ending ending = Ending::trials;
  int ran = 0;     // trials that this call brought to an end, interrupted ones not included
  int failed = 0;  // of these
  std::optional<double> expected_gain = {};  // of one more trial, where a limit asks for it
};

// Where the study has a pruner and the first complete trial has reported nothing, optimize throws
// Error{input}: what is complete stays, what runs is interrupted.

// Called after every event of this run, in the order of the log, with the study unlocked, one call
// at a time. What it throws ends the run and comes out of optimize.
using Observer = std::function<void(const Event&)>;

}  // namespace caviar
