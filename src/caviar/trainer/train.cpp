#include "caviar/trainer/train.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace caviar {
namespace {

Loss loss_for(Task task) {
  return task == Task::classification ? Loss::cross_entropy : Loss::squared_error;
}

// A loss on scaled targets is this many times smaller than one in the target's own unit.
double loss_unit(const PreparedData& data) {
  if (data.task == Task::classification) return 1;
  return data.target.deviation * data.target.deviation;
}

FitOptions options_for(const PreparedData& data, const TrainSpec& spec, const Settings& settings) {
  FitOptions options;
  options.loss = loss_for(data.task);
  options.optimizer = settings.optimizer;
  options.schedule = settings.schedule;
  options.epochs = settings.epochs;
  options.batch_size = settings.batch_size;
  options.patience = spec.patience;
  options.min_delta = spec.min_delta / loss_unit(data);
  options.monitor = spec.monitor;
  options.seed = spec.seed;
  return options;
}

// The same epoch with losses in the target's own unit.
EpochStats in_own_unit(EpochStats stats, double unit) {
  stats.training_loss *= unit;
  stats.validation_loss *= unit;
  return stats;
}

// One hidden layer: what it computes, then what keeps it in check.
std::vector<LayerSpec> hidden_layer(std::size_t units, const Settings& settings) {
  std::vector<LayerSpec> layers;
  if (settings.batch_norm) {
    layers.emplace_back(Dense{.units = units, .bias = false, .initializer = settings.initializer});
    layers.emplace_back(BatchNorm{.momentum = settings.batch_norm_momentum});
    layers.emplace_back(ActivationLayer{settings.activation});
  } else {
    layers.emplace_back(Dense{
        .units = units, .activation = settings.activation, .initializer = settings.initializer});
  }
  if (settings.knobs.dropout > 0) layers.emplace_back(Dropout{});
  return layers;
}

}  // namespace

NetworkSpec network_for(const PreparedData& data, const Settings& settings) {
  NetworkSpec network{data.features(), {}};
  for (std::size_t i = 0; i < settings.hidden.size(); ++i) {
    std::vector<LayerSpec> layers =
        hidden_layer(static_cast<std::size_t>(settings.hidden[i]), settings);
    if (settings.residual && i > 0) {
      network.layers.emplace_back(Residual{std::move(layers)});
    } else {
      std::move(layers.begin(), layers.end(), std::back_inserter(network.layers));
    }
  }
  network.layers.emplace_back(Dense{.units = data.outputs(), .initializer = settings.initializer});
  return network;
}

TrainResult train(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                  const Watcher& watcher) {
  TrainResult result;
  result.network = network_for(data, settings);
  result.model = make_model<float>(result.network);
  Rng rng(spec.seed);
  result.model.initialize(rng);
  const double unit = loss_unit(data);
  const OnEpoch on_epoch = [&](const EpochStats& stats) {
    if (!watcher) return Flow::go;
    return watcher({in_own_unit(stats, unit),
                    [&] { return evaluate_part(data, data.validation, result.model); }});
  };
  const FitResult fitted = fit(result.model, data.training.samples(), data.validation.samples(),
                               options_for(data, spec, settings), settings.knobs, on_epoch);
  const EpochStats best = in_own_unit(fitted.best, unit);
  result.ending = fitted.ending;
  result.why = fitted.why;
  if (best.epoch > 0) result.validation = evaluate_part(data, data.validation, result.model);
  result.validation.loss = best.validation_loss;  // to the bit what the watcher was told
  result.training_loss = best.training_loss;
  result.epochs = fitted.epochs;
  result.best_epoch = best.epoch;
  result.seconds = fitted.seconds;
  result.samples_per_second =
      fitted.seconds > 0 ? static_cast<double>(fitted.samples) / fitted.seconds : 0;
  return result;
}

PartScore evaluate_test(const PreparedData& data, const Model<float>& model) {
  return evaluate_part(data, data.test, model);
}

std::vector<std::string> metric_names(Task task) {
  const std::vector<std::string> of_classes = {
      "validation_loss",     "validation_accuracy",
      "validation_error",    "validation_balanced_accuracy",
      "validation_f1",       "validation_auc",
      "validation_log_loss", "validation_top5"};
  const std::vector<std::string> of_numbers = {"validation_loss", "validation_rmse",
                                               "validation_mae", "validation_r2"};
  std::vector<std::string> names = task == Task::classification ? of_classes : of_numbers;
  names.insert(names.end(),
               {"training_loss", "epochs", "best_epoch", "seconds", "samples_per_second"});
  return names;
}

std::map<std::string, double> metrics_of(const TrainResult& result) {
  std::map<std::string, double> metrics = named_scores(result.validation, "validation_");
  metrics.insert({{"validation_error", 1 - result.validation.accuracy},
                  {"training_loss", result.training_loss},
                  {"epochs", result.epochs},
                  {"best_epoch", result.best_epoch},
                  {"seconds", result.seconds},
                  {"samples_per_second", result.samples_per_second}});
  std::erase_if(metrics, [](const auto& metric) { return std::isnan(metric.second); });
  return metrics;
}

std::string describe(const Model<float>& model) {
  std::string text = fmt::format("{:<16} {:>12} {:>12}\n", "layer", "shape", "parameters");
  for (const LayerLine& line : model.table()) {
    text += fmt::format("{:<16} {:>12} {:>12}\n", line.layer,
                        fmt::format("{} → {}", line.inputs, line.outputs), line.parameters);
  }
  text += fmt::format("{:<16} {:>12} {:>12}\n", "all", "", model.weights().size());
  return text;
}

}  // namespace caviar
