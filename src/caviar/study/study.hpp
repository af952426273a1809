// Ask and tell over one log: the only place that writes to it.
//
//   Study study({.name = "quadratic", .space = Space({{"x", Float{-10, 10}}})});
//   Trial trial = *study.ask();
//   study.tell(trial.number, f(std::get<double>(trial.point.at("x"))));
//   study.best()->values[0];
//
// Every method may be called from any thread. Several programs may work on one stored study:
// whatever it answers, a study first reads what others have appended.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/flow.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/study/study_spec.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

class Study {
 public:
  // Opens the study of that name in the storage and continues it, or creates it. Trials that a dead
  // program of this machine left running are ended as interrupted and queued to run again. A study
  // of the same name with another goal or objective is Error{conflict}, saying what differs (no
  // space or objective in `spec`: the stored ones); another search or pruner is taken over from
  // `spec`, and another space, too, as long as it shares a parameter with the stored one: trials
  // that lie outside of it are kept, but not learnt from.
  explicit Study(StudySpec spec, std::shared_ptr<Storage> storage = memory_storage());
  ~Study();
  Study(Study&&) noexcept;

  // Continues a stored study as it is. Throws Error{missing} where there is none of that name
  // (nearest suggested); with an empty name takes the only one there is. Writes nothing until asked
  // to, so the storage may be one for reading only.
  static Study open(const std::string& name, std::shared_ptr<Storage> storage);

  const StudySpec& spec() const;
  // What opening it has changed in the space of the stored study, a line each.
  const std::vector<std::string>& edits() const;
  History history() const;  // a copy at this moment: keep it as long as what is read from it
  // Calls read(history) with the study locked: no copy. It must not call the study.
  void inspect(const std::function<void(const History&)>& read) const;
  // What the study recommends (trial/repeats.hpp): of several objectives the best by the first one.
  std::optional<Trial> best() const;
  Trial trial(int number) const;  // throws Error{missing}

  // The next configuration: the queue first, then the sampler. nullopt once nothing is left: a
  // finite space run through, a grid or list at its end; or a limit is met that keep_to() has set.
  // `fixed`: values that this trial shall have, whatever waits in the queue; the sampler fills in
  // the rest. Throws Error{input} where no configuration has them.
  std::optional<Trial> ask(const Point& fixed = {});
  // Limits that ask() keeps from here on: trials, target, patience and expected gain, by the log,
  // so that several programs may keep them together. What else Limits holds is optimize()'s.
  void keep_to(const Limits& limits);
  // Why ask() has no further trial: a limit that is met, or that the last ask() found nothing left;
  // nullopt where there may be one.
  std::optional<Ending> finished() const;
  // Throws Error{missing} on an unknown trial, Error{conflict} on one that has ended, Error{input}
  // on another number of values than the goal has. A value that is NaN or infinite makes the trial
  // failed (and returns so).
  TrialState tell(int trial, double value, const std::map<std::string, double>& metrics = {});
  TrialState tell(int trial, const std::vector<double>& values,
                  const std::map<std::string, double>& metrics = {});
  void fail(int trial, const std::string& why);
  void prune(int trial);      // ended early on purpose
  void interrupt(int trial);  // ended by Ctrl-C: its point is queued to run again
  // An intermediate value. Answers stop where the pruner or a person wants the trial to end.
  Flow report(int trial, std::int64_t step, double value);
  // The same of several objectives: one value each, NaN where one was not measured. Throws
  // Error{input} on another number of values than the goal has.
  Flow report(int trial, std::int64_t step, const std::vector<double>& values);
  void stop_trial(int trial);  // its next report answers stop
  // A person's wish for a running trial. Throws Error{input} on a parameter that it has not, or a
  // value of another type.
  void steer(int trial, Steering steering);
  // Takes in what another study came to: the sampler learns from it, by ranks alone, so that its
  // metric need not be the same. `source` names it; false where that was taken in before.
  bool learn_from(const History& other, const std::string& source);
  // A person's own configuration, run next; what it leaves open the sampler fills in when it is
  // asked. Checked against the space. Returns its ticket.
  int enqueue(const Point& point, const std::string& by = "enqueued");
  void note(const std::string& key, const std::string& json);
  // The checkpoints of a finished trial are removed from the disk, so many bytes.
  void free(int trial, std::int64_t bytes);

  // Runs trials until a limit is met: see optimize.hpp. One call at a time.
  OptimizeResult optimize(const Objective& objective, const Limits& limits = {},
                          const Observer& observer = {});

 private:
  friend class ActiveTrial;
  friend class Optimization;
  struct State;
  explicit Study(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace caviar
