#include "caviar/cli/train_json.hpp"

#include <cmath>
#include <cstdint>

#include "caviar/base/json.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar::cli {
namespace {

// A list a quantity, an entry an epoch.
Json curve_json(const FinishedTraining& training) {
  Json curve = {{"epoch", Json::array()},
                {"training_loss", Json::array()},
                {"validation_loss", Json::array()},
                {"learning_rate", Json::array()}};
  for (const EpochStats& epoch : training.epochs) {
    curve["epoch"].push_back(epoch.epoch);
    curve["training_loss"].push_back(json_number(epoch.training_loss));
    curve["validation_loss"].push_back(json_number(epoch.validation_loss));
    curve["learning_rate"].push_back(epoch.learning_rate);
    if (training.data.task == Task::regression) continue;
    curve["validation_accuracy"].push_back(json_number(epoch.validation_accuracy));
  }
  return curve;
}

// Rows, or the sum of their weights.
Json count_json(double count) {
  if (count == std::floor(count)) return static_cast<std::int64_t>(count);
  return count;
}

// A row a true class, a column a predicted one.
Json confusion_json(const ConfusionMatrix& confusion) {
  Json rows = Json::array();
  for (std::size_t actual = 0; actual < confusion.classes(); ++actual) {
    Json& row = rows.emplace_back(Json::array());
    for (std::size_t i = 0; i < confusion.classes(); ++i) {
      row.push_back(count_json(confusion.at(actual, i)));
    }
  }
  return rows;
}

Json classes_json(const ConfusionMatrix& confusion, const std::vector<std::string>& classes) {
  Json list = Json::array();
  const std::vector<ClassScore> scores = class_scores(confusion);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    list.push_back({{"class", classes[i]},
                    {"rows", count_json(scores[i].rows)},
                    {"precision", scores[i].precision},
                    {"recall", scores[i].recall},
                    {"f1", scores[i].f1}});
  }
  return list;
}

}  // namespace

Json training_json(const FinishedTraining& training, const TrainSpec& spec,
                   const std::map<std::string, double>& scores) {
  Json json = {{"data", spec.data},
               {"target", training.data.target.name()},
               {"params", to_json(spec.fixed)},
               {"epochs", training.result.epochs},
               {"rows",
                {{"training", training.data.training.rows},
                 {"validation", training.data.validation.rows},
                 {"test", training.data.test.rows}}},
               {"parameters", training.result.model.weights().size()},
               {"metrics", Json::object()}};
  if (training.data.left_out > 0) json["rows"]["left_out"] = training.data.left_out;
  for (const auto& [name, value] : scores) json["metrics"][name] = json_number(value);
  json["curve"] = curve_json(training);
  if (const auto confusion = training.confusion()) {
    json["confusion"] = confusion_json(*confusion);
    json["classes"] = classes_json(*confusion, training.data.classes);
  }
  for (const auto& [name, score] : training.by_target()) {
    for (const auto& [what, value] : score) json["targets"][name][what] = json_number(value);
  }
  return json;
}

}  // namespace caviar::cli
