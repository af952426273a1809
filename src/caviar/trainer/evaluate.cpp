#include "caviar/trainer/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "caviar/nn/loss.hpp"

namespace caviar {
namespace {

constexpr std::size_t rows_at_once = 256;
constexpr std::size_t k = 5;  // of the top-k accuracy

// Turns the logits into probabilities on the way.
void score_classes(const DataPart& part, Matrix<float> outputs, PartScore& score) {
  score.log_loss = log_loss(outputs, part.labels);
  softmax_rows(outputs);
  const ConfusionMatrix confusion(outputs, part.labels);
  score.accuracy = accuracy(confusion);
  score.balanced_accuracy = balanced_accuracy(confusion);
  score.f1 = f1_macro(confusion);
  score.auc = roc_auc(outputs, part.labels);
  if (outputs.columns > k) score.top5 = top_k_accuracy(outputs, part.labels, k);
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

Criterion usual_criterion(Task task) {
  return task == Task::classification ? Loss::cross_entropy : Loss::squared_error;
}

double loss_unit(const TargetCode& target, Loss loss) {
  switch (loss) {
    case Loss::cross_entropy:
    case Loss::binary_cross_entropy:
      return 1;
    case Loss::absolute_error:
    case Loss::quantile:
      return target.deviation;
    case Loss::squared_error:
    case Loss::huber:
      break;
  }
  return target.deviation * target.deviation;
}

PartScore evaluate_part(const PreparedData& data, const DataPart& part, const Model<float>& model,
                        const Criterion& criterion) {
  PartScore score;
  if (part.rows == 0) return score;
  Workspace<float> workspace(model, std::min(part.rows, rows_at_once));
  score.loss = evaluate(model, workspace, criterion, part.samples()).loss *
               loss_unit(data.target, criterion.loss);
  std::vector<float> outputs = outputs_of(model, part.samples().x);
  if (data.task == Task::classification) {
    score_classes(part, {outputs.data(), part.rows, model.outputs()}, score);
    return score;
  }
  const double unit = data.target.deviation;
  score.rmse = std::sqrt(mean_squared_error(outputs, part.targets)) * unit;
  score.mae = mean_absolute_error(outputs, part.targets) * unit;
  score.r2 = r_squared(outputs, part.targets);
  return score;
}

ConfusionMatrix confusion_on(const DataPart& part, const Model<float>& model) {
  const std::vector<float> outputs = outputs_of(model, part.samples().x);
  return {{outputs.data(), part.rows, model.outputs()}, part.labels};
}

std::vector<double> residuals_on(const PreparedData& data, const DataPart& part,
                                 const Model<float>& model) {
  const std::vector<float> outputs = outputs_of(model, part.samples().x);
  std::vector<double> residuals;
  for (std::size_t row = 0; row < part.rows; ++row) {
    const double error = static_cast<double>(outputs[row]) - static_cast<double>(part.targets[row]);
    residuals.push_back(error * data.target.deviation);
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
                                         {prefix + "top5", score.top5},
                                         {prefix + "rmse", score.rmse},
                                         {prefix + "mae", score.mae},
                                         {prefix + "r2", score.r2}};
  std::erase_if(named, [](const auto& entry) { return std::isnan(entry.second); });
  return named;
}

}  // namespace caviar
