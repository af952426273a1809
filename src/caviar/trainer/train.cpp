#include "caviar/trainer/train.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/machine_memory.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/augment.hpp"
#include "caviar/trainer/training_memory.hpp"

namespace caviar {
namespace {

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

// Half as many numbers as there are levels, at most 50, which is what practice takes.
std::size_t usual_width(std::size_t levels) { return std::clamp<std::size_t>(levels / 2, 1, 50); }

std::optional<Embedding> embedding_for(const PreparedData& data, const Settings& settings) {
  Embedding embedding;
  for (const ColumnCode& code : data.preprocessor.columns()) {
    if (!code.embed) continue;
    const std::size_t width = settings.embedding_width > 0
                                  ? static_cast<std::size_t>(settings.embedding_width)
                                  : usual_width(code.cardinality());
    embedding.columns.push_back({code.first_feature, code.cardinality(), width});
  }
  if (embedding.columns.empty()) return std::nullopt;
  return embedding;
}

// So many times as much as others each class counts: the mean over the rows is 1.
std::vector<double> balancing_weights(const PreparedData& data) {
  std::vector<double> counts(data.classes.size());
  for (const std::int32_t label : data.training.labels) ++counts[static_cast<std::size_t>(label)];
  const auto each =
      static_cast<double>(data.training.rows) / static_cast<double>(data.classes.size());
  for (double& count : counts) count = count > 0 ? each / count : 0;
  return counts;
}

std::vector<double> told_weights(const PreparedData& data, const Settings& settings) {
  const std::vector<std::string> classes =
      data.task == Task::multi_label ? std::vector<std::string>{"no", "yes"} : data.classes;
  std::vector<double> weights(classes.size(), 1);
  for (const auto& [name, weight] : settings.class_weights) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) {
      throw Error(Fault::input, fmt::format("class_weights: '{}' has no class '{}'{}",
                                            data.target.name(), name, suggestion(name, classes)));
    }
    weights[static_cast<std::size_t>(found - classes.begin())] = weight;
  }
  if (std::ranges::all_of(weights, [](double weight) { return weight == 0; })) {
    throw Error(Fault::input,
                "class_weights: every class has 0, so that "
                "nothing would count; at least one "
                "number above 0 was expected");
  }
  return weights;
}

void weigh_classes(const PreparedData& data, const Settings& settings, Criterion& criterion) {
  if (!settings.class_weights.empty()) criterion.class_weights = told_weights(data, settings);
  if (!settings.balanced_classes) return;
  if (data.task == Task::multi_label) {
    throw Error(Fault::input,
                "class_weights: balanced is about classes that exclude one another; for labels "
                "{no: 1, yes: 4} was expected");
  }
  criterion.class_weights = balancing_weights(data);
}

bool suits(Loss loss, const PreparedData& data) {
  switch (data.task) {
    case Task::classification:
      return loss == Loss::cross_entropy ||
             (loss == Loss::binary_cross_entropy && data.classes.size() == 2);
    case Task::multi_label:
      return loss == Loss::binary_cross_entropy;
    case Task::regression:
      break;
  }
  return !classifies(loss);
}

PictureChange change_for(const PreparedData& data, const Settings& settings) {
  if (data.image) return augmentation(*data.image, settings.augment);
  throw Error(Fault::input, "augment: the rows of " + data.source +
                                " are no whole pictures (IDX, or a NumPy array of bytes, was "
                                "expected), so nothing can be shifted, scaled or flipped");
}

bool watches_loss(const TrainSpec& spec) {
  return spec.monitor == "loss" || spec.monitor == "training_loss";
}

// What gains are measured by: losses as they are trained, scores in their own unit.
void take_watched(const TrainSpec& spec, double unit, FitOptions& options) {
  if (!watches_loss(spec)) unit = 1;
  options.monitor = spec.monitor == "training_loss" ? Monitor::training_loss
                    : spec.monitor == "accuracy"    ? Monitor::accuracy
                                                    : Monitor::loss;
  options.min_delta = spec.min_delta / unit;
  options.schedule.threshold /= unit;
}

// The score of the validation part that the spec wants watched, turned so that it should fall; none
// where that is a loss.
std::function<double()> watched_score(const PreparedData& data, const TrainSpec& spec,
                                      std::function<PartScore()> score) {
  if (watches_loss(spec)) return nullptr;
  const std::string where = "early_stopping.monitor: '" + spec.monitor + "'";
  const std::vector<std::string> names = metric_names(data.task);
  if (std::find(names.begin(), names.end(), "validation_" + spec.monitor) == names.end()) {
    throw Error(Fault::input, where + " is no score of a " + name_of(data.task));
  }
  if (data.validation.rows == 0) {
    throw Error(Fault::input, where + " is a score of the validation part, which has no rows");
  }
  if (spec.monitor == "accuracy") return nullptr;  // measured in any case
  return [name = spec.monitor, where, score = std::move(score)] {
    const auto scores = named_scores(score(), "");
    const auto found = scores.find(name);
    if (found == scores.end()) {
      throw Error(Fault::input, where + " cannot be told on the validation part: too few classes");
    }
    return larger_is_better(name) ? -found->second : found->second;
  };
}

}  // namespace

Criterion criterion_for(const PreparedData& data, const Settings& settings) {
  Criterion criterion = usual_criterion(data.task);
  if (settings.loss) criterion.loss = *settings.loss;
  if (!suits(criterion.loss, data)) {
    throw Error(
        Fault::input,
        fmt::format(
            "loss: {} does not suit a {} of '{}'{}", name_of(criterion.loss), name_of(data.task),
            data.target.name(),
            data.classes.empty() ? "" : fmt::format(" into {} classes", data.classes.size())));
  }
  if (data.task != Task::regression) {
    criterion.label_smoothing = settings.label_smoothing;
    weigh_classes(data, settings, criterion);
  } else if (!settings.class_weights.empty()) {
    throw Error(Fault::input,
                "class_weights: '" + data.target.name() + "' is a number and has no classes");
  }
  criterion.huber_delta = settings.huber_delta;
  criterion.quantile = settings.quantile;
  criterion.quantiles = quantiles_of(data.target);
  return criterion;
}

FitOptions fit_options(const PreparedData& data, const TrainSpec& spec, const Settings& settings) {
  FitOptions options;
  options.loss = criterion_for(data, settings);
  options.optimizer = settings.optimizer;
  options.schedule = settings.schedule;
  options.epochs = settings.epochs;
  options.batch_size = settings.batch_size;
  options.patience = spec.patience;
  options.average = settings.weight_average;
  take_watched(spec, loss_unit(data.target, options.loss.loss), options);
  options.restore_best = spec.restore_best;
  options.seed = spec.seed;
  return options;
}

NetworkSpec network_for(const PreparedData& data, const Settings& settings) {
  NetworkSpec network{data.features(), {}};
  if (auto embedding = embedding_for(data, settings)) {
    network.layers.emplace_back(std::move(*embedding));
  }
  for (std::size_t i = 0; i < settings.hidden.size(); ++i) {
    std::vector<LayerSpec> layers =
        hidden_layer(static_cast<std::size_t>(settings.hidden[i]), settings);
    if (settings.residual && i > 0) {
      network.layers.emplace_back(Residual{std::move(layers)});
    } else {
      std::move(layers.begin(), layers.end(), std::back_inserter(network.layers));
    }
  }
  const std::size_t outputs = data.outputs(criterion_for(data, settings).loss);
  network.layers.emplace_back(Dense{.units = outputs, .initializer = settings.initializer});
  check_memory(network, settings, data.training.rows, machine_memory());
  return network;
}

TrainResult train(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                  const Watcher& watcher) {
  return train(data, spec, settings, Control{.on_epoch = watcher});
}

TrainResult train(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                  const Control& control) {
  TrainResult result;
  if (control.start != nullptr) {
    result.network = control.start->network;
    result.model = control.start->model;
  } else {
    result.network = network_for(data, settings);
    result.model = make_model<float>(result.network);
    Rng rng(spec.seed);
    result.model.initialize(rng);
  }
  const FitOptions options = fit_options(data, spec, settings);
  result.criterion = options.loss;
  const double unit = loss_unit(data.target, options.loss.loss);
  const auto score = [&] {
    return evaluate_part(data, data.validation, result.model, result.criterion);
  };
  Training<float> training(result.model, data.training.samples(), data.validation.samples(),
                           options, settings.knobs);
  if (settings.augment.changes()) training.change_rows(change_for(data, settings));
  if (control.resume != nullptr) training.restore(*control.resume);
  Hooks hooks;
  hooks.watched = watched_score(data, spec, score);
  if (control.on_epoch) {
    hooks.on_epoch = [&](const EpochStats& stats) {
      return control.on_epoch({in_own_unit(stats, unit), score, [&] { return training.state(); },
                               &result.network, &result.model});
    };
  }
  if (control.on_iteration) {
    hooks.on_iteration = [&](const IterationStats& stats) {
      const auto gradients =
          control.keeps_gradients ? training.gradients() : std::span<const float>();
      return control.on_iteration({stats, [&] { return training.state(); }, gradients});
    };
    hooks.keeps_gradients = control.keeps_gradients;
  }
  const FitResult fitted = training.run(hooks);
  result.ending = fitted.ending;
  result.why = fitted.why;
  if (fitted.ending == FitEnding::stopped && !control.judge_stopped) return result;
  const EpochStats best = in_own_unit(fitted.best, unit);
  if (best.epoch > 0) result.validation = score();
  // To the bit what the watcher was told.
  if (spec.restore_best) result.validation.loss = best.validation_loss;
  result.training_loss = spec.restore_best ? best.training_loss : fitted.training_loss * unit;
  result.epochs = fitted.epochs;
  result.best_epoch = best.epoch;
  result.kept_epoch = spec.restore_best ? best.epoch : fitted.epochs;
  result.seconds = fitted.seconds;
  result.samples_per_second =
      fitted.seconds > 0 ? static_cast<double>(fitted.samples) / fitted.seconds : 0;
  return result;
}

PartScore evaluate_test(const PreparedData& data, const TrainResult& result) {
  return evaluate_part(data, data.test, result.model, result.criterion);
}

std::vector<std::string> metric_names(Task task) {
  std::vector<std::string> names = {"validation_loss"};
  if (task == Task::regression) {
    names.insert(names.end(),
                 {"validation_rmse", "validation_mae", "validation_r2", "validation_coverage"});
  } else {
    names.insert(names.end(),
                 {"validation_accuracy", "validation_error", "validation_balanced_accuracy",
                  "validation_f1", "validation_auc", "validation_log_loss"});
    if (task == Task::multi_label) {
      names.emplace_back("validation_exact");
    } else {
      names.insert(names.end(), {"validation_top3", "validation_top5"});
    }
  }
  names.insert(names.end(), {"training_loss", "epochs", "best_epoch", "parameters", "seconds",
                             "epoch_seconds", "samples_per_second"});
  return names;
}

std::map<std::string, double> metrics_of(const TrainResult& result) {
  std::map<std::string, double> metrics = named_scores(result.validation, "validation_");
  metrics.insert({{"validation_error", 1 - result.validation.accuracy},
                  {"training_loss", result.training_loss},
                  {"epochs", result.epochs},
                  {"best_epoch", result.best_epoch},
                  {"seconds", result.seconds},
                  {"epoch_seconds", result.seconds / std::max(1, result.epochs)},
                  {"parameters", static_cast<double>(result.model.weights().size())},
                  {"samples_per_second", result.samples_per_second}});
  std::erase_if(metrics, [](const auto& metric) { return std::isnan(metric.second); });
  return metrics;
}

namespace {

// How a layer learns, where it does not as all others do.
std::string rate_text(double rate) {
  if (rate == 0) return "  frozen";
  return rate == 1 ? "" : fmt::format("  {} × the rate", rounded_text(rate, 3));
}

}  // namespace

std::string describe(const Model<float>& model) {
  std::string text = fmt::format("{:<16} {:>12} {:>12}\n", "layer", "shape", "parameters");
  const std::vector<LayerLine> lines = model.table();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text +=
        fmt::format("{:<16} {:>12} {:>12}{}\n", lines[i].layer,
                    fmt::format("{} → {}", lines[i].inputs, lines[i].outputs), lines[i].parameters,
                    lines[i].parameters > 0 ? rate_text(model.rate(i)) : "");
  }
  text += fmt::format("{:<16} {:>12} {:>12}\n", "all", "", model.weights().size());
  return text;
}

}  // namespace caviar
