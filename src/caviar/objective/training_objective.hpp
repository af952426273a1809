// The built-in trainer as the objective of a study.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "caviar/run/run_folder.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/trainer/course.hpp"
#include "caviar/trainer/prepared_data.hpp"
#include "caviar/trainer/train.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// How the best configuration does on the part that no trial saw.
struct TestScore {
  std::size_t rows = 0;
  TrainResult result;                     // whose model was judged
  std::map<std::string, double> metrics;  // by name: "test_loss", "test_f1", …
};

// Whether a training knows this metric after each epoch, and not only at its end.
bool is_known_by_epoch(const std::string& metric);

// Reads and splits the data once; any number of threads then train on it.
class TrainingObjective {
 public:
  // Throws Error where the data cannot be used, or the metric is not measured on such data.
  // `folder`: where trials have theirs; "": trials with partial budgets cannot be continued.
  // `nurse`: rules as JSON that act on every trial, which needs a folder, one split and no budget.
  TrainingObjective(TrainSpec spec, const std::string& metric, std::string folder = "",
                    std::string nurse = "");

  // Trains the trial's configuration: reports the metric after each epoch where it is known then,
  // ends early where the study wants that, sets everything that was measured as the trial's
  // metrics. With folds it trains on one after the other and reports the mean so far after each;
  // the metrics are means over them. With a budget it runs so many epochs of those that the spec
  // says, which include those of the trials that it continues, from the newest checkpoint of them
  // that can be read: the same to the bit as one training of the same stages. With a budget of rows
  // it trains anew, for all epochs, on that share of the training rows. Throws
  // std::runtime_error, which fails this trial, where numbers stop being finite.
  double operator()(ActiveTrial& trial) const;

  // Trains the configuration again (the same spec gives the same weights) and judges it on the test
  // part. `interrupted` is asked after each epoch; where it says so, the score has no metrics.
  TestScore test(const Point& point, const std::atomic<bool>* interrupted = nullptr) const;
  // The same for settings that change on the way.
  TestScore test(const Course& course, const std::atomic<bool>* interrupted = nullptr) const;

  // The same for a trial that was steered or nursed while it ran: its run is repeated.
  TestScore test(const RunFolder& run, const std::atomic<bool>* interrupted = nullptr) const;

  // Throws Error{input} where such a training on such data does not measure it.
  void check_measures(const std::string& metric) const;

  // What a person should know of the data before it is trained on: a sentence each.
  std::vector<std::string> warnings() const;

  const TrainSpec& spec() const { return spec_; }
  const PreparedData& data() const { return data_; }

 private:
  TrainSpec spec_;
  std::string metric_;
  std::string folder_, nurse_;

  double train_folds(ActiveTrial& trial) const;
  TrainResult train_trial(ActiveTrial& trial, const Watcher& on_epoch) const;
  double told(ActiveTrial& trial, const TrainResult& result) const;

  PreparedData data_;
  std::vector<PreparedData> folds_;  // empty: one split
};

}  // namespace caviar
