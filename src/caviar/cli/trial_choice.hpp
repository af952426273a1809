// A trial of a study as a word of the command line, "study.yaml:12", and what can be done with it
// from another program than the one that runs it.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "caviar/run/run_folder.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/stored_study.hpp"

namespace caviar::cli {

struct TrialName {
  std::string study;  // its file or database
  int trial = 0;
};

// nullopt where the word names no trial: a run, whose name has no colon.
std::optional<TrialName> trial_named(const std::string& word);

class ChosenTrial {
 public:
  // Of an interrupted trial it is the one that repeats it, unless snapshots that a person asked
  // for lie in its own folder. Throws Error{missing}.
  explicit ChosenTrial(const TrialName& name);

  int number() const { return number_; }
  std::string word() const;  // as it is typed
  Trial trial() const { return study_.trial(number_); }
  const Study& study() const { return study_; }
  std::string folder() const;   // of all trials; throws Error{missing}
  bool is_training() const;     // of the built-in trainer; otherwise of another program
  std::string reached() const;  // "after epoch 12", as far as is known; "": nothing is
  bool hears() const;           // a program on the wire
  std::string over() const;     // for people: how it ended
  Study writable() const;       // to say something in it
  void check_running() const;   // throws Error{conflict}: how it ended, or that nobody runs it

  // The run of a training: one that runs is asked to become one. Throws Error{input} with the
  // reason where it cannot, Error{conflict} where it is over and never was one.
  RunFolder run(const std::atomic<bool>& interrupted) const;

 private:
  std::string step_name() const;  // what its reports count: epoch, fold, or step

  std::string file_;
  StudyPlace place_;
  Study study_;
  int number_;
};

}  // namespace caviar::cli
