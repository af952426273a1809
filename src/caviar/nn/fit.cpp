#include "caviar/nn/fit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/nn/batches.hpp"
#include "caviar/nn/flush_denormals.hpp"
#include "caviar/nn/stepper.hpp"

namespace caviar {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Which epoch was best, and for how many there was no gain.
class Watch {
 public:
  Watch(Monitor monitor, double min_delta) : monitor_(monitor), min_delta_(min_delta) {}

  bool gained(const EpochStats& stats) {
    const bool held_out = !std::isnan(stats.validation_loss);
    const bool by_accuracy =
        monitor_ == Monitor::accuracy && !std::isnan(stats.validation_accuracy);
    const double value = by_accuracy ? -stats.validation_accuracy
                         : held_out  ? stats.validation_loss
                                     : stats.training_loss;
    ++without_gain_;
    if (!(value < best_ - min_delta_)) return false;
    best_ = value;
    without_gain_ = 0;
    return true;
  }
  int epochs_without_gain() const { return without_gain_; }

 private:
  Monitor monitor_;
  double min_delta_;
  double best_ = std::numeric_limits<double>::infinity();
  int without_gain_ = 0;
};

template <class T>
class Training {
 public:
  Training(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
           const FitOptions& options, const Knobs& knobs)
      : model_(model),
        validation_(validation),
        options_(options),
        knobs_(knobs),
        batches_(training, static_cast<std::size_t>(options.batch_size)),
        workspace_(model, workspace_rows(training, validation, options)),
        gradients_(model.weights().size()),
        best_weights_(model.weights().begin(), model.weights().end()),
        best_state_(model.state().begin(), model.state().end()),
        stepper_(options.optimizer, model.weights().size()),
        watch_(options.monitor, options.min_delta),
        order_rng_(options.seed, 1),
        dropout_rng_(options.seed, 2) {}

  FitResult run(const OnEpoch& on_epoch) {
    for (int epoch = 1; epoch <= options_.epochs; ++epoch) {
      EpochStats stats = train_epoch(epoch);
      if (!result_.why.empty()) return finish(FitEnding::diverged);
      if (validation_.size() > 0) {
        const Score score = evaluate(model_, workspace_, options_.loss, validation_);
        stats.validation_loss = score.loss;
        stats.validation_accuracy = score.accuracy;
        if (!std::isfinite(score.loss)) {
          result_.why = fmt::format("the validation loss became {} in epoch {}",
                                    number_text(score.loss), epoch);
          return finish(FitEnding::diverged);
        }
      }
      stats.seconds = since(start_);
      stats.best = watch_.gained(stats);
      if (stats.best) keep(stats);
      result_.epochs = epoch;
      result_.training_loss = stats.training_loss;
      if (on_epoch && on_epoch(stats) == Flow::stop) return finish(FitEnding::stopped);
      if (options_.patience && watch_.epochs_without_gain() >= *options_.patience) {
        return finish(FitEnding::early_stop);
      }
    }
    return finish(FitEnding::all_epochs);
  }

 private:
  // Held-out rows need no gathering, so they may pass in larger portions than a batch.
  static std::size_t workspace_rows(const Samples<T>& training, const Samples<T>& validation,
                                    const FitOptions& options) {
    const auto batch = std::min(static_cast<std::size_t>(options.batch_size), training.size());
    return std::max(batch, std::min<std::size_t>(validation.size(), 128));
  }

  EpochStats train_epoch(int epoch) {
    const FlushDenormals flushing;
    batches_.shuffle(order_rng_);
    EpochStats stats;
    stats.epoch = epoch;
    double loss = 0;
    std::size_t samples = 0;
    for (std::size_t i = 0; i < batches_.count(); ++i) {
      const Samples<T> batch = batches_.gather(i);
      Knobs now = knobs_;
      now.learning_rate = rate_at(options_.schedule, now.learning_rate, epoch - 1, options_.epochs);
      const double batch_loss = step(batch, now);
      if (!std::isfinite(batch_loss)) {
        result_.why = fmt::format("the training loss became {} in epoch {}, iteration {}",
                                  number_text(batch_loss), epoch, i + 1);
        return stats;
      }
      loss += batch_loss * static_cast<double>(batch.size());
      samples += batch.size();
      stats.learning_rate = now.learning_rate;
    }
    result_.samples += static_cast<std::int64_t>(samples);
    stats.training_loss = loss / static_cast<double>(samples);
    return stats;
  }

  double step(const Samples<T>& batch, const Knobs& now) {
    const ConstMatrix<T> outputs = workspace_.forward(model_, now, dropout_rng_, batch.x);
    const double loss =
        loss_and_delta(model_.kernels(), options_.loss, outputs, batch, workspace_.delta());
    workspace_.backward(model_, now, batch.x, gradients_);
    stepper_.step(model_.kernels(), now, model_.segments(), gradients_, model_.weights());
    return loss;
  }

  void keep(const EpochStats& stats) {
    result_.best = stats;
    std::copy(model_.weights().begin(), model_.weights().end(), best_weights_.begin());
    std::copy(model_.state().begin(), model_.state().end(), best_state_.begin());
  }

  FitResult finish(FitEnding ending) {
    std::copy(best_weights_.begin(), best_weights_.end(), model_.weights().begin());
    std::copy(best_state_.begin(), best_state_.end(), model_.state().begin());
    result_.ending = ending;
    result_.seconds = since(start_);
    return std::move(result_);
  }

  Model<T>& model_;
  const Samples<T> validation_;
  const FitOptions& options_;
  const Knobs& knobs_;
  Batches<T> batches_;
  Workspace<T> workspace_;
  std::vector<T> gradients_, best_weights_, best_state_;
  Stepper<T> stepper_;
  Watch watch_;
  Rng order_rng_, dropout_rng_;
  Clock::time_point start_ = Clock::now();
  FitResult result_;
};

}  // namespace

template <class T>
FitResult fit(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
              const FitOptions& options, const Knobs& knobs, const OnEpoch& on_epoch) {
  return Training<T>(model, training, validation, options, knobs).run(on_epoch);
}

template <class T>
Score evaluate(const Model<T>& model, Workspace<T>& workspace, Loss loss,
               const Samples<T>& samples) {
  double sum = 0;
  std::size_t correct = 0;
  for (std::size_t first = 0; first < samples.size(); first += workspace.max_rows()) {
    const std::size_t rows = std::min(workspace.max_rows(), samples.size() - first);
    const Samples<T> part = samples.slice(first, rows);
    const ConstMatrix<T> outputs = workspace.predict(model, part.x);
    const double mean = loss_and_delta(model.kernels(), loss, outputs, part, workspace.delta());
    sum += mean * static_cast<double>(rows);
    if (loss == Loss::cross_entropy) correct += count_correct(outputs, part.labels);
  }
  const auto count = static_cast<double>(samples.size());
  const double accuracy =
      loss == Loss::cross_entropy ? static_cast<double>(correct) / count : unknown;
  return {sum / count, accuracy};
}

template FitResult fit(Model<float>&, const Samples<float>&, const Samples<float>&,
                       const FitOptions&, const Knobs&, const OnEpoch&);
template FitResult fit(Model<double>&, const Samples<double>&, const Samples<double>&,
                       const FitOptions&, const Knobs&, const OnEpoch&);
template Score evaluate(const Model<float>&, Workspace<float>&, Loss, const Samples<float>&);
template Score evaluate(const Model<double>&, Workspace<double>&, Loss, const Samples<double>&);

}  // namespace caviar
