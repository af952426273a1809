// Held trainings go on from their file to the same bits.
#include "caviar/model/checkpoint.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/trainer/train.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

TrainSpec iris() {
  TrainSpec spec;
  spec.data = std::string(CAVIAR_SOURCE_DIR) + "/data/iris.csv";
  spec.targets = {"species"};
  spec.fixed.set("epochs", std::int64_t{8});
  spec.fixed.set("dropout", 0.3);
  spec.fixed.set("batch_norm", true);
  spec.fixed.set("optimizer", std::string("nadam"));
  return spec;
}

TEST(Checkpoint, GoesOnToTheBitFromTheMiddleOfAnEpoch) {
  const TempFolder folder;
  const TrainSpec spec = iris();
  const PreparedData data = prepare(spec);
  const TrainResult whole = train(data, spec, settings(spec));
  const std::vector<EpochStats> done = {
      {.epoch = 1, .training_loss = 1.0 / 3, .learning_rate = 0.1, .seconds = 2.5, .best = true},
      {.epoch = 2, .training_loss = 0.25, .validation_loss = 0.5, .validation_accuracy = 0.75}};
  train(data, spec, settings(spec), Control{.on_iteration = [&](const Iteration& at) {
          if (at.epoch != 5 || at.iteration != 1) return Flow::go;
          save_checkpoint(folder.file("c"), {spec, at.state(), "m", done, fingerprint(data)});
          return Flow::stop;
        }});
  const Checkpoint held = load_checkpoint(folder.file("c"));
  EXPECT_EQ(held.save, "m");
  ASSERT_EQ(held.epochs.size(), 2U);
  EXPECT_EQ(held.epochs[0].training_loss, 1.0 / 3);
  EXPECT_TRUE(std::isnan(held.epochs[0].validation_loss) && held.epochs[0].best);
  EXPECT_EQ(held.epochs[1].validation_accuracy, 0.75);
  const PreparedData again = prepare(held.spec);
  EXPECT_EQ(held.data, fingerprint(again));
  const TrainResult rest =
      train(again, held.spec, settings(held.spec), Control{.resume = &held.state});
  EXPECT_EQ(rest.epochs, whole.epochs);
  EXPECT_EQ(rest.best_epoch, whole.best_epoch);
  EXPECT_EQ(rest.validation.loss, whole.validation.loss);
  EXPECT_TRUE(std::equal(rest.model.weights().begin(), rest.model.weights().end(),
                         whole.model.weights().begin()));
  EXPECT_TRUE(std::equal(rest.model.state().begin(), rest.model.state().end(),
                         whole.model.state().begin()));
}

TEST(Checkpoint, KnowsTheModelThatItBeganWith) {
  const TempFolder folder;
  TrainingState<float> state;
  state.weights = {1, 2, 3};
  save_checkpoint(folder.file("c"), {iris(), state, "", {}, 0});
  EXPECT_EQ(load_checkpoint(folder.file("c")).from, std::nullopt);
  const HeldStart from{"folder/m", 0xfedc'ba98'7654'3210, 2, 0.3};
  save_checkpoint(folder.file("c"), {iris(), state, "", {}, 0, from});
  EXPECT_EQ(load_checkpoint(folder.file("c")).from, from);
  EXPECT_EQ(load_checkpoint(folder.file("c")).every, 0);
  save_checkpoint(folder.file("c"), {iris(), state, "", {}, 0, {}, "", 7});
  EXPECT_EQ(load_checkpoint(folder.file("c")).every, 7);
}

TEST(Checkpoint, RefusesOtherFiles) {
  const TempFolder folder;
  write_file(folder.file("c"), "not one at all");
  EXPECT_THROW(load_checkpoint(folder.file("c")), Error);
  EXPECT_THROW(load_checkpoint(folder.file("none")), Error);
  TrainingState<float> state;
  state.weights = {1, 2, 3};
  save_checkpoint(folder.file("c"), {iris(), state, "", {}, 0});
  const Checkpoint held = load_checkpoint(folder.file("c"));  // of another network
  EXPECT_EQ(held.state.weights, state.weights);
  const PreparedData data = prepare(held.spec);
  EXPECT_THROW(train(data, held.spec, settings(held.spec), Control{.resume = &held.state}), Error);
  const std::string whole = read_file(folder.file("c"));
  Rng rng(2);
  for (int round = 0; round < 200; ++round) {
    std::string bytes = whole;
    bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
    write_file(folder.file("c"), bytes);
    try {
      load_checkpoint(folder.file("c"));
    } catch (const Error&) {  // any other exception fails the test
    }
  }
}

}  // namespace
}  // namespace caviar
