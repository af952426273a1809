// The table of hyperparameters, with the ranges, scales and tiers that practice teaches.
#include <algorithm>
#include <limits>

#include "caviar/nn/loss.hpp"
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

Hyperparameter from(Hyperparameter h, double low) {
  h.low = low;
  return h;
}

Hyperparameter above_zero(Hyperparameter h) {
  h.low_itself = false;
  return h;
}

Hyperparameter below_one(Hyperparameter h) {
  h.high = 1;
  return h;
}

Hyperparameter at_most_one(Hyperparameter h) {
  h.high = 1;
  h.high_itself = true;
  return h;
}

// How the rate falls: constants of one schedule each, see nn/schedule.hpp.
std::vector<Hyperparameter> schedule_constants() {
  return {
      number("warmup_epochs", "epochs in which the rate rises to its height", 4, 0, {0, 10}, false),
      number("final_learning_rate",
             "cosine, polynomial: the rate at the end; plateau: the smallest", 4, 0,
             {1e-6, 1e-2, Scale::log}, false),
      number("schedule_hold", "constant_then_exponential: epochs before the rate falls", 4, 10,
             {1, 50}, false),
      above_zero(
          at_most_one(number("schedule_drop", "step, plateau: what the rate is multiplied by", 4,
                             0.1, {0.05, 0.9, Scale::log}, false))),
      above_zero(number("schedule_every", "step: epochs between two drops", 4, 10, {1, 50}, false)),
      above_zero(
          number("schedule_power", "polynomial: how late the rate falls", 4, 1, {0.5, 3}, false)),
      number("restart_period", "cosine: epochs up to the first restart; 0: none", 4, 0, {1, 50},
             false),
      from(number("restart_stretch", "cosine: how much longer each period is", 4, 1, {1, 3}, false),
           1),
      below_one(number("one_cycle_rise", "one_cycle: the share of epochs in which the rate rises",
                       4, 0.3, {0.1, 0.5}, false)),
      from(number("one_cycle_start", "one_cycle: how many times below its height the rate begins",
                  4, 25, {5, 50, Scale::log}, false),
           1),
      from(number("one_cycle_finish", "one_cycle: how many times below its beginning it ends", 4,
                  1e4, {10, 1e5, Scale::log}, false),
           1),
      number("one_cycle_momentum",
             "one_cycle: momentum, or beta1, at the height of the rate; 1: it stays as it is", 4,
             0.85, {0.8, 0.95}, false),
      count("plateau_patience", "plateau: epochs without gain before the rate drops", 4, 1, 1e6, 10,
            {2, 20}, false),
      number("plateau_threshold", "plateau: a smaller gain counts as none", 4, 0,
             {1e-5, 1e-2, Scale::log}, false),
      yes_no("schedule_per_iteration", "the rate follows its schedule within epochs too", 4),
  };
}

// What keeps weights, gradients and inputs in check.
std::vector<Hyperparameter> restraints() {
  Hyperparameter weight_average =
      average("weight_average", "how much of the averaged weights each step leaves; 0: no average",
              4, 0, {0.9, 0.9999, Scale::reverse_log}, {});
  weight_average.searched = false;
  return {
      below_one(number("label_smoothing", "the share of a label spread over all classes", 3, 0,
                       {0, 0.2}, false)),
      number("input_noise", "standard deviation of noise on the scaled inputs", 4, 0,
             {1e-3, 0.5, Scale::log}, false),
      number("mixup", "how evenly two samples are mixed into one: alpha; 0: not at all", 4, 0,
             {0.05, 1, Scale::log}, false),
      number("clip_norm", "the longest that a gradient may be; 0: any", 4, 0, {0.1, 10, Scale::log},
             false),
      number("clip_value", "the largest that a number of a gradient may be; 0: any", 4, 0,
             {0.1, 10, Scale::log}, false),
      number("max_norm", "the longest that the weights into a unit may be; 0: any", 4, 0,
             {1, 10, Scale::log}, false),
      number("bias_decay", "L2 on biases", 4, 0, {1e-6, 1e-1, Scale::log}, false),
      number("bias_l1", "L1 on biases", 4, 0, {1e-6, 1e-2, Scale::log}, false),
      weight_average,
  };
}

// How pictures are changed each time they are seen: see data/augment.hpp.
std::vector<Hyperparameter> image_changes() {
  return {
      number("image_shift", "pictures: pixels that they move by, at most", 4, 0, {0, 4}, false),
      below_one(number("image_scale", "pictures: the share by which they grow or shrink, at most",
                       4, 0, {0, 0.3}, false)),
      yes_no("image_flip", "pictures: left and right change places in every second one", 4),
      yes_no("image_flip_upright", "pictures: above and below as well", 4),
  };
}

std::vector<Optimizer> adams() {
  return {Optimizer::adam, Optimizer::amsgrad, Optimizer::adamw, Optimizer::nadam};
}

// What practice tunes first: steps, the network's shape, what keeps it from learning by heart.
std::vector<Hyperparameter> first_tiers() {
  const std::vector<Optimizer> with_velocity = {Optimizer::momentum, Optimizer::nesterov};
  const std::vector<std::string> usual_optimizers = {"momentum", "adam"};
  const std::vector<std::string> usual_activations = {"relu", "tanh"};
  const std::vector<std::string> usual_schedules = {"constant", "inverse_time", "cosine"};
  // Tables and formulas are written under keys of their own.
  std::vector<std::string> schedules = list(decay_names());
  std::erase_if(schedules, [](const auto& name) { return name == "table" || name == "formula"; });
  Hyperparameter hidden_units =
      count("hidden_units", "units in each hidden layer; 128-64: a number for each of them", 2, 1,
            65536, 64, {16, 256, Scale::log}, true);
  hidden_units.kind = ValueKind::widths;
  return {
      above_zero(
          number("learning_rate", "the size of a step", 1, 1e-3, {1e-4, 1, Scale::log}, true)),
      choice("optimizer", "how a gradient becomes a step", 2, optimizer_names(), "adam",
             choice_of(usual_optimizers), true),
      average("momentum", "how much of the last step is kept", 2, 0.9,
              {0.9, 0.999, Scale::reverse_log}, with_velocity),
      std::move(hidden_units),
      count("batch_size", "samples in one step", 2, 1, 16777216, 32, {16, 256, Scale::log, 2},
            true),
      count("layers", "hidden layers", 3, 0, 64, 1, {1, 3}, true),
      number("learning_rate_decay", "how fast the rate falls: see schedule", 3, 0,
             {1e-3, 1, Scale::log}, true),
      choice("schedule", "how the rate falls over the epochs", 3, schedules, "inverse_time",
             choice_of(usual_schedules), false),
      choice("activation", "what a hidden unit does with its sum", 3, activation_names(), "relu",
             choice_of(usual_activations), false),
      below_one(number("dropout", "the share of hidden units switched off at random", 3, 0,
                       {0, 0.5}, false)),
      yes_no("batch_norm", "normalise what each hidden unit sums up over the batch", 3),
      yes_no("residual", "hidden layers from the second on add to their input", 3),
      number("weight_decay", "L2: pulls weights towards 0", 3, 0, {1e-6, 1e-1, Scale::log}, false),
      number("l1", "L1: pulls weights to exactly 0", 3, 0, {1e-6, 1e-2, Scale::log}, false),
      count("epochs", "times through the training part, at most", 3, 1, 1e9, 60,
            {10, 200, Scale::log}, false),
  };
}

std::vector<Hyperparameter> constants_of_averages() {
  const std::vector<Optimizer> with_epsilon = {Optimizer::adam,    Optimizer::amsgrad,
                                               Optimizer::adamw,   Optimizer::nadam,
                                               Optimizer::rmsprop, Optimizer::adagrad};
  Hyperparameter epsilon =
      above_zero(number("epsilon", "keeps Adam's and RMSprop's division finite", 4, 1e-8,
                        {1e-10, 1e-4, Scale::log}, true));
  epsilon.only_for = with_epsilon;
  Hyperparameter batch_norm_momentum =
      average("batch_norm_momentum", "how much of the running averages each batch leaves", 4, 0.9,
              {0.8, 0.999, Scale::reverse_log}, {});
  batch_norm_momentum.searched = false;
  Hyperparameter rho = average("rho", "RMSprop's memory of squared gradients", 4, 0.9,
                               {0.8, 0.999, Scale::reverse_log}, {Optimizer::rmsprop});
  return {
      average("beta1", "Adam's memory of gradients", 4, 0.9, {0.8, 0.99, Scale::reverse_log},
              adams()),
      average("beta2", "Adam's memory of squared gradients", 4, 0.999,
              {0.9, 0.9999, Scale::reverse_log}, adams()),
      epsilon,
      rho,
      batch_norm_momentum,
  };
}

// Where training begins, and what it makes small.
std::vector<Hyperparameter> starts_and_losses() {
  std::vector<std::string> initializers = list(initializer_names());
  initializers.emplace_back("auto");
  std::vector<std::string> losses = list(loss_names());
  losses.emplace_back("auto");
  const std::vector<std::string> weightings = {"none", "balanced"};
  Hyperparameter momentum_decay = number("momentum_decay", "how slowly NAdam's momentum grows", 4,
                                         0.004, {1e-4, 1e-1, Scale::log}, false);
  momentum_decay.only_for = {Optimizer::nadam};
  return {
      choice("initializer", "how first weights are drawn; auto: what suits the activation", 4,
             initializers, "auto", choice_of(initializer_names()), false),
      choice("loss",
             "what is made small; auto: cross_entropy of classes, squared_error of numbers, "
             "binary_cross_entropy of labels; of two classes the last one learns one output",
             3, losses, "auto",
             Choice{{Value("squared_error"), Value("absolute_error"), Value("huber")}}, false),
      choice("class_weights", "balanced: rare classes count as much as frequent ones", 3,
             weightings, "none", choice_of(weightings), false),
      above_zero(number("huber_delta",
                        "huber: where the loss turns linear, in deviations of the "
                        "target",
                        4, 1, {0.1, 10, Scale::log}, false)),
      above_zero(below_one(
          number("quantile", "quantile: which one is learnt", 4, 0.5, {0.05, 0.95}, false))),
      count("embedding_width",
            "numbers that a level becomes where `embed` is set; 0: by their "
            "number",
            4, 0, 4096, 0, {1, 32, Scale::log}, false),
      momentum_decay,
  };
}

std::vector<Hyperparameter> make_table() {
  std::vector<Hyperparameter> table;
  for (const auto& some : {first_tiers(), constants_of_averages(), starts_and_losses(),
                           restraints(), image_changes(), schedule_constants()}) {
    table.insert(table.end(), some.begin(), some.end());
  }
  std::stable_sort(table.begin(), table.end(),
                   [](const auto& a, const auto& b) { return a.tier < b.tier; });
  return table;
}

}  // namespace

std::span<const Hyperparameter> hyperparameters() {
  static const std::vector<Hyperparameter> table = make_table();
  return table;
}

}  // namespace caviar
