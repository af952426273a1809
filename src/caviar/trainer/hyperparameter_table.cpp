// The table of hyperparameters, with the ranges, scales and tiers that practice teaches.
#include <limits>

#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Choice choice_of(std::span<const std::string> names) {
  Choice choice;
  for (const std::string& name : names) choice.values.emplace_back(name);
  return choice;
}

std::vector<std::string> list(std::span<const std::string> names) {
  return {names.begin(), names.end()};
}

// Averages over about 1 / (1 − β) values: touchy near 1, so 1 − β is searched on the log scale.
Hyperparameter average(std::string name, std::string help, int tier, double usual, Float range,
                       std::vector<Optimizer> only_for) {
  return {.name = std::move(name),
          .help = std::move(help),
          .tier = tier,
          .low = 0,
          .high = 1,
          .high_itself = false,
          .usual = usual,
          .range = range,
          .searched = true,
          .only_for = std::move(only_for)};
}

Hyperparameter number(std::string name, std::string help, int tier, double usual, Float range,
                      bool searched) {
  return {.name = std::move(name),
          .help = std::move(help),
          .tier = tier,
          .low = 0,
          .high = infinity,
          .high_itself = false,
          .usual = usual,
          .range = range,
          .searched = searched};
}

Hyperparameter count(std::string name, std::string help, int tier, double low, double high,
                     std::int64_t usual, Int range, bool searched) {
  return {.name = std::move(name),
          .help = std::move(help),
          .tier = tier,
          .kind = ValueKind::whole_number,
          .low = low,
          .high = high,
          .usual = usual,
          .range = range,
          .searched = searched};
}

Hyperparameter choice(std::string name, std::string help, int tier,
                      std::span<const std::string> names, std::string usual, Choice range,
                      bool searched) {
  return {.name = std::move(name),
          .help = std::move(help),
          .tier = tier,
          .kind = ValueKind::choice,
          .names = list(names),
          .usual = std::move(usual),
          .range = std::move(range),
          .searched = searched};
}

Hyperparameter yes_no(std::string name, std::string help, int tier) {
  return {.name = std::move(name),
          .help = std::move(help),
          .tier = tier,
          .kind = ValueKind::yes_no,
          .usual = false,
          .range = Choice{{false, true}}};
}

std::vector<Hyperparameter> make_table() {
  const std::vector<Optimizer> with_velocity = {Optimizer::momentum, Optimizer::nesterov};
  const std::vector<Optimizer> adams = {Optimizer::adam, Optimizer::amsgrad, Optimizer::adamw,
                                        Optimizer::nadam};
  const std::vector<Optimizer> with_epsilon = {Optimizer::adam,    Optimizer::amsgrad,
                                               Optimizer::adamw,   Optimizer::nadam,
                                               Optimizer::rmsprop, Optimizer::adagrad};
  const std::vector<std::string> usual_optimizers = {"momentum", "adam"};
  const std::vector<std::string> usual_activations = {"relu", "tanh"};
  const std::vector<std::string> usual_schedules = {"constant", "inverse_time", "cosine"};
  std::vector<std::string> initializers = list(initializer_names());
  initializers.emplace_back("auto");

  Hyperparameter learning_rate =
      number("learning_rate", "the size of a step", 1, 1e-3, {1e-4, 1, Scale::log}, true);
  learning_rate.low_itself = false;
  Hyperparameter epsilon = number("epsilon", "keeps Adam's and RMSprop's division finite", 4, 1e-8,
                                  {1e-10, 1e-4, Scale::log}, true);
  epsilon.low_itself = false;
  epsilon.only_for = with_epsilon;
  Hyperparameter dropout =
      number("dropout", "the share of hidden units switched off at random", 3, 0, {0, 0.5}, false);
  dropout.high = 1;
  Hyperparameter hidden_units =
      count("hidden_units", "units in each hidden layer; 128-64: a number for each of them", 2, 1,
            65536, 64, {16, 256, Scale::log}, true);
  hidden_units.kind = ValueKind::widths;
  Hyperparameter batch_norm_momentum =
      average("batch_norm_momentum", "how much of the running averages each batch leaves", 4, 0.9,
              {0.8, 0.999, Scale::reverse_log}, {});
  batch_norm_momentum.searched = false;
  Hyperparameter rho = average("rho", "RMSprop's memory of squared gradients", 4, 0.9,
                               {0.8, 0.999, Scale::reverse_log}, {Optimizer::rmsprop});

  return {
      learning_rate,
      choice("optimizer", "how a gradient becomes a step", 2, optimizer_names(), "adam",
             choice_of(usual_optimizers), true),
      average("momentum", "how much of the last step is kept", 2, 0.9,
              {0.9, 0.999, Scale::reverse_log}, with_velocity),
      hidden_units,
      count("batch_size", "samples in one step", 2, 1, 16777216, 32, {16, 256, Scale::log, 2},
            true),
      count("layers", "hidden layers", 3, 0, 64, 1, {1, 3}, true),
      number("learning_rate_decay", "how fast the rate falls: see schedule", 3, 0,
             {1e-3, 1, Scale::log}, true),
      choice("schedule", "how the rate falls over the epochs", 3, decay_names(), "inverse_time",
             choice_of(usual_schedules), false),
      choice("activation", "what a hidden unit does with its sum", 3, activation_names(), "relu",
             choice_of(usual_activations), false),
      dropout,
      yes_no("batch_norm", "normalise what each hidden unit sums up over the batch", 3),
      yes_no("residual", "hidden layers from the second on add to their input", 3),
      number("weight_decay", "L2: pulls weights towards 0", 3, 0, {1e-6, 1e-1, Scale::log}, false),
      number("l1", "L1: pulls weights to exactly 0", 3, 0, {1e-6, 1e-2, Scale::log}, false),
      count("epochs", "times through the training part, at most", 3, 1, 1e9, 60,
            {10, 200, Scale::log}, false),
      average("beta1", "Adam's memory of gradients", 4, 0.9, {0.8, 0.99, Scale::reverse_log},
              adams),
      average("beta2", "Adam's memory of squared gradients", 4, 0.999,
              {0.9, 0.9999, Scale::reverse_log}, adams),
      epsilon,
      rho,
      batch_norm_momentum,
      choice("initializer", "how first weights are drawn; auto: what suits the activation", 4,
             initializers, "auto", choice_of(initializer_names()), false),
  };
}

}  // namespace

std::span<const Hyperparameter> hyperparameters() {
  static const std::vector<Hyperparameter> table = make_table();
  return table;
}

}  // namespace caviar
