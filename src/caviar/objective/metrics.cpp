#include "caviar/objective/metrics.hpp"

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

const std::vector<Metric>& training_metrics() {
  constexpr Direction low = Direction::minimize, high = Direction::maximize;
  static const std::vector<Metric> metrics = {
      {"validation_loss", low, "the loss, or the mean squared error of a regression"},
      {"validation_accuracy", high, "classification: the share of rows that is right"},
      {"validation_error", low, "classification: the share of rows that is wrong"},
      {"validation_balanced_accuracy", high, "classification: the mean recall of the classes"},
      {"validation_f1", high, "classification: the mean F1 of the classes, or of the labels"},
      {"validation_auc", high, "classification: the area under the ROC curve"},
      {"validation_log_loss", low, "classification: the mean of -log p(true class)"},
      {"validation_top3", high, "classification: the share whose class is among the best three"},
      {"validation_top5", high, "classification: the share whose class is among the best five"},
      {"validation_exact", high, "multi_label: the share of rows in which all labels are right"},
      {"validation_rmse", low, "regression: the root of the mean squared error"},
      {"validation_mae", low, "regression: the mean absolute error"},
      {"validation_r2", high, "regression: the share of the variance that is explained"},
      {"training_loss", low, "the loss on the training part"},
      {"seconds", low, "how long the training took"},
      {"samples_per_second", high, "how fast it was"},
      {"epoch_seconds", low, "how long one epoch took"},
      {"parameters", low, "how many numbers the model has learnt"},
      {"epochs", low, "how many epochs were run"},
      {"best_epoch", low, "the epoch whose weights were kept"},
  };
  return metrics;
}

const Metric& find_metric(const std::string& name, const std::string& where) {
  std::vector<std::string> known;
  for (const Metric& metric : training_metrics()) {
    if (metric.name == name) return metric;
    known.push_back(metric.name);
  }
  throw Error(Fault::input,
              where + ": a training does not measure '" + name + "'" + suggestion(name, known));
}

}  // namespace caviar
