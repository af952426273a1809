// A training that can be held at any iteration, stored, and taken up again to the same bits.
#pragma once

#include <chrono>
#include <utility>
#include <vector>

#include "caviar/nn/augmenter.hpp"
#include "caviar/nn/batches.hpp"
#include "caviar/nn/clipping.hpp"
#include "caviar/nn/fit.hpp"
#include "caviar/nn/stepper.hpp"

namespace caviar {

// All that a training has in memory, as plain values.
template <class T>
struct TrainingState {
  int epoch = 1;               // that runs or comes next, from 1
  std::int64_t iteration = 0;  // of it that are done
  std::vector<std::uint32_t> order;
  Rng::State order_rng, chance_rng;  // chance: dropout, noise and mixing

  std::vector<T> weights, state;  // of the model
  std::vector<T> slots;           // of the optimiser
  StepCount steps;
  std::vector<T> average, average_state;  // of weights and state; empty where none is kept

  std::vector<T> best_weights, best_state;
  EpochStats best;
  double best_value = std::numeric_limits<double>::infinity();  // what is watched, falling
  int without_gain = 0;                                         // epochs
  Plateau plateau;

  double loss_sum = 0;             // Σ loss · samples over the iterations that are done
  double training_loss = unknown;  // of the last whole epoch
  std::int64_t samples = 0;        // passed since the training began
  double seconds = 0;
};

template <class T>
class Training {
 public:
  // Everything must outlive it; training has at least one sample. Memory for all epochs is taken
  // now. Throws Error{input} where loss or schedule have constants without sense.
  Training(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
           const FitOptions& options, const Knobs& knobs);

  // Before run: what is done to every row of every batch, for example to shift a picture.
  void change_rows(RowChange<T> change) { augmenter_.change_rows(std::move(change)); }

  // From where it is to the end. Once.
  FitResult run(const Hooks& hooks);

  // Where it is, also from within a hook.
  TrainingState<T> state() const;
  // Before run. With the model, data, options and knobs that the state was taken with, all goes on
  // as if it had never stopped. Throws Error{conflict} where the sizes do not fit.
  void restore(const TrainingState<T>& state);

  // The gradient of the last iteration, after clipping, laid out as Model::weights: for hooks that
  // say keeps_gradients.
  std::span<const T> gradients() const { return gradients_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool run_epoch(const Hooks& hooks);  // false: the result says why it ended
  bool iterate(const OnIteration& hook);
  bool end_epoch(const Hooks& hooks);
  double step(const Samples<T>& batch, const Knobs& now);
  Knobs knobs_now() const;
  void average();
  void swap_average();
  bool gained(const EpochStats& stats, const std::function<double()>& watched);
  void keep(const EpochStats& stats);
  bool diverge(const std::string& what, double value, bool with_iteration);
  FitResult finish(FitEnding ending);
  double seconds() const;

  Model<T>& model_;
  const Samples<T> validation_;
  const FitOptions& options_;
  const Knobs& knobs_;
  Batches<T> batches_;
  Augmenter<T> augmenter_;
  Workspace<T> workspace_;
  MaxNorm<T> max_norm_;
  Stepper<T> stepper_;
  AlignedVector<T> gradients_;  // of all weights, or memory for those of one layer
  double mean_weight_;
  bool keeps_gradients_ = false;
  Rng order_rng_, chance_rng_;
  double rate_ = 0;            // of the last iteration
  bool averaged_ = false;      // whether the model holds the average and at_.average the weights
  TrainingState<T> at_;        // all that lies in no other member
  double seconds_before_ = 0;  // when it was taken up
  Clock::time_point start_ = Clock::now();
  FitResult result_;
};

}  // namespace caviar
