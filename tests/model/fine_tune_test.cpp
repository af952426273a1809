// Training that begins with a saved model.
#include "caviar/model/fine_tune.hpp"

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

TrainSpec iris(const std::string& target = "species") {
  TrainSpec spec;
  spec.data = std::string(CAVIAR_SOURCE_DIR) + "/data/iris.csv";
  spec.targets = {target};
  spec.fixed.set("hidden_units", std::string("12-6"));
  spec.fixed.set("learning_rate", 0.02);
  spec.fixed.set("epochs", std::int64_t{25});
  return spec;
}

SavedModel trained(const TrainSpec& spec) {
  const PreparedData data = prepare(spec);
  const TrainResult result = train(data, spec, settings(spec));
  return {.network = result.network,
          .model = result.model,
          .preprocessor = data.preprocessor,
          .target = data.target,
          .hyperparameters = {},
          .scores = {},
          .data = {},
          .version = {}};
}

std::span<const float> array_of(const Model<float>& model, const std::string& name) {
  for (const Tensor& tensor : model.tensors()) {
    if (tensor.name == name) return model.weights().subspan(tensor.at, tensor.size());
  }
  ADD_FAILURE() << name;
  return {};
}

bool same(std::span<const float> a, std::span<const float> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

TEST(FineTune, BeginsWhereTheModelStands) {
  const TrainSpec spec = iris();
  const SavedModel saved = trained(spec);
  const PreparedData data = prepare(spec, {saved.preprocessor, saved.target});
  EXPECT_EQ(data.target, saved.target);
  const TrainStart start = start_from(saved, data, {});
  EXPECT_TRUE(same(start.model.weights(), saved.model.weights()));
  const PartScore score =
      evaluate_part(data, data.validation, start.model, usual_criterion(data.task));
  EXPECT_GT(score.accuracy, 0.85);
}

TEST(FineTune, FrozenLayersKeepTheirWeights) {
  const TrainSpec spec = iris();
  const SavedModel saved = trained(spec);
  const PreparedData data = prepare(spec, {saved.preprocessor, saved.target});
  const TrainStart start = start_from(saved, data, {.freeze = 1, .rate_decay = 0.5});
  EXPECT_EQ(start.model.rate(0), 0);
  EXPECT_EQ(start.model.rate(1), 0.5);
  EXPECT_EQ(start.model.rate(2), 1);
  TrainSpec last = spec;
  last.restore_best = false;
  const TrainResult result = train(data, last, settings(last), Control{.start = &start});
  EXPECT_TRUE(
      same(array_of(result.model, "0.dense.weight"), array_of(saved.model, "0.dense.weight")));
  EXPECT_FALSE(
      same(array_of(result.model, "1.dense.weight"), array_of(saved.model, "1.dense.weight")));
}

// The same columns, but two classes of another name.
TEST(FineTune, OtherClassesGetANewLastLayer) {
  const SavedModel saved = trained(iris());
  const TempFolder folder;
  std::string text = read_file(iris().data);
  for (const auto& [from, to] :
       {std::pair("versicolor", "other"), std::pair("virginica", "other")}) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
      text.replace(at, std::string(from).size(), to);
    }
  }
  write_file(folder.file("two.csv"), text);
  TrainSpec spec = iris();
  spec.data = folder.file("two.csv");
  const PreparedData data = prepare(spec, {saved.preprocessor, saved.target});
  ASSERT_EQ(data.classes.size(), 2U);
  const TrainStart start = start_from(saved, data, {});
  EXPECT_EQ(start.model.outputs(), 2U);
  EXPECT_TRUE(
      same(array_of(start.model, "0.dense.weight"), array_of(saved.model, "0.dense.weight")));
  const TrainResult result = train(data, spec, settings(spec), Control{.start = &start});
  EXPECT_GT(evaluate_test(data, result).accuracy, 0.9);
}

// One model of a number, another number to learn: nothing of the first one's scale is left.
TEST(FineTune, AnotherTargetColumnIsLearntAnew) {
  TrainSpec spec = iris("petal_width_cm");
  spec.ignore = {"petal_length_cm", "species"};
  const SavedModel saved = trained(spec);
  spec.targets = {"petal_length_cm"};
  const PreparedData data = prepare(spec, {saved.preprocessor, saved.target});
  EXPECT_NEAR(data.target.columns[0].mean, 3.76, 0.3);
  const TrainStart start = start_from(saved, data, {.loss = Loss::squared_error});
  const auto last = std::to_string(saved.network.layers.size() - 1) + ".dense.weight";
  EXPECT_FALSE(same(array_of(start.model, last), array_of(saved.model, last)));
  EXPECT_TRUE(
      same(array_of(start.model, "0.dense.weight"), array_of(saved.model, "0.dense.weight")));
  spec.targets = {"sepal_length_cm"};
  EXPECT_THROW(prepare(spec, {saved.preprocessor, saved.target}), Error);
}

TEST(FineTune, TheSpecSaysWhatTheNetworkIs) {
  SavedModel saved = trained(iris());
  saved.hyperparameters = iris().fixed;
  TrainSpec spec = iris();
  spec.fixed = {{"learning_rate", 0.001}};
  const Point fixed = spec_from(saved, spec).fixed;
  EXPECT_EQ(fixed.at("hidden_units"), Value(std::string("12-6")));
  EXPECT_EQ(fixed.at("learning_rate"), Value(0.001));
  EXPECT_EQ(fixed.find("epochs"), nullptr);
  EXPECT_NO_THROW(spec_from(saved, iris(), {"learning_rate", "hidden_units"}));
  EXPECT_THROW(spec_from(saved, spec, {"scaling"}), Error);
  spec.fixed.set("hidden_units", std::string("12-7"));
  EXPECT_THROW(spec_from(saved, spec), Error);
}

TEST(FineTune, RefusesWhatMakesNoSense) {
  const TrainSpec spec = iris();
  const SavedModel saved = trained(spec);
  const PreparedData data = prepare(spec, {saved.preprocessor, saved.target});
  EXPECT_THROW(start_from(saved, data, {.freeze = 3}), Error);
  EXPECT_THROW(start_from(saved, data, {.freeze = -1}), Error);
  EXPECT_THROW(start_from(saved, data, {.rate_decay = 0}), Error);
}

}  // namespace
}  // namespace caviar
