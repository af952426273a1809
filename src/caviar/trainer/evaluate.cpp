#include "caviar/trainer/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "caviar/nn/loss.hpp"

namespace caviar {
namespace {

constexpr std::size_t rows_at_once = 256;

// Turns the logits into probabilities on the way.
void score_classes(const DataPart& part, Matrix<float> outputs, PartScore& score) {
  score.log_loss = log_loss(outputs, part.labels, part.weights);
  softmax_rows(outputs);
  const ConfusionMatrix confusion(outputs, part.labels, part.weights);
  score.accuracy = accuracy(confusion);
  score.balanced_accuracy = balanced_accuracy(confusion);
  score.f1 = f1_macro(confusion);
  score.auc = roc_auc(outputs, part.labels, part.weights);
  for (const auto& [k, into] : {std::pair(std::size_t{3}, &score.top3), {5, &score.top5}}) {
    if (outputs.columns > k) *into = top_k_accuracy(outputs, part.labels, k, part.weights);
  }
}

double mean_of_labels(const std::vector<LabelScore>& labels, double (*what)(const LabelScore&)) {
  double sum = 0;
  std::size_t known = 0;
  for (const LabelScore& label : labels) {
    const double value = what(label);
    if (std::isnan(value)) continue;
    sum += value;
    ++known;
  }
  return known == 0 ? unknown : sum / static_cast<double>(known);
}

void score_labels(const DataPart& part, ConstMatrix<float> outputs, PartScore& score) {
  const ConstMatrix<float> targets = part.samples().targets;
  const std::vector<LabelScore> labels = label_scores(outputs, targets, part.weights);
  const auto mean = [&](double (*what)(const LabelScore&)) { return mean_of_labels(labels, what); };
  score.accuracy = mean([](const LabelScore& label) { return label.accuracy; });
  score.balanced_accuracy = mean([](const LabelScore& label) { return label.balanced_accuracy; });
  score.f1 = mean([](const LabelScore& label) { return label.yes.f1; });
  score.auc = mean([](const LabelScore& label) { return label.auc; });
  score.log_loss = mean([](const LabelScore& label) { return label.log_loss; });
  score.exact = exact_match(outputs, targets, part.weights);
}

std::vector<float> column_of(ConstMatrix<float> matrix, std::size_t index) {
  std::vector<float> column(matrix.rows);
  for (std::size_t row = 0; row < matrix.rows; ++row) column[row] = matrix.row(row)[index];
  return column;
}

float weight_of_row(const DataPart& part, std::size_t row) {
  return part.weights.empty() ? 1.0F : part.weights[row];
}

// The rows whose true number lies between the first and the last of its
// quantiles.
double coverage(const DataPart& part, ConstMatrix<float> outputs, std::size_t quantiles) {
  double all = 0, inside = 0;
  for (std::size_t row = 0; row < outputs.rows; ++row) {
    const auto said = outputs.row(row);
    for (std::size_t i = 0; i < said.size(); i += quantiles) {
      const float actual = part.samples().targets.row(row)[i];
      const bool is_inside = said[i] <= actual && actual <= said[i + quantiles - 1];
      const auto weight = static_cast<double>(weight_of_row(part, row));
      all += weight;
      inside += is_inside ? weight : 0;
    }
  }
  return inside / all;
}

// Outputs are in order where they are quantiles.
void score_numbers(const PreparedData& data, const DataPart& part, ConstMatrix<float> outputs,
                   PartScore& score) {
  const std::vector<TargetColumn>& columns = data.target.columns;
  const std::size_t quantiles = data.target.quantiles();
  if (quantiles > 0) score.coverage = coverage(part, outputs, quantiles);
  constexpr double median = 0.5;
  const auto judged = [&](std::size_t i) {
    return quantiles == 0 || columns[i].quantile == median;
  };
  double count = 0;
  for (std::size_t i = 0; i < outputs.columns; ++i) count += judged(i) ? 1 : 0;
  if (count == 0) return;
  score.rmse = score.mae = score.r2 = 0;
  for (std::size_t i = 0; i < outputs.columns; ++i) {
    if (!judged(i)) continue;
    const std::vector<float> said = column_of(outputs, i);
    const std::vector<float> actual = column_of(part.samples().targets, i);
    const double unit = columns[i].deviation;
    score.rmse += std::sqrt(mean_squared_error(said, actual, part.weights)) * unit / count;
    score.mae += mean_absolute_error(said, actual, part.weights) * unit / count;
    score.r2 += r_squared(said, actual, part.weights) / count;
  }
}

}  // namespace

std::vector<float> outputs_of(const Model<float>& model, ConstMatrix<float> x) {
  std::vector<float> all(x.rows * model.outputs());
  Workspace<float> workspace(model, std::clamp<std::size_t>(x.rows, 1, rows_at_once));
  for (std::size_t first = 0; first < x.rows; first += rows_at_once) {
    const std::size_t rows = std::min(rows_at_once, x.rows - first);
    const ConstMatrix<float> outputs = workspace.predict(model, x.slice(first, rows));
    std::copy_n(outputs.data, outputs.size(), all.data() + first * model.outputs());
  }
  return all;
}

std::vector<float> numbers_of(const TargetCode& target, const Model<float>& model,
                              ConstMatrix<float> x) {
  std::vector<float> outputs = outputs_of(model, x);
  sort_quantiles(std::span(outputs), target.quantiles());
  return outputs;
}

std::vector<float> class_logits(const Model<float>& model, ConstMatrix<float> x) {
  std::vector<float> outputs = outputs_of(model, x);
  if (model.outputs() > 1) return outputs;
  std::vector<float> logits(2 * x.rows);
  for (std::size_t row = 0; row < x.rows; ++row) logits[2 * row + 1] = outputs[row];
  return logits;
}

Criterion usual_criterion(Task task, std::size_t outputs) {
  if (task == Task::regression) return Loss::squared_error;
  const bool binary = task == Task::multi_label || outputs == 1;
  return binary ? Loss::binary_cross_entropy : Loss::cross_entropy;
}

double loss_unit(const TargetCode& target, Loss loss) {
  const std::size_t targets = target.columns.size() / std::max<std::size_t>(1, target.quantiles());
  if (targets > 1) return 1;
  const double deviation = target.columns[0].deviation;
  switch (loss) {
    case Loss::cross_entropy:
    case Loss::binary_cross_entropy:
      return 1;
    case Loss::absolute_error:
    case Loss::quantile:
      return deviation;
    case Loss::squared_error:
    case Loss::huber:
      break;
  }
  return deviation * deviation;
}

PartScore evaluate_part(const PreparedData& data, const DataPart& part, const Model<float>& model,
                        const Criterion& criterion) {
  PartScore score;
  if (part.rows == 0) return score;
  Workspace<float> workspace(model, std::min(part.rows, rows_at_once));
  score.loss = evaluate(model, workspace, criterion, part.samples()).loss *
               loss_unit(data.target, criterion.loss);
  if (data.task == Task::classification) {
    std::vector<float> logits = class_logits(model, part.samples().x);
    score_classes(part, {logits.data(), part.rows, data.classes.size()}, score);
    return score;
  }
  const std::vector<float> outputs = data.task == Task::multi_label
                                         ? outputs_of(model, part.samples().x)
                                         : numbers_of(data.target, model, part.samples().x);
  const ConstMatrix<float> said = {outputs.data(), part.rows, model.outputs()};
  data.task == Task::multi_label ? score_labels(part, said, score)
                                 : score_numbers(data, part, said, score);
  return score;
}

std::vector<double> quantiles_of(const TargetCode& target) {
  std::vector<double> quantiles;
  if (target.quantiles() == 0) return quantiles;
  for (const TargetColumn& column : target.columns) quantiles.push_back(column.quantile);
  return quantiles;
}

std::vector<QuantileScore> quantile_scores_on(const PreparedData& data, const DataPart& part,
                                              const Model<float>& model) {
  const std::vector<float> outputs = numbers_of(data.target, model, part.samples().x);
  std::vector<QuantileScore> scores;
  for (std::size_t i = 0; i < model.outputs(); ++i) {
    const TargetColumn& column = data.target.columns[i];
    double all = 0, below = 0, loss = 0;
    for (std::size_t row = 0; row < part.rows; ++row) {
      const auto actual = static_cast<double>(part.samples().targets.row(row)[i]);
      const double off = static_cast<double>(outputs[row * model.outputs() + i]) - actual;
      const auto weight = static_cast<double>(weight_of_row(part, row));
      all += weight;
      below += off >= 0 ? weight : 0;
      loss += weight * std::max(-column.quantile * off, (1 - column.quantile) * off);
    }
    scores.push_back({loss / all * column.deviation, below / all});
  }
  return scores;
}

std::vector<LabelScore> label_scores_on(const DataPart& part, const Model<float>& model) {
  const std::vector<float> outputs = outputs_of(model, part.samples().x);
  return label_scores({outputs.data(), part.rows, model.outputs()}, part.samples().targets,
                      part.weights);
}

ConfusionMatrix confusion_on(const DataPart& part, const Model<float>& model) {
  const std::vector<float> logits = class_logits(model, part.samples().x);
  return {{logits.data(), part.rows, std::max<std::size_t>(model.outputs(), 2)},
          part.labels,
          part.weights};
}

std::vector<double> residuals_on(const PreparedData& data, const DataPart& part,
                                 const Model<float>& model, std::size_t index) {
  const std::vector<float> outputs = numbers_of(data.target, model, part.samples().x);
  std::vector<double> residuals;
  for (std::size_t at = index; at < outputs.size(); at += model.outputs()) {
    const double error = static_cast<double>(outputs[at]) - static_cast<double>(part.targets[at]);
    residuals.push_back(error * data.target.columns[index].deviation);
  }
  return residuals;
}

std::map<std::string, double> named_scores(const PartScore& score, const std::string& prefix) {
  std::map<std::string, double> named = {{prefix + "loss", score.loss},
                                         {prefix + "accuracy", score.accuracy},
                                         {prefix + "balanced_accuracy", score.balanced_accuracy},
                                         {prefix + "f1", score.f1},
                                         {prefix + "auc", score.auc},
                                         {prefix + "log_loss", score.log_loss},
                                         {prefix + "top3", score.top3},
                                         {prefix + "top5", score.top5},
                                         {prefix + "exact", score.exact},
                                         {prefix + "rmse", score.rmse},
                                         {prefix + "mae", score.mae},
                                         {prefix + "r2", score.r2},
                                         {prefix + "coverage", score.coverage}};
  std::erase_if(named, [](const auto& entry) { return std::isnan(entry.second); });
  return named;
}

std::vector<std::string> score_names() {
  return {"loss",    "accuracy", "balanced_accuracy",
          "f1",      "auc",      "log_loss",
          "top3",    "top5",     "exact",
          "rmse",    "mae",      "r2",
          "coverage"};
}

bool larger_is_better(const std::string& name) {
  return name != "loss" && name != "log_loss" && name != "rmse" && name != "mae";
}

}  // namespace caviar
