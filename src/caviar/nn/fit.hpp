// One training: epochs of mini-batches, a held-out part watched, the best weights kept.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "caviar/base/flow.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/nn/model.hpp"
#include "caviar/nn/schedule.hpp"

namespace caviar {

enum class Monitor { loss, accuracy };  // of the held-out part; of training where there is none

struct FitOptions {
  Criterion loss = Loss::cross_entropy;
  Optimizer optimizer = Optimizer::adam;
  Schedule schedule;
  int epochs = 60;
  int batch_size = 32;
  std::optional<int> patience;  // stop after so many epochs without gain; none: run all epochs
  double min_delta = 0;         // a smaller gain counts as none
  Monitor monitor = Monitor::loss;
  bool restore_best = true;  // end with the best weights, not with the last
  std::uint64_t seed = 0;    // of order, dropout, noise and mixing
};

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct EpochStats {
  int epoch = 0;                   // from 1
  double training_loss = unknown;  // the mean over the epoch's batches, dropout included
  double validation_loss = unknown;
  double validation_accuracy = unknown;  // classification
  double learning_rate = 0;              // of the epoch's last iteration
  double seconds = 0;                    // since the training began
  bool best = false;                     // the best so far
};

// Called after every epoch, in the training's own thread; `stop` ends it with the best weights.
using OnEpoch = std::function<Flow(const EpochStats&)>;

struct IterationStats {
  int epoch = 0;                // from 1
  std::int64_t iteration = 0;   // in the epoch, from 1
  std::int64_t iterations = 0;  // of an epoch
  double loss = unknown;        // of the batch, before the step
  double learning_rate = 0;
};

// The same after every iteration.
using OnIteration = std::function<Flow(const IterationStats&)>;

struct Hooks {
  OnEpoch on_epoch = {};
  OnIteration on_iteration = {};
};

enum class FitEnding { all_epochs, early_stop, stopped, diverged };

struct FitResult {
  FitEnding ending = FitEnding::all_epochs;
  int epochs = 0;                  // finished
  EpochStats best;                 // of the best epoch; epoch 0: none finished
  double training_loss = unknown;  // of the last epoch
  double seconds = 0;
  std::int64_t samples = 0;  // passed through forward and backward
  std::string why;           // diverged: what became not finite, and when
};

// Trains the model from the weights it has and leaves the best ones in it, with the running
// averages that belong to them. `knobs` is read once an iteration, so a hook may change it. Same
// model, data, options and knobs: the same bits, with one kernel table. Nothing is allocated inside
// an epoch. Numbers that stop being finite are no exception: the result says `diverged`.
// A training that is to be held and taken up again: training.hpp.
template <class T>
FitResult fit(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
              const FitOptions& options, const Knobs& knobs, const OnEpoch& on_epoch);

struct Score {
  double loss = unknown;
  double accuracy = unknown;  // classification
};

// Loss and accuracy of the model over all samples, nothing random. At least one sample. The loss is
// weighted as in training, the accuracy is not.
template <class T>
Score evaluate(const Model<T>& model, Workspace<T>& workspace, const Criterion& criterion,
               const Samples<T>& samples);

}  // namespace caviar
