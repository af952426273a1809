#include "caviar/objective/metrics.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array smaller_is_better = {"loss"sv,    "error"sv, "err"sv,        "rmse"sv,
                                          "mse"sv,     "mae"sv,   "rmsle"sv,      "mape"sv,
                                          "logloss"sv, "nll"sv,   "perplexity"sv, "latency"sv};
constexpr std::array larger_is_better = {"accuracy"sv,  "acc"sv,    "auc"sv, "f1"sv,
                                         "precision"sv, "recall"sv, "r2"sv,  "reward"sv};
constexpr std::array turned = {"neg"sv, "negative"sv, "minus"sv, "inverse"sv};

// In small letters: what is between has neither letters nor digits.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const unsigned char c : name) {
    if (std::isalnum(c) == 0) {
      words.emplace_back();
    } else {
      words.back() += static_cast<char>(std::tolower(c));
    }
  }
  return words;
}

bool is_among(const auto& known, const std::string& word) {
  return std::ranges::find(known, word) != known.end();
}

}  // namespace

std::optional<Direction> usual_direction(const std::string& metric) {
  const auto own = std::ranges::find(training_metrics(), metric, &Metric::name);
  if (own != training_metrics().end()) return own->direction;
  const std::vector<std::string> words = words_of(metric);
  if (std::ranges::any_of(words, [](const auto& word) { return is_among(turned, word); })) {
    return std::nullopt;
  }
  if (is_among(smaller_is_better, words.back())) return Direction::minimize;
  if (is_among(larger_is_better, words.back())) return Direction::maximize;
  return std::nullopt;
}

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
      {"validation_coverage", high,
       "several quantiles: the share of rows between the lowest and the "
       "highest"},
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
