// A trial of the built-in trainer while it trains. Anybody may open it by putting a request into
// the inbox of its folder: from then on it is a run, logged there, watched, steered, paused and
// rolled back. One that nobody opens writes nothing, and looks for that inbox now and then. With
// rules of a nurse it is a run from its first iteration on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/run/allowance.hpp"
#include "caviar/run/nursed_training.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/trainer/course.hpp"

namespace caviar {

// The folder that a trial is a run in; `all`: of all the trials.
RunFolder run_of_trial(const std::string& all, int trial);

class TrialTraining {
 public:
  // Of the last stage of the course. `folder` is that of all trials; "": it cannot be opened.
  // `nurse`: rules as JSON, which need a folder and a course of one stage; "": none. All must
  // outlive it.
  TrialTraining(const PreparedData& data, const Course& course, std::string folder,
                std::string nurse, ActiveTrial& trial, Watcher on_epoch);

  // From that state, or from the beginning, to its end or the end of its stage. Where the whole
  // run is being ended the result says nothing. A trial that repeats an interrupted one goes on
  // with that one's run where a person had changed something in it.
  TrainResult run(const TrainingState<float>* from);

  // Where it was cut at the end of its stage, and could go on.
  const std::optional<TrainingState<float>>& cut() const { return cut_; }

 private:
  Flow after_epoch(const Epoch& epoch);
  Flow after_iteration(const Iteration& at);
  bool rung();
  std::optional<RunFolder> taken_over();
  RunFolder make_run() const;
  RunStart start_of_run() const;
  RunFolder begin_nursed() const;
  RunFolder become_a_run(bool continues);
  TrainResult nurse(const RunFolder& run);
  void tell(const RunNote& note);

  const PreparedData& data_;
  const Course& course_;
  std::string folder_, nurse_;
  ActiveTrial& trial_;
  Watcher on_epoch_;
  TrainSpec spec_;  // of the last stage
  int until_ = 0, epochs_ = 0;

  std::vector<EpochLine> passed_;
  std::optional<TrainingState<float>> cut_, opened_;
  Allowance door_{0.002, std::chrono::milliseconds(10), std::chrono::milliseconds(50)};
  Allowance study_{0.001, std::chrono::milliseconds(100), std::chrono::milliseconds(1000)};
};

// Repeats a run of a trial that is over, to the same numbers. `interrupted` may be null.
NursedResult repeat(const RunFolder& run, const PreparedData& data,
                    const std::function<bool()>& interrupted);

}  // namespace caviar
