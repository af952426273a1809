#include "caviar/nn/optimizer.hpp"

#include <array>
#include <cmath>

#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 9> names = {"sgd",  "momentum", "nesterov", "rmsprop", "adagrad",
                                          "adam", "amsgrad",  "adamw",    "nadam"};

double nadam_momentum(const Knobs& knobs, std::int64_t step) {
  return knobs.beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step) * knobs.momentum_decay));
}

bool corrects_bias(Optimizer optimizer) {
  return optimizer == Optimizer::adam || optimizer == Optimizer::amsgrad ||
         optimizer == Optimizer::adamw || optimizer == Optimizer::nadam;
}

}  // namespace

std::span<const std::string> optimizer_names() { return names; }

std::string name_of(Optimizer optimizer) { return names[static_cast<std::size_t>(optimizer)]; }

Optimizer parse_optimizer(const std::string& name, const std::string& where) {
  return static_cast<Optimizer>(index_of_name(names, name, where, "an optimizer"));
}

int slot_count(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::sgd:
      return 0;
    case Optimizer::momentum:
    case Optimizer::nesterov:
    case Optimizer::rmsprop:
    case Optimizer::adagrad:
      return 1;
    case Optimizer::amsgrad:
      return 3;
    case Optimizer::adam:
    case Optimizer::adamw:
    case Optimizer::nadam:
      break;
  }
  return 2;
}

void StepCount::advance(const Knobs& knobs) {
  ++count;
  momentum_product *= nadam_momentum(knobs, count);
}

template <class T>
Update<T> update_for(Optimizer optimizer, const Knobs& knobs, const StepCount& steps,
                     TensorKind kind) {
  Update<T> update;
  update.optimizer = optimizer;
  double rate = knobs.learning_rate;
  double gradient_rate = 0;
  double epsilon = knobs.epsilon;
  const bool on_weights = kind == TensorKind::weight;
  const double decay = on_weights ? knobs.weight_decay : knobs.bias_decay;
  const bool is_adam = corrects_bias(optimizer);
  if (is_adam) {
    // lr m̂ / (√ŝ + ε) = lr √(1−β2^t)/(1−β1^t) · m / (√s + ε √(1−β2^t)): one division a weight less.
    const auto t = static_cast<double>(steps.count);
    const double root = std::sqrt(1 - std::pow(knobs.beta2, t));
    rate *= root;
    epsilon *= root;
    if (optimizer == Optimizer::nadam) {
      const double now = nadam_momentum(knobs, steps.count);
      const double next = nadam_momentum(knobs, steps.count + 1);
      gradient_rate = rate * (1 - now) / (1 - steps.momentum_product);
      rate *= next / (1 - steps.momentum_product * next);
    } else {
      rate /= 1 - std::pow(knobs.beta1, t);
    }
  }
  const double first = is_adam ? knobs.beta1 : knobs.momentum;
  const double second = is_adam ? knobs.beta2 : knobs.rho;
  update.first = static_cast<T>(first);
  update.second = static_cast<T>(second);
  update.first_rest = static_cast<T>(1 - first);
  update.second_rest = static_cast<T>(1 - second);
  update.rate = static_cast<T>(rate);
  update.gradient_rate = static_cast<T>(gradient_rate);
  update.epsilon = static_cast<T>(epsilon);
  update.l1 = static_cast<T>(on_weights ? knobs.l1 : knobs.bias_l1);
  if (optimizer == Optimizer::adamw) {
    update.shrink = static_cast<T>(1 - knobs.learning_rate * decay);
  } else {
    update.decay = static_cast<T>(decay);
  }
  return update;
}

template Update<float> update_for(Optimizer, const Knobs&, const StepCount&, TensorKind);
template Update<double> update_for(Optimizer, const Knobs&, const StepCount&, TensorKind);

}  // namespace caviar
