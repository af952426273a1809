// Family training: settings of caviar's own networks on the bundled data, trained when they are
// asked for, in milliseconds. The seed of a training is fixed, so that a configuration always loses
// the same; small validation parts and few epochs make the losses as rough as real ones are.
//
// The lowest losses known are those of searches with 200 trials; score.py takes lower ones where
// there are any. They depend on the last bits of the processor's arithmetic.
#include <limits>
#include <memory>
#include <utility>

#include "caviar/base/node.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/train.hpp"

#include "suite.hpp"

namespace caviar::quality {
namespace {

struct Task {
  const char* name;
  const char* spec;   // as in a study file; data is a file of data/
  const char* space;  // likewise
  const char* metric;
  double best;
  bool held_out = false;
};

constexpr Task tasks[] = {
    {.name = "digits_momentum",
     .spec = "{data: digits.csv.gz, target: digit, optimizer: momentum, epochs: 4}",
     .space = R"({
       learning_rate: {type: float, low: 1e-4, high: 10, scale: log, tier: 1},
       momentum: {type: float, low: 0.3, high: 0.999, scale: reverse_log, tier: 2},
       batch_size: {type: int, low: 8, high: 256, scale: log, tier: 2},
       hidden_units: {type: int, low: 4, high: 64, scale: log, tier: 2},
       weight_decay: {type: float, low: 1e-6, high: 1e-1, scale: log, tier: 3}})",
     .metric = "validation_log_loss",
     .best = 0.0962442595},
    {.name = "digits_optimizers",
     .spec = "{data: digits.csv.gz, target: digit, epochs: 3, batch_size: 32}",
     .space = R"({
       learning_rate: {type: float, low: 1e-5, high: 1, scale: log, tier: 1},
       optimizer: {type: categorical, choices: [momentum, rmsprop, adam, adamw]},
       momentum: {type: float, low: 0.5, high: 0.99, scale: reverse_log, when: {optimizer: momentum}},
       beta1: {type: float, low: 0.5, high: 0.99, scale: reverse_log, when: {optimizer: [adam, adamw]}},
       layers: {type: int, low: 1, high: 3},
       hidden_units: {type: int, low: 8, high: 64, scale: log},
       activation: {type: categorical, choices: [relu, tanh, sigmoid, elu]},
       batch_norm: {type: categorical, choices: [false, true]}})",
     .metric = "validation_log_loss",
     .best = 0.0651671432},
    {.name = "digits_error",
     .spec = "{data: digits.csv.gz, target: digit, optimizer: adam, epochs: 4, layers: 1}",
     .space = R"({
       learning_rate: {type: float, low: 1e-5, high: 1, scale: log, tier: 1},
       batch_size: {type: int, low: 16, high: 256, scale: log, step: 2},
       hidden_units: {type: int, low: 4, high: 64, scale: log},
       dropout: {type: float, low: 0, high: 0.6},
       schedule: {type: categorical, choices: [constant, cosine, exponential, one_cycle]}})",
     .metric = "validation_error",
     .best = 0.0167130919,
     .held_out = true},
    {.name = "breast_cancer",
     .spec =
         "{data: breast_cancer.csv.gz, target: diagnosis, epochs: 6, layers: 1, validation: 0.4}",
     .space = R"({
       learning_rate: {type: float, low: 1e-5, high: 1, scale: log, tier: 1},
       optimizer: {type: categorical, choices: [sgd, adam]},
       hidden_units: {type: int, low: 2, high: 64, scale: log},
       dropout: {type: float, low: 0, high: 0.8},
       weight_decay: {type: float, low: 1e-6, high: 1, scale: log},
       input_noise: {type: float, low: 0.001, high: 1, scale: log},
       label_smoothing: {type: float, low: 0, high: 0.3}})",
     .metric = "validation_log_loss",
     .best = 0.0958506786},
    {.name = "wine_proline",
     .spec = "{data: wine.csv, target: proline, epochs: 10, validation: 0.3}",
     .space = R"({
       learning_rate: {type: float, low: 1e-5, high: 1, scale: log, tier: 1},
       optimizer: {type: categorical, choices: [momentum, rmsprop, adam]},
       layers: {type: int, low: 1, high: 3},
       hidden_units: {type: int, low: 2, high: 64, scale: log},
       batch_size: {type: int, low: 4, high: 128, scale: log},
       activation: {type: categorical, choices: [relu, tanh, silu]},
       loss: {type: categorical, choices: [squared_error, absolute_error, huber]},
       weight_decay: {type: float, low: 1e-6, high: 1, scale: log}})",
     .metric = "validation_rmse",
     .best = 144.891225},
    {.name = "penguins",
     .spec = "{data: penguins.csv, target: species, ignore: [bill_length_mm, island], epochs: 8, "
             "validation: 0.4}",
     .space = R"({
       learning_rate: {type: float, low: 1e-4, high: 1, scale: log, tier: 1},
       layers: {type: int, low: 1, high: 4},
       hidden_units: {type: int, low: 2, high: 64, scale: log},
       optimizer: {type: categorical, choices: [sgd, nesterov, adam]},
       momentum: {type: float, low: 0.5, high: 0.99, scale: reverse_log, when: {optimizer: nesterov}},
       batch_size: {type: int, low: 4, high: 64, scale: log}})",
     .metric = "validation_log_loss",
     .best = 0.291059282,
     .held_out = true},
};

// Shared by all copies of the problem's function.
struct Trained {
  TrainSpec spec;
  PreparedData data;
  std::string metric;

  double loss(const Point& point) const {
    const TrainResult result = train(data, spec, settings(spec, point));
    if (result.diverged()) return std::numeric_limits<double>::quiet_NaN();
    const auto metrics = metrics_of(result);
    const auto found = metrics.find(metric);
    return found == metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
  }
};

Problem from_task(const Task& task) {
  const std::string where = std::string("training/") + task.name;
  TrainSpec spec = parse_train_spec(Node::parse_yaml(task.spec, where));
  spec.data = std::string(CAVIAR_QUALITY_DATA) + "/" + spec.data;
  spec.patience = std::nullopt;
  PreparedData data = prepare(spec);
  const auto trained =
      std::make_shared<const Trained>(Trained{std::move(spec), std::move(data), task.metric});
  return {.name = where,
          .family = "training",
          .space = parse_space(Node::parse_yaml(task.space, where)),
          .best = task.best,
          .loss = [trained](const Point& point) { return trained->loss(point); },
          .held_out = task.held_out};
}

}  // namespace

std::vector<Problem> training_problems() {
  std::vector<Problem> problems;
  for (const Task& task : tasks) problems.push_back(from_task(task));
  return problems;
}

}  // namespace caviar::quality
