// Small models for tests: every kind of layer and of column, numbers drawn by the seed.
#pragma once

#include <string>

#include "caviar/base/rng.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/model/saved_model.hpp"

namespace caviar::test {

// mass (one is missing), sex (a category with a level `it`), wild (yes or no), when (a date), kind,
// age.
inline Table animals() {
  TableOptions options;
  options.types = {
      {"sex", ColumnType::category}, {"wild", ColumnType::yes_no}, {"when", ColumnType::date}};
  return parse_csv(
      "mass,sex,wild,when,kind,age\n"
      "1.5,male,yes,2024-01-31,ant,1\n"
      "2.5,female,no,2024-02-29,bee,3\n"
      ",it,yes,2024-03-01,cat,2\n"
      "4,,no,2024-06-30,ant,8\n"
      "-1,male,,2024-12-31,bee,5\n"
      "0.25,female,yes,,cat,4\n",
      "animals.csv", options);
}

// Numbers everywhere, running averages too.
inline void fill(Model<float>& model, std::uint64_t seed) {
  Rng rng(seed);
  for (float& weight : model.weights()) weight = static_cast<float>(rng.uniform(-1, 1));
  for (float& number : model.state()) number = static_cast<float>(rng.uniform(0.5, 1.5));
}

inline SavedModel model_of(const Table& table, const std::string& target, Task task,
                           const std::vector<std::string>& columns,
                           const PreprocessOptions& how = {}) {
  SavedModel saved;
  std::vector<std::size_t> rows, places;
  for (std::size_t row = 0; row < table.rows; ++row) rows.push_back(row);
  for (const std::string& name : columns) places.push_back(table.need(name, "column"));
  saved.preprocessor = Preprocessor::learn(table, places, rows, how);
  saved.target = learn_target(table, read_target(table, target, task), rows);
  saved.data = table.source;
  saved.version = "0.0";
  saved.scores = {{"validation_loss", 0.25}};
  saved.hyperparameters.set("learning_rate", 0.01);
  return saved;
}

inline std::size_t outputs_for(const SavedModel& saved) {
  return saved.target.classes.empty() ? 1 : saved.target.classes.size();
}

// Classes out of all kinds of columns, through all kinds of layers.
inline SavedModel rich_model() {
  SavedModel saved =
      model_of(animals(), "kind", Task::classification, {"mass", "sex", "wild", "when"});
  saved.network.inputs = saved.preprocessor.width();
  saved.network.layers = {Dense{.units = 6, .bias = false},
                          BatchNorm{},
                          ActivationLayer{Activation::gelu},
                          Dropout{0.5},
                          Residual{{Dense{.units = 6, .activation = Activation::silu}}},
                          Residual{{Dense{.units = 4, .activation = Activation::selu}}},
                          Dense{.units = outputs_for(saved)}};
  saved.model = make_model<float>(saved.network);
  fill(saved.model, 1);
  return saved;
}

// A number out of an embedded category and numbers.
inline SavedModel embedding_model() {
  SavedModel saved = model_of(animals(), "age", Task::regression, {"sex", "wild"}, {.embed = true});
  const auto& codes = saved.preprocessor.columns();
  saved.network.inputs = saved.preprocessor.width();
  saved.network.layers = {Embedding{{{codes[0].first_feature, codes[0].cardinality(), 3}}},
                          Dense{.units = 5, .activation = Activation::elu}, Dense{.units = 1}};
  saved.model = make_model<float>(saved.network);
  fill(saved.model, 2);
  return saved;
}

}  // namespace caviar::test
