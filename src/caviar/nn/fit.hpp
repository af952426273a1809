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
  Loss loss = Loss::cross_entropy;
  Optimizer optimizer = Optimizer::adam;
  Schedule schedule;
  int epochs = 60;
  int batch_size = 32;
  std::optional<int> patience;  // stop after so many epochs without gain; none: run all epochs
  double min_delta = 0;         // a smaller gain counts as none
  Monitor monitor = Monitor::loss;
  std::uint64_t seed = 0;  // of order and dropout
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

enum class FitEnding { all_epochs, early_stop, stopped, diverged };

struct FitResult {
  FitEnding ending = FitEnding::all_epochs;
  int epochs = 0;                  // finished
  EpochStats best;                 // of the weights that the model now has; epoch 0: none finished
  double training_loss = unknown;  // of the last epoch
  double seconds = 0;
  std::int64_t samples = 0;  // passed through forward and backward
  std::string why;           // diverged: what became not finite, and when
};

// Trains the model from the weights it has and leaves the best ones in it. `knobs` is read once an
// iteration, so on_epoch may change it. Same model, data, options and knobs: the same bits, with
// one kernel table. Nothing is allocated inside an epoch. Numbers that stop being finite are no
// exception: the result says `diverged`.
template <class T>
FitResult fit(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
              const FitOptions& options, const Knobs& knobs, const OnEpoch& on_epoch);

struct Score {
  double loss = unknown;
  double accuracy = unknown;  // classification
};

// Loss and accuracy of the model over all samples, nothing random. At least one sample.
template <class T>
Score evaluate(const Model<T>& model, Workspace<T>& workspace, Loss loss,
               const Samples<T>& samples);

}  // namespace caviar
