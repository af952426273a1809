// What was said about a training, written down so that it is read back as the same.
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {
namespace {

Json files_json(const TrainSpec& spec) {
  Json json = {{"data", spec.data}};
  if (!spec.labels.empty()) json["labels"] = spec.labels;
  if (!spec.test_labels.empty()) json["test_labels"] = spec.test_labels;
  if (!spec.test_data.empty()) json["test_data"] = spec.test_data;
  if (spec.test_data.empty() && spec.test != TrainSpec{}.test) json["test"] = spec.test;
  if (!spec.cache.empty()) json["cache"] = spec.cache;
  if (spec.header) json["header"] = *spec.header;
  if (spec.delimiter) json["delimiter"] = std::string(1, *spec.delimiter);
  return json;
}

}  // namespace

Json to_json(const TrainSpec& spec) {
  Json json = files_json(spec);
  if (spec.targets.size() == 1) json["target"] = spec.targets[0];
  if (spec.targets.size() > 1) json["target"] = spec.targets;
  if (spec.task) json["task"] = name_of(*spec.task);
  for (const auto& [name, type] : spec.types) json["types"][name] = name_of(type);
  if (!spec.ignore.empty()) json["ignore"] = spec.ignore;
  if (!spec.weights.empty()) json["weights"] = spec.weights;
  if (!spec.class_weights.empty()) json["class_weights"] = spec.class_weights;
  json["scaling"] = name_of(spec.preprocessing.scaling);
  json["embed"] = spec.preprocessing.embed;
  if (!spec.preprocessing.embed_only.empty()) json["embed"] = spec.preprocessing.embed_only;
  json["most_levels"] = spec.preprocessing.most_levels;
  json["rare_share"] = spec.preprocessing.rare_share;
  json["scale_target"] = spec.scale_target;
  if (spec.drops_missing_target) json["missing_target"] = "drop";
  json["validation"] = {{"share", spec.validation}, {"stratified", spec.stratified}};
  if (spec.folds > 0) {
    json["validation"]["folds"] = spec.folds;
    json["validation"]["repeats"] = spec.repeats;
  }
  if (spec.outer > 0) json["validation"]["outer"] = spec.outer;
  if (spec.outer_fold > 0) json["validation"]["outer_fold"] = spec.outer_fold;
  if (!spec.group.empty()) json["validation"]["group"] = spec.group;
  if (!spec.time.empty()) json["validation"]["time"] = spec.time;
  json["early_stopping"] = false;
  if (spec.patience) {
    json["early_stopping"] = {{"patience", *spec.patience},
                              {"min_delta", spec.min_delta},
                              {"monitor", spec.monitor},
                              {"restore_best", spec.restore_best}};
  }
  for (const auto& [epoch, rate] : spec.rate_table) json["rate_table"][number_text(epoch)] = rate;
  if (spec.rate_formula) json["rate_formula"] = spec.rate_formula->text();
  json["seed"] = spec.seed;
  json.update(to_json(spec.fixed));
  if (!spec.quantiles.empty()) json["quantile"] = spec.quantiles;
  return json;
}

}  // namespace caviar
