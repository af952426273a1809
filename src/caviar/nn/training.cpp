#include "caviar/nn/training.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/flush_denormals.hpp"

namespace caviar {
namespace {

template <class T>
std::size_t batch_rows(const Samples<T>& training, const FitOptions& options) {
  return std::min(static_cast<std::size_t>(options.batch_size), training.size());
}

// Held-out rows need no gathering, so they may pass in larger portions than a batch.
template <class T>
std::size_t workspace_rows(const Model<T>& model, const Samples<T>& training,
                           const Samples<T>& validation, const FitOptions& options) {
  std::size_t widest = 1;
  for (const Step<T>& step : model.steps()) widest = std::max(widest, step.plan.outputs);
  // More rows at once than a batch has make narrow layers faster; wide ones would only take memory.
  const std::size_t held_out =
      std::min<std::size_t>({validation.size(), 128, (1U << 15U) / widest});
  return std::max(batch_rows(training, options), held_out);
}

// Whether the step depends on the gradients of all layers at once.
bool whole_gradients(const Knobs& knobs) { return knobs.clip_value > 0 || knobs.clip_norm > 0; }

template <class T>
void copy(std::span<const T> from, std::span<T> to, const char* what) {
  if (from.size() != to.size()) {
    throw Error(Fault::conflict,
                fmt::format("a stored training has {} {}, this one {}: network, optimizer and data "
                            "must be those that it was stored with",
                            from.size(), what, to.size()));
  }
  std::copy(from.begin(), from.end(), to.begin());
}

}  // namespace

template <class T>
Training<T>::Training(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
                      const FitOptions& options, const Knobs& knobs)
    : model_(model),
      validation_(validation),
      options_(options),
      knobs_(knobs),
      batches_(training, static_cast<std::size_t>(options.batch_size)),
      augmenter_(model, options.loss, training, batch_rows(training, options), knobs),
      workspace_(model, workspace_rows(model, training, validation, options)),
      max_norm_(model),
      stepper_(options.optimizer, model.weights().size()),
      gradients_(whole_gradients(knobs) ? model.weights().size() : model.largest_step()),
      order_rng_(options.seed, 1),
      chance_rng_(options.seed, 2) {
  check_criterion(options.loss, model.outputs(), "loss");
  check_schedule(options.schedule, "schedule");
  mean_weight_ = mean_weight(options.loss, training);
  at_.best_weights.assign(model.weights().begin(), model.weights().end());
  at_.best_state.assign(model.state().begin(), model.state().end());
  if (options.average == 0) return;
  if (!(options.average > 0 && options.average < 1)) {
    throw Error(Fault::input, fmt::format("average: {} was given, a number from 0 and below 1 was "
                                          "expected",
                                          number_text(options.average)));
  }
  at_.average = at_.best_weights;
  at_.average_state = at_.best_state;
}

template <class T>
FitResult Training<T>::run(const Hooks& hooks) {
  keeps_gradients_ = hooks.keeps_gradients;
  if (keeps_gradients_) gradients_.resize(model_.weights().size());
  while (at_.epoch <= options_.epochs) {
    if (options_.patience && at_.without_gain >= *options_.patience) {
      return finish(FitEnding::early_stop);
    }
    if (!run_epoch(hooks)) return finish(result_.ending);
  }
  const bool without_gain = options_.patience && at_.without_gain >= *options_.patience;
  return finish(without_gain ? FitEnding::early_stop : FitEnding::all_epochs);
}

template <class T>
bool Training<T>::run_epoch(const Hooks& hooks) {
  const auto iterations = static_cast<std::int64_t>(batches_.count());
  {
    const FlushDenormals flushing;
    if (at_.iteration == 0) {
      batches_.shuffle(order_rng_);
      at_.loss_sum = 0;
    }
    while (at_.iteration < iterations) {
      if (!iterate(hooks.on_iteration)) return false;
    }
  }
  // What is judged, shown and kept at the end of an epoch is the average, where there is one.
  swap_average();
  const bool go_on = end_epoch(hooks);
  swap_average();
  return go_on;
}

template <class T>
bool Training<T>::iterate(const OnIteration& hook) {
  const Samples<T> batch = batches_.gather(static_cast<std::size_t>(at_.iteration));
  const Knobs now = knobs_now();
  rate_ = now.learning_rate;
  if (!(rate_ >= 0 && std::isfinite(rate_))) return diverge("learning rate", rate_, true);
  const double loss = step(batch, now);
  if (!std::isfinite(loss)) return diverge("training loss", loss, true);
  at_.loss_sum += loss * static_cast<double>(batch.size());
  at_.samples += static_cast<std::int64_t>(batch.size());
  ++at_.iteration;
  if (!hook) return true;
  const auto iterations = static_cast<std::int64_t>(batches_.count());
  const IterationStats stats{at_.epoch, at_.iteration, iterations, loss, rate_};
  if (hook(stats) == Flow::go) return true;
  result_.ending = FitEnding::stopped;
  return false;
}

template <class T>
bool Training<T>::end_epoch(const Hooks& hooks) {
  EpochStats stats;
  stats.epoch = at_.epoch;
  stats.training_loss = at_.loss_sum / static_cast<double>(batches_.samples());
  stats.learning_rate = rate_;
  if (validation_.size() > 0) {
    const Score score = evaluate(model_, workspace_, options_.loss, validation_);
    stats.validation_loss = score.loss;
    stats.validation_accuracy = score.accuracy;
    if (!std::isfinite(score.loss)) return diverge("validation loss", score.loss, false);
  }
  stats.seconds = seconds();
  stats.best = gained(stats, hooks.watched);
  if (stats.best) keep(stats);
  at_.training_loss = stats.training_loss;
  ++at_.epoch;
  at_.iteration = 0;
  if (!hooks.on_epoch || hooks.on_epoch(stats) == Flow::go) return true;
  result_.ending = FitEnding::stopped;
  return false;
}

template <class T>
double Training<T>::step(const Samples<T>& gathered, const Knobs& now) {
  const Samples<T> batch = augmenter_.apply(gathered, now, chance_rng_);
  const ConstMatrix<T> outputs = workspace_.forward(model_, now, chance_rng_, batch.x);
  const double loss = loss_and_delta(model_.kernels(), options_.loss, outputs, batch,
                                     workspace_.delta(), mean_weight_);
  if (keeps_gradients_ || whole_gradients(now)) {
    gradients_.resize(model_.weights().size());  // larger only where a hook has begun to clip
    workspace_.backward(model_, now, batch.x, gradients_);
    clip<T>(model_.segments(), now, gradients_);
    stepper_.step(model_.kernels(), now, model_.segments(), gradients_, model_.weights());
  } else {
    workspace_.backward_and_step(model_, now, batch.x, gradients_, stepper_);
  }
  if (now.max_norm > 0) max_norm_.apply(now.max_norm, model_.weights());
  if (!at_.average.empty()) average();
  return loss;
}

template <class T>
void Training<T>::average() {
  const auto steps = static_cast<double>(stepper_.steps().count);
  const auto rest = static_cast<T>(1 - std::min(options_.average, (1 + steps) / (10 + steps)));
  const auto follow = [rest](std::vector<T>& average, std::span<const T> now) {
    for (std::size_t i = 0; i < now.size(); ++i) average[i] += rest * (now[i] - average[i]);
  };
  follow(at_.average, model_.weights());
  follow(at_.average_state, model_.state());
}

template <class T>
void Training<T>::swap_average() {
  if (at_.average.empty()) return;
  std::swap_ranges(at_.average.begin(), at_.average.end(), model_.weights().begin());
  std::swap_ranges(at_.average_state.begin(), at_.average_state.end(), model_.state().begin());
  averaged_ = !averaged_;
}

// With what the schedule makes of them.
template <class T>
Knobs Training<T>::knobs_now() const {
  const Schedule& schedule = options_.schedule;
  double epoch = at_.epoch - 1, unit = 1;
  if (schedule.per_iteration) {
    unit /= static_cast<double>(batches_.count());
    epoch += unit * static_cast<double>(at_.iteration);
  }
  Knobs now = knobs_;
  const double rate = rate_at(schedule, knobs_.learning_rate, epoch, options_.epochs, unit);
  now.learning_rate = rate;
  if (schedule.decay == Decay::plateau && at_.plateau.factor != 1) {
    now.learning_rate = std::max(std::min(rate, schedule.minimum), rate * at_.plateau.factor);
  }
  now.momentum = momentum_at(schedule, knobs_.momentum, epoch, options_.epochs);
  now.beta1 = momentum_at(schedule, knobs_.beta1, epoch, options_.epochs);
  return now;
}

template <class T>
bool Training<T>::gained(const EpochStats& stats, const std::function<double()>& watched) {
  const bool held_out =
      !std::isnan(stats.validation_loss) && options_.monitor != Monitor::training_loss;
  const bool by_accuracy =
      options_.monitor == Monitor::accuracy && !std::isnan(stats.validation_accuracy);
  const double value = watched       ? watched()
                       : by_accuracy ? -stats.validation_accuracy
                       : held_out    ? stats.validation_loss
                                     : stats.training_loss;
  at_.plateau.see(options_.schedule, value);
  ++at_.without_gain;
  if (!(value < at_.best_value - options_.min_delta)) return false;
  at_.best_value = value;
  at_.without_gain = 0;
  return true;
}

template <class T>
void Training<T>::keep(const EpochStats& stats) {
  at_.best = stats;
  std::copy(model_.weights().begin(), model_.weights().end(), at_.best_weights.begin());
  std::copy(model_.state().begin(), model_.state().end(), at_.best_state.begin());
}

template <class T>
bool Training<T>::diverge(const std::string& what, double value, bool with_iteration) {
  result_.why = fmt::format("the {} became {} in epoch {}", what, number_text(value), at_.epoch);
  if (with_iteration) result_.why += fmt::format(", iteration {}", at_.iteration + 1);
  result_.ending = FitEnding::diverged;
  return false;
}

template <class T>
FitResult Training<T>::finish(FitEnding ending) {
  // Numbers that are no longer finite are never what is wanted.
  if (options_.restore_best || ending == FitEnding::diverged) {
    std::copy(at_.best_weights.begin(), at_.best_weights.end(), model_.weights().begin());
    std::copy(at_.best_state.begin(), at_.best_state.end(), model_.state().begin());
  } else {
    swap_average();
  }
  result_.ending = ending;
  result_.epochs = at_.epoch - 1;
  result_.best = at_.best;
  result_.training_loss = at_.training_loss;
  result_.samples = at_.samples;
  result_.seconds = seconds();
  return std::move(result_);
}

template <class T>
double Training<T>::seconds() const {
  return seconds_before_ + std::chrono::duration<double>(Clock::now() - start_).count();
}

template <class T>
TrainingState<T> Training<T>::state() const {
  TrainingState<T> now = at_;
  now.order.assign(batches_.order().begin(), batches_.order().end());
  now.order_rng = order_rng_.state();
  now.chance_rng = chance_rng_.state();
  const std::span<const T> weights = std::as_const(model_).weights();
  const std::span<const T> state = std::as_const(model_).state();
  now.weights.assign(weights.begin(), weights.end());
  now.state.assign(state.begin(), state.end());
  if (averaged_) {
    now.weights.swap(now.average);
    now.state.swap(now.average_state);
  }
  now.slots = stepper_.slots();
  now.steps = stepper_.steps();
  now.seconds = seconds();
  return now;
}

template <class T>
void Training<T>::restore(const TrainingState<T>& from) {
  copy<T>(from.weights, model_.weights(), "weights");
  copy<T>(from.state, model_.state(), "running averages");
  copy<T>(from.best_weights, at_.best_weights, "best weights");
  copy<T>(from.best_state, at_.best_state, "best running averages");
  copy<T>(from.average, at_.average, "averages of weights");
  copy<T>(from.average_state, at_.average_state, "averages of running averages");
  std::vector<T> slots(stepper_.slots().size());
  copy<T>(from.slots, slots, "numbers of the optimizer");
  std::vector<std::uint32_t> order(batches_.order().size());
  copy<std::uint32_t>(from.order, order, "samples");
  at_ = from;
  // These live in their own places from now on.
  for (auto* stored : {&at_.weights, &at_.state, &at_.slots}) *stored = {};
  at_.order = {};
  stepper_.restore(from.steps, slots);
  batches_.set_order(order);
  order_rng_.restore(from.order_rng);
  chance_rng_.restore(from.chance_rng);
  seconds_before_ = from.seconds;
  start_ = Clock::now();
}

template class Training<float>;
template class Training<double>;

}  // namespace caviar
