#include "caviar/cli/train_page.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/file.hpp"
#include "caviar/base/text.hpp"

namespace caviar::cli {
namespace {

std::string number(double value) { return std::isnan(value) ? "" : rounded_text(value); }

void add_judgement(const FinishedTraining& training, TrainingPage& page) {
  const PreparedData& data = training.data;
  const DataPart& part = training.judging();
  if (part.rows == 0) return;
  page.judged_on =
      fmt::format("the {} {} rows", part.rows, training.tested() ? "test" : "validation");
  const Model<float>& model = training.result.model;
  if (data.task == Task::classification) {
    const ConfusionMatrix confusion = *training.confusion();
    page.classes = data.classes;
    for (std::size_t actual = 0; actual < data.classes.size(); ++actual) {
      std::vector<double>& row = page.counts.emplace_back();
      for (std::size_t i = 0; i < data.classes.size(); ++i) row.push_back(confusion.at(actual, i));
    }
  } else if (data.task == Task::regression && data.target.columns.size() == 1) {
    const std::vector<double> residuals = residuals_on(data, part, model);
    for (std::size_t row = 0; row < part.rows; ++row) {
      const auto learnt = static_cast<double>(part.targets[row]);
      const double actual = data.target.columns[0].decoded(learnt);
      page.numbers.emplace_back(actual, actual + residuals[row]);
    }
  }
}

// Each class by itself.
void add_classes(const FinishedTraining& training, TrainingPage& page) {
  const auto confusion = training.confusion();
  if (!confusion) return;
  PageTable table{"Classes",
                  fmt::format("Each on {}.", page.judged_on),
                  {"class", ">rows", ">recall", ">precision", ">f1"},
                  {}};
  const std::vector<ClassScore> scores = class_scores(*confusion);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    table.rows.push_back({training.data.classes[i], number(scores[i].rows),
                          number(scores[i].recall), number(scores[i].precision),
                          number(scores[i].f1)});
  }
  page.tables.push_back(std::move(table));
}

// Of several targets each one.
void add_targets(const FinishedTraining& training, TrainingPage& page) {
  const auto targets = training.by_target();
  if (targets.empty()) return;
  PageTable table{"Targets", fmt::format("Each on {}.", page.judged_on), {"target"}, {}};
  for (const auto& [what, value] : targets[0].second) table.headers.push_back(">" + what);
  for (const auto& [name, scores] : targets) {
    std::vector<std::string>& row = table.rows.emplace_back(std::vector<std::string>{name});
    for (const auto& [what, value] : scores) row.push_back(number(value));
  }
  page.tables.push_back(std::move(table));
}

PageTable scores_table(const FinishedTraining& training) {
  PageTable table{
      "Scores", "By the weights that were kept.", {"", ">training", ">validation", ">test"}, {}};
  for (const ScoreLine& line : score_lines(training)) {
    std::vector<std::string> row = {line.name};
    for (const double value : line.values) row.push_back(number(value));
    table.rows.push_back(std::move(row));
  }
  return table;
}

PageTable network_table(const Model<float>& model) {
  PageTable table{"Network", "Layer by layer.", {"layer", ">in", ">out", ">parameters"}, {}};
  for (const LayerLine& line : model.table()) {
    table.rows.push_back({line.layer, std::to_string(line.inputs), std::to_string(line.outputs),
                          std::to_string(line.parameters)});
  }
  return table;
}

PageTable columns_table(const PreparedData& data) {
  PageTable table{"Data",
                  fmt::format("{}: {} rows.", file_name(data.source), data.rows),
                  {"column", "", "type", ">missing", "values"},
                  {}};
  for (const ColumnLine& column : data.columns) {
    table.rows.push_back({column.name, column.role == "feature" ? "" : column.role,
                          name_of(column.type), std::to_string(column.summary.missing),
                          column.values});
  }
  return table;
}

}  // namespace

std::vector<PagePicture> epoch_pictures(const std::vector<EpochStats>& epochs) {
  PageCurve loss{"training", {}, {}}, validation{"validation", {}, {}}, right{"validation", {}, {}},
      rate{"learning rate", {}, {}};
  for (const EpochStats& epoch : epochs) {
    for (PageCurve* curve : {&loss, &validation, &right, &rate}) curve->x.push_back(epoch.epoch);
    loss.y.push_back(epoch.training_loss);
    validation.y.push_back(epoch.validation_loss);
    right.y.push_back(epoch.validation_accuracy);
    rate.y.push_back(epoch.learning_rate);
  }
  std::vector<PagePicture> pictures = {
      {"Loss", "What training makes small, over the epochs.", "epoch", {loss, validation}},
      {"Accuracy", "The share of rows that is right.", "epoch", {right}}};
  const auto [low, high] = std::minmax_element(rate.y.begin(), rate.y.end());
  if (low != rate.y.end() && *low < *high) {
    pictures.push_back(
        {"Learning rate", "The rate of each epoch's last step.", "epoch", {std::move(rate)}});
  }
  return pictures;
}

PagePicture rates_picture(const RateCurve& curve, const std::string& lead) {
  PageCurve loss{"loss", {}, {}};
  for (const RatePoint& point : curve.points) {
    loss.x.push_back(point.rate);
    loss.y.push_back(point.smoothed);
  }
  return {"Range test", lead, "learning rate", {std::move(loss)}};
}

TrainingPage page_of(const FinishedTraining& training, const Point& hyperparameters) {
  const TrainResult& result = training.result;
  TrainingPage page;
  page.title = training.data.target.name();
  page.story = fmt::format(
      "Learnt from {} rows of {} in {} epochs ({}); the weights of epoch {} are "
      "kept.",
      training.data.training.rows, file_name(training.data.source), result.epochs,
      duration_text(result.seconds), result.kept_epoch);
  const PartScore& judged = training.tested() ? training.test : result.validation;
  const std::string part = training.tested() ? "test" : "validation";
  if (training.data.task == Task::regression) {
    page.figures = {{part + " RMSE", number(judged.rmse)}, {part + " R²", number(judged.r2)}};
    if (training.data.target.quantiles() > 0) {
      page.figures = {{part + " loss", number(judged.loss)},
                      {part + " coverage", number(judged.coverage)}};
    }
  } else {
    page.figures = {{part + " accuracy", number(judged.accuracy)},
                    {part + " F1", number(judged.f1)}};
  }
  page.figures.emplace_back("parameters", std::to_string(result.model.weights().size()));
  page.pictures = epoch_pictures(training.epochs);
  add_judgement(training, page);
  page.tables = {scores_table(training)};
  add_classes(training, page);
  add_targets(training, page);
  page.tables.push_back(network_table(result.model));
  PageTable settings{"Settings",
                     "Hyperparameters that were set; the others have their usual values.",
                     {"hyperparameter", "value"},
                     {}};
  for (const auto& [name, value] : hyperparameters.entries()) {
    settings.rows.push_back({name, to_text(value)});
  }
  if (!settings.rows.empty()) page.tables.push_back(std::move(settings));
  page.tables.push_back(columns_table(training.data));
  return page;
}

}  // namespace caviar::cli
