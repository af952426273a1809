#include "caviar/trainer/train.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/layers/dropout.hpp"

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

PartScore score_of(const PreparedData& data, const DataPart& part, double loss, double accuracy) {
  PartScore score;
  score.loss = loss;
  score.accuracy = accuracy;
  if (data.task == Task::classification) return score;
  score.rmse = std::sqrt(loss);
  if (part.target_variance > 0) score.r2 = 1 - loss / part.target_variance;
  return score;
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

}  // namespace

Model<float> make_model(const PreparedData& data, const Settings& settings) {
  const Initializer hidden = settings.initializer.value_or(usual_initializer(settings.activation));
  const Initializer last = settings.initializer.value_or(usual_initializer(Activation::linear));
  std::vector<LayerPtr<float>> layers;
  for (int i = 0; i < settings.layers; ++i) {
    layers.push_back(
        dense<float>(static_cast<std::size_t>(settings.hidden_units), settings.activation, hidden));
    if (settings.knobs.dropout > 0) layers.push_back(dropout<float>());
  }
  layers.push_back(dense<float>(data.outputs(), Activation::linear, last));
  return Model<float>(data.features(), layers);
}

TrainResult train(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                  const OnEpoch& on_epoch) {
  TrainResult result;
  result.model = make_model(data, settings);
  Rng rng(spec.seed);
  result.model.initialize(rng);
  const double unit = loss_unit(data);
  const OnEpoch watcher = [&](const EpochStats& stats) {
    return on_epoch ? on_epoch(in_own_unit(stats, unit)) : Flow::go;
  };
  const FitResult fitted = fit(result.model, data.training.samples(), data.validation.samples(),
                               options_for(data, spec, settings), settings.knobs, watcher);
  const EpochStats best = in_own_unit(fitted.best, unit);
  result.ending = fitted.ending;
  result.why = fitted.why;
  result.validation =
      score_of(data, data.validation, best.validation_loss, best.validation_accuracy);
  result.training_loss = best.training_loss;
  result.epochs = fitted.epochs;
  result.best_epoch = best.epoch;
  result.seconds = fitted.seconds;
  result.samples_per_second =
      fitted.seconds > 0 ? static_cast<double>(fitted.samples) / fitted.seconds : 0;
  return result;
}

PartScore evaluate_test(const PreparedData& data, const Model<float>& model) {
  if (data.test.rows == 0) return {};
  Workspace<float> workspace(model, std::min<std::size_t>(data.test.rows, 256));
  const Score score = evaluate(model, workspace, loss_for(data.task), data.test.samples());
  return score_of(data, data.test, score.loss * loss_unit(data), score.accuracy);
}

std::vector<std::string> metric_names(Task task) {
  std::vector<std::string> names = {"validation_loss"};
  if (task == Task::classification) {
    names.insert(names.end(), {"validation_accuracy", "validation_error"});
  } else {
    names.insert(names.end(), {"validation_rmse", "validation_r2"});
  }
  names.insert(names.end(),
               {"training_loss", "epochs", "best_epoch", "seconds", "samples_per_second"});
  return names;
}

std::map<std::string, double> metrics_of(const TrainResult& result) {
  std::map<std::string, double> metrics = {
      {"validation_loss", result.validation.loss},
      {"validation_accuracy", result.validation.accuracy},
      {"validation_error", 1 - result.validation.accuracy},
      {"validation_rmse", result.validation.rmse},
      {"validation_r2", result.validation.r2},
      {"training_loss", result.training_loss},
      {"epochs", result.epochs},
      {"best_epoch", result.best_epoch},
      {"seconds", result.seconds},
      {"samples_per_second", result.samples_per_second},
  };
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
