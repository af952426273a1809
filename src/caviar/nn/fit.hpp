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

// What is watched: loss or accuracy of the held-out part (of training where there is none), or the
// training loss in any case.
enum class Monitor { loss, accuracy, training_loss };

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
  // Held-out rows are judged by, and the training ends with, averages of the weights over its steps
  // (Polyak and Juditsky, 1992), of which each step leaves this share, early ones less:
  // min(average, (1 + t) / (10 + t)) for step t. 0: by the weights themselves. 0 ≤ average < 1
  double average = 0;
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
  bool keeps_gradients = false;  // on_iteration looks at Training::gradients: the same bits, slower
  // What should fall, asked after every epoch, in place of FitOptions::monitor. Sees the model as
  // held-out rows are judged by it.
  std::function<double()> watched = {};
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
// weighted as in training, the accuracy by the samples' own weights.
template <class T>
Score evaluate(const Model<T>& model, Workspace<T>& workspace, const Criterion& criterion,
               const Samples<T>& samples);

}  // namespace caviar
