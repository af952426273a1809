#include "caviar/trainer/scores.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "caviar/nn/fit.hpp"

namespace caviar {
namespace {

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

double weight_at(RowWeights weights, std::size_t row) {
  return weights.empty() ? 1 : static_cast<double>(weights[row]);
}

std::size_t largest(std::span<const float> row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

template <class Term>
double mean_of(std::size_t count, const Term& term, RowWeights weights = {}) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double weight = weight_at(weights, i);
    if (weight == 0) continue;  // whatever the term is
    sum += weight * term(i);
    all += weight;
  }
  return all > 0 ? sum / all : unknown;
}

// One class's column of the probabilities against which rows are of it.
double auc_of_class(ConstMatrix<float> probabilities, std::span<const std::int32_t> labels,
                    std::size_t index, RowWeights weights) {
  std::vector<float> scores(labels.size());
  const auto of_class = std::make_unique<bool[]>(labels.size());
  for (std::size_t row = 0; row < labels.size(); ++row) {
    scores[row] = probabilities.row(row)[index];
    of_class[row] = labels[row] == static_cast<std::int32_t>(index);
  }
  return roc_auc(scores, std::span<const bool>(of_class.get(), labels.size()), weights);
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(ConstMatrix<float> outputs, std::span<const std::int32_t> labels,
                                 RowWeights weights)
    : ConfusionMatrix(outputs.columns) {
  for (std::size_t row = 0; row < labels.size(); ++row) {
    add(static_cast<std::size_t>(labels[row]), largest(outputs.row(row)), weight_at(weights, row));
  }
}

double ConfusionMatrix::actual(std::size_t index) const {
  const auto first = counts_.begin() + static_cast<std::ptrdiff_t>(index * classes_);
  return std::accumulate(first, first + static_cast<std::ptrdiff_t>(classes_), 0.0);
}

double ConfusionMatrix::predicted(std::size_t index) const {
  double sum = 0;
  for (std::size_t row = 0; row < classes_; ++row) sum += at(row, index);
  return sum;
}

double ConfusionMatrix::all() const { return std::accumulate(counts_.begin(), counts_.end(), 0.0); }

double accuracy(const ConfusionMatrix& confusion) {
  double correct = 0;
  for (std::size_t i = 0; i < confusion.classes(); ++i) correct += confusion.at(i, i);
  const double all = confusion.all();
  return all > 0 ? correct / all : unknown;
}

double balanced_accuracy(const ConfusionMatrix& confusion) {
  std::vector<double> recalls;
  for (const ClassScore& score : class_scores(confusion)) {
    if (score.rows > 0) recalls.push_back(score.recall);
  }
  return mean_of(recalls.size(), [&](std::size_t i) { return recalls[i]; });
}

std::vector<ClassScore> class_scores(const ConfusionMatrix& confusion) {
  std::vector<ClassScore> scores;
  for (std::size_t i = 0; i < confusion.classes(); ++i) {
    const double hits = confusion.at(i, i);
    const double actual = confusion.actual(i), predicted = confusion.predicted(i);
    scores.push_back(
        {share(hits, predicted), share(hits, actual), share(2 * hits, actual + predicted), actual});
  }
  return scores;
}

double f1_macro(const ConfusionMatrix& confusion) {
  std::vector<double> values;
  for (std::size_t i = 0; i < confusion.classes(); ++i) {
    const double hits = confusion.at(i, i);
    const double both = confusion.actual(i) + confusion.predicted(i);
    if (both > 0) values.push_back(share(2 * hits, both));
  }
  return mean_of(values.size(), [&](std::size_t i) { return values[i]; });
}

double top_k_accuracy(ConstMatrix<float> outputs, std::span<const std::int32_t> labels,
                      std::size_t k, RowWeights weights) {
  const auto is_among_them = [&](std::size_t row) {
    const auto values = outputs.row(row);
    const auto label = static_cast<std::size_t>(labels[row]);
    std::size_t before = 0;  // outputs that come before the label's
    for (std::size_t i = 0; i < values.size(); ++i) {
      before += static_cast<std::size_t>(values[i] > values[label] ||
                                         (values[i] == values[label] && i < label));
    }
    return before < k ? 1.0 : 0.0;
  };
  return mean_of(labels.size(), is_among_them, weights);
}

double roc_auc(std::span<const float> scores, std::span<const bool> of_class, RowWeights weights) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
  double won = 0, positives = 0, negatives = 0;  // of the rows so far
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    double of_it = 0, others = 0;  // rows of equal score
    do {
      const std::uint32_t row = order[last++];
      (of_class[row] ? of_it : others) += weight_at(weights, row);
    } while (last < order.size() && scores[order[last]] == scores[order[first]]);
    won += of_it * (negatives + others / 2);
    positives += of_it;
    negatives += others;
  }
  return positives > 0 && negatives > 0 ? won / (positives * negatives) : unknown;
}

double roc_auc(ConstMatrix<float> probabilities, std::span<const std::int32_t> labels,
               RowWeights weights) {
  if (probabilities.columns == 2) return auc_of_class(probabilities, labels, 1, weights);
  std::vector<double> areas;
  for (std::size_t i = 0; i < probabilities.columns; ++i) {
    const double area = auc_of_class(probabilities, labels, i, weights);
    if (!std::isnan(area)) areas.push_back(area);
  }
  return mean_of(areas.size(), [&](std::size_t i) { return areas[i]; });
}

double log_loss(ConstMatrix<float> logits, std::span<const std::int32_t> labels,
                RowWeights weights) {
  const auto loss = [&](std::size_t row) {
    const auto values = logits.row(row);
    const auto top = static_cast<double>(*std::max_element(values.begin(), values.end()));
    double sum = 0;
    for (const float value : values) sum += std::exp(static_cast<double>(value) - top);
    const auto label = static_cast<std::size_t>(labels[row]);
    return std::log(sum) + top - static_cast<double>(values[label]);
  };
  return mean_of(labels.size(), loss, weights);
}

std::vector<LabelScore> label_scores(ConstMatrix<float> logits, ConstMatrix<float> targets,
                                     RowWeights weights) {
  std::vector<LabelScore> scores;
  std::vector<float> column(logits.rows);
  const auto yes = std::make_unique<bool[]>(logits.rows);
  for (std::size_t label = 0; label < logits.columns; ++label) {
    ConfusionMatrix confusion(2);
    for (std::size_t row = 0; row < logits.rows; ++row) {
      column[row] = logits.row(row)[label];
      yes[row] = targets.row(row)[label] > 0.5F;
      confusion.add(yes[row] ? 1 : 0, column[row] > 0 ? 1 : 0, weight_at(weights, row));
    }
    LabelScore& score = scores.emplace_back();
    score.accuracy = accuracy(confusion);
    score.balanced_accuracy = balanced_accuracy(confusion);
    score.yes = class_scores(confusion)[1];
    score.auc = roc_auc(column, std::span<const bool>(yes.get(), logits.rows), weights);
    const auto loss = [&](std::size_t row) {
      const auto wrong = static_cast<double>(yes[row] ? -column[row] : column[row]);
      return std::max(wrong, 0.0) + std::log1p(std::exp(-std::abs(wrong)));
    };
    score.log_loss = mean_of(logits.rows, loss, weights);
  }
  return scores;
}

double exact_match(ConstMatrix<float> logits, ConstMatrix<float> targets, RowWeights weights) {
  const auto all_right = [&](std::size_t row) {
    const auto said = logits.row(row), actual = targets.row(row);
    const bool right = std::equal(said.begin(), said.end(), actual.begin(),
                                  [](float z, float yes) { return (z > 0) == (yes > 0.5F); });
    return right ? 1.0 : 0.0;
  };
  return mean_of(logits.rows, all_right, weights);
}

double mean_squared_error(std::span<const float> predicted, std::span<const float> actual,
                          RowWeights weights) {
  const auto square = [&](std::size_t i) {
    const double error = static_cast<double>(predicted[i]) - static_cast<double>(actual[i]);
    return error * error;
  };
  return mean_of(actual.size(), square, weights);
}

double mean_absolute_error(std::span<const float> predicted, std::span<const float> actual,
                           RowWeights weights) {
  const auto size = [&](std::size_t i) {
    return std::abs(static_cast<double>(predicted[i]) - static_cast<double>(actual[i]));
  };
  return mean_of(actual.size(), size, weights);
}

double r_squared(std::span<const float> predicted, std::span<const float> actual,
                 RowWeights weights) {
  const auto value = [&](std::size_t i) { return static_cast<double>(actual[i]); };
  const double mean = mean_of(actual.size(), value, weights);
  const auto square = [&](std::size_t i) { return (value(i) - mean) * (value(i) - mean); };
  const double variance = mean_of(actual.size(), square, weights);
  if (!(variance > 0)) return unknown;
  return 1 - mean_squared_error(predicted, actual, weights) / variance;
}

}  // namespace caviar
