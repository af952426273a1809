// One training of one configuration, and the final judgement on the test part.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>

#include "caviar/nn/fit.hpp"
#include "caviar/nn/model.hpp"
#include "caviar/nn/network.hpp"
#include "caviar/nn/training.hpp"
#include "caviar/trainer/evaluate.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/prepared_data.hpp"

namespace caviar {

// What is known after an epoch, losses in the unit of PartScore.
struct Epoch : EpochStats {
  // The validation part under the weights as they are now: costs one pass over it.
  std::function<PartScore()> score;
  std::function<TrainingState<float>()> state = {};  // all that is needed to go on from here
  const NetworkSpec* network = nullptr;
  const Model<float>* model = nullptr;  // as it is now
};
using Watcher = std::function<Flow(const Epoch&)>;  // `stop` ends the training

// What is known after an iteration.
struct Iteration : IterationStats {
  std::function<TrainingState<float>()> state;  // all that is needed to go on from here
  std::span<const float> gradients;             // of this iteration, laid out as Model::weights;
                                                // empty unless Control::keeps_gradients
};

// A network that has weights already; layers whose rate is 0 are frozen.
struct TrainStart {
  NetworkSpec network;
  Model<float> model;
};

// What somebody may want of a training besides its result; everything may be left out.
struct Control {
  Watcher on_epoch = {};
  std::function<Flow(const Iteration&)> on_iteration = {};
  bool keeps_gradients = false;                  // on_iteration looks at them
  const TrainStart* start = nullptr;             // in place of a new network
  const TrainingState<float>* resume = nullptr;  // of a training of the same data and settings
  bool judge_stopped = true;  // false: what a hook stops is to go on, its result says nothing
};

struct TrainResult {
  FitEnding ending = FitEnding::all_epochs;
  std::string why;                                 // diverged: what became not finite, and when
  PartScore validation;                            // of the weights that the model has
  double training_loss = unknown;                  // of their epoch
  int epochs = 0, best_epoch = 0, kept_epoch = 0;  // kept: whose weights the model has
  double seconds = 0, samples_per_second = 0;
  NetworkSpec network;
  Model<float> model;
  Criterion criterion;  // what was made small

  bool diverged() const { return ending == FitEnding::diverged; }
};

// The network that the settings describe for this data. Throws Error{input} where training it would
// take more memory than the machine has.
NetworkSpec network_for(const PreparedData& data, const Settings& settings);

// What the settings make small: class weights are those of the training part.
Criterion criterion_for(const PreparedData& data, const Settings& settings);

// How the settings say that it is trained.
FitOptions fit_options(const PreparedData& data, const TrainSpec& spec, const Settings& settings);

// Trains once. The same data, settings and spec give the same bits on one kind of processor.
// `watcher` is called after each epoch; may be null. Divergence is reported in the result. Safe
// from several threads over one PreparedData.
TrainResult train(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                  const Watcher& watcher = nullptr);
TrainResult train(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                  const Control& control);

// The model on the part that no training saw. To be asked once, for the best configuration.
// All unknown where there is no test part.
PartScore evaluate_test(const PreparedData& data, const TrainResult& result);

// What was measured, by the names that a study file uses as `metric`: those of named_scores() with
// "validation_" before them, validation_error, training_loss, epochs, best_epoch, seconds,
// samples_per_second; only those that are known.
std::map<std::string, double> metrics_of(const TrainResult& result);
// Every name that metrics_of may give for the task.
std::vector<std::string> metric_names(Task task);

// The network as a table for people: layer, shape, parameters.
std::string describe(const Model<float>& model);

}  // namespace caviar
