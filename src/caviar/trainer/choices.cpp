#include "caviar/trainer/choices.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "caviar/base/text.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/without_effect.hpp"

namespace caviar {
namespace {

// A name and what it is.
using Summary = std::pair<std::string_view, std::string_view>;

constexpr Summary loss_summaries[] = {
    {"cross_entropy", "of classes: -log of the probability of the true one; a softmax"},
    {"binary_cross_entropy", "of labels, or of two classes: -log of yes or no; a sigmoid each"},
    {"squared_error", "of numbers: d², d = predicted - true; learns the mean"},
    {"absolute_error", "of numbers: |d|; learns the median, outliers count little"},
    {"huber", "of numbers: d² / 2 up to huber_delta, linear beyond"},
    {"quantile", "of numbers: -q d below, (1 - q) d above; learns the q-quantile, or several"}};

constexpr Summary optimizer_summaries[] = {
    {"sgd", "w -= lr g: plain gradient steps"},
    {"momentum", "v = momentum v + g; w -= lr v"},
    {"nesterov", "momentum that looks ahead: w -= lr (g + momentum v)"},
    {"rmsprop", "steps divided by the root of a running mean of g²"},
    {"adagrad", "steps divided by the root of the sum of all g²"},
    {"adam", "running means of g and of g², both corrected at the start"},
    {"amsgrad", "adam with the largest mean of g² so far"},
    {"adamw", "adam with weight_decay apart from the gradient"},
    {"nadam", "adam with Nesterov's momentum"}};

constexpr Summary schedule_summaries[] = {
    {"constant", "lr"},
    {"inverse_time", "lr / (1 + decay e), e the epochs done"},
    {"exponential", "lr exp(-decay e)"},
    {"step", "lr times schedule_drop after every schedule_every epochs"},
    {"cosine", "half a cosine down, once or after every restart"},
    {"constant_then_exponential", "lr for schedule_hold epochs, then exponential"},
    {"polynomial", "down to final_learning_rate by a power of the epochs left"},
    {"one_cycle", "up by a cosine, then far down; momentum the other way round"},
    {"plateau", "lr times schedule_drop after plateau_patience epochs without gain"}};

constexpr Summary activation_summaries[] = {
    {"relu", "max(z, 0)"},
    {"leaky_relu", "z, or 0.01 z below 0"},
    {"elu", "z, or exp(z) - 1 below 0"},
    {"selu", "elu scaled so that units keep mean 0 and variance 1"},
    {"gelu", "z times the normal distribution's share below z"},
    {"silu", "z sigmoid(z), also called swish"},
    {"tanh", "between -1 and 1"},
    {"sigmoid", "1 / (1 + exp(-z)), between 0 and 1"},
    {"softplus", "log(1 + exp(z)), a smooth relu"},
    {"linear", "z itself"}};

constexpr Summary initializer_summaries[] = {
    {"glorot_uniform", "uniform, variance 2 / (inputs + units); usual for tanh and sigmoid"},
    {"glorot_normal", "normal, variance 2 / (inputs + units)"},
    {"he_uniform", "uniform, variance 2 / inputs"},
    {"he_normal", "normal, variance 2 / inputs; usual for relu and what is like it"},
    {"lecun_uniform", "uniform, variance 1 / inputs"},
    {"lecun_normal", "normal, variance 1 / inputs; usual for selu"},
    {"orthogonal", "random directions at right angles to one another"},
    {"zeros", "all 0: hidden units stay alike, for last layers only"}};

std::string with_value(const std::string& name, const Value& value) {
  return name + "=" + to_text(value);
}

// With what belongs to each of them.
std::vector<TrainerChoice> choices(const std::string& hyperparameter,
                                   std::span<const std::string> names,
                                   std::span<const Summary> summaries) {
  std::vector<TrainerChoice> all;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(summaries, name, &Summary::first);
    if (found == summaries.end()) continue;
    TrainerChoice& one = all.emplace_back(TrainerChoice{name, std::string(found->second)});
    for (const Hyperparameter& h : hyperparameters()) {
      if (needs_choice(h.name, hyperparameter, name)) {
        one.hyperparameters.push_back(with_value(h.name, h.usual));
      }
    }
  }
  return all;
}

}  // namespace

std::vector<TrainerChoice> list_losses() {
  std::vector<TrainerChoice> all = choices("loss", loss_names(), loss_summaries);
  for (TrainerChoice& one : all) {
    if (!classifies(parse_loss(one.name, "loss"))) continue;
    one.hyperparameters = {"label_smoothing=0", "class_weights=none"};
  }
  return all;
}

std::vector<TrainerChoice> list_optimizers() {
  std::vector<TrainerChoice> all = choices("optimizer", optimizer_names(), optimizer_summaries);
  for (TrainerChoice& one : all) {
    const double rate = usual_learning_rate(parse_optimizer(one.name, "optimizer"));
    one.hyperparameters.insert(one.hyperparameters.begin(), with_value("learning_rate", rate));
  }
  return all;
}

std::vector<TrainerChoice> list_schedules() {
  std::vector<TrainerChoice> all = choices("schedule", decay_names(), schedule_summaries);
  for (TrainerChoice& one : all) {
    if (one.name != "one_cycle") one.hyperparameters.emplace_back("warmup_epochs=0");
    if (one.name != "constant") one.hyperparameters.emplace_back("schedule_per_iteration=false");
  }
  all.push_back({"rate_table={0: 0.1, 20: 0.01}",
                 "in place of a schedule: rates from so many epochs done on"});
  all.push_back({"rate_formula=\"rate / sqrt(1 + epoch)\"",
                 "in place of a schedule: of epoch (those done), total and rate"});
  return all;
}

std::vector<TrainerChoice> list_activations() {
  return choices("activation", activation_names(), activation_summaries);
}

std::vector<TrainerChoice> list_initializers() {
  return choices("initializer", initializer_names(), initializer_summaries);
}

}  // namespace caviar
