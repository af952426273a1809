// A whole training: it learns, stops in time, keeps the best weights, repeats, and allocates
// nothing inside an epoch.
#include "caviar/nn/fit.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/layers/dropout.hpp"

#include "tests/nn/allocations.hpp"

namespace caviar {
namespace {

// Three classes, one around each corner of a triangle.
struct Blobs {
  std::vector<float> x;
  std::vector<std::int32_t> labels;

  Blobs(std::size_t count, std::uint64_t seed, double spread = 0.5) {
    Rng rng(seed);
    for (std::size_t i = 0; i < count; ++i) {
      const auto label = static_cast<std::int32_t>(i % 3);
      labels.push_back(label);
      x.push_back(static_cast<float>(2 * std::cos(2.1 * label) + spread * rng.normal()));
      x.push_back(static_cast<float>(2 * std::sin(2.1 * label) + spread * rng.normal()));
    }
  }
  Samples<float> samples() const { return {{x.data(), labels.size(), 2}, labels, {}}; }
};

Model<float> small_model(bool with_dropout = false) {
  std::vector<LayerPtr<float>> layers = {dense<float>(16, Activation::relu)};
  if (with_dropout) layers.push_back(dropout<float>());
  layers.push_back(dense<float>(3, Activation::linear));
  Model<float> model(2, layers);
  Rng rng(1);
  model.initialize(rng);
  return model;
}

FitOptions options_for(int epochs) {
  FitOptions options;
  options.epochs = epochs;
  options.batch_size = 32;
  options.seed = 5;
  return options;
}

Knobs rate(double learning_rate) {
  Knobs knobs;
  knobs.learning_rate = learning_rate;
  return knobs;
}

TEST(Fit, LearnsToTellThreeClassesApart) {
  const Blobs training(300, 1), held_out(90, 2);
  Model<float> model = small_model();
  int calls = 0;
  const FitResult result = fit<float>(model, training.samples(), held_out.samples(),
                                      options_for(30), rate(0.01), [&](const EpochStats& stats) {
                                        EXPECT_EQ(stats.epoch, ++calls);
                                        return Flow::go;
                                      });
  EXPECT_EQ(result.ending, FitEnding::all_epochs);
  EXPECT_EQ(result.epochs, 30);
  EXPECT_EQ(calls, 30);
  EXPECT_EQ(result.samples, 300 * 30);
  EXPECT_GT(result.best.validation_accuracy, 0.95);
  EXPECT_LT(result.training_loss, 0.2);
  Workspace<float> workspace(model, 17);
  const Score score = evaluate(model, workspace, Loss::cross_entropy, held_out.samples());
  EXPECT_NEAR(score.loss, result.best.validation_loss, 1e-5);
  EXPECT_EQ(score.accuracy, result.best.validation_accuracy);
}

TEST(Fit, LearnsALine) {
  std::vector<float> x, y;
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    x.push_back(float(rng.normal()));
    y.push_back(3 * x.back() - 1);
  }
  Model<float> model(1, {dense<float>(1, Activation::linear)});
  FitOptions options = options_for(60);
  options.loss = Loss::squared_error;
  options.optimizer = Optimizer::momentum;
  const Samples<float> samples{{x.data(), 200, 1}, {}, {y.data(), 200, 1}};
  const FitResult result = fit<float>(model, samples, {}, options, rate(0.02), nullptr);
  EXPECT_NEAR(model.weights()[0], 3, 1e-3);
  EXPECT_NEAR(model.weights()[1], -1, 1e-3);
  EXPECT_TRUE(std::isnan(result.best.validation_loss));
  EXPECT_LT(result.best.training_loss, 1e-5);
}

TEST(Fit, StopsEarlyWithTheBestWeights) {
  const Blobs training(60, 1, 1.5), held_out(60, 2, 1.5);
  Model<float> model = small_model();
  FitOptions options = options_for(500);
  options.patience = 6;
  const FitResult result =
      fit<float>(model, training.samples(), held_out.samples(), options, rate(0.1), nullptr);
  EXPECT_EQ(result.ending, FitEnding::early_stop);
  EXPECT_EQ(result.epochs, result.best.epoch + 6);
  Workspace<float> workspace(model, 64);
  EXPECT_NEAR(evaluate(model, workspace, Loss::cross_entropy, held_out.samples()).loss,
              result.best.validation_loss, 1e-5);
}

TEST(Fit, CountsASmallGainAsNone) {
  const Blobs training(60, 1), held_out(60, 2);
  Model<float> model = small_model();
  FitOptions options = options_for(50);
  options.patience = 3;
  options.min_delta = 1e6;
  const FitResult result =
      fit<float>(model, training.samples(), held_out.samples(), options, rate(0.01), nullptr);
  EXPECT_EQ(result.best.epoch, 1);
  EXPECT_EQ(result.epochs, 4);
}

TEST(Fit, StopsWhenTold) {
  const Blobs training(60, 1), held_out(60, 2);
  Model<float> model = small_model();
  const FitResult result =
      fit<float>(model, training.samples(), held_out.samples(), options_for(50), rate(0.01),
                 [](const EpochStats& stats) { return stats.epoch == 4 ? Flow::stop : Flow::go; });
  EXPECT_EQ(result.ending, FitEnding::stopped);
  EXPECT_EQ(result.epochs, 4);
}

TEST(Fit, ReportsDivergenceAsAValue) {
  const Blobs training(60, 1), held_out(60, 2);
  Model<float> model = small_model();
  FitOptions options = options_for(50);
  options.optimizer = Optimizer::sgd;
  const FitResult result =
      fit<float>(model, training.samples(), held_out.samples(), options, rate(1e30), nullptr);
  EXPECT_EQ(result.ending, FitEnding::diverged);
  EXPECT_NE(result.why.find("loss became"), std::string::npos) << result.why;
  for (const float w : model.weights()) EXPECT_TRUE(std::isfinite(w));
}

std::vector<float> trained(std::uint64_t seed) {
  const Blobs training(100, 1), held_out(30, 2);
  Model<float> model = small_model(true);
  FitOptions options = options_for(5);
  options.seed = seed;
  Knobs knobs = rate(0.01);
  knobs.dropout = 0.3;
  fit<float>(model, training.samples(), held_out.samples(), options, knobs, nullptr);
  return {model.weights().begin(), model.weights().end()};
}

TEST(Fit, RepeatsToTheBit) {
  EXPECT_EQ(trained(5), trained(5));
  EXPECT_NE(trained(5), trained(6));
}

TEST(Fit, ReadsTheKnobsInEveryIteration) {
  const Blobs training(64, 1);
  Model<float> model = small_model();
  Knobs knobs = rate(0.01);
  std::vector<float> after_first;
  FitOptions options = options_for(3);
  options.optimizer = Optimizer::sgd;
  options.schedule = {.decay = Decay::inverse_time, .rate = 1};
  fit<float>(model, training.samples(), {}, options, knobs, [&](const EpochStats& stats) {
    if (stats.epoch == 1) {
      EXPECT_EQ(stats.learning_rate, 0.01);
      after_first.assign(model.weights().begin(), model.weights().end());
      knobs.learning_rate = 0;
    }
    if (stats.epoch == 2) {
      EXPECT_EQ(stats.learning_rate, 0);
    }
    return Flow::go;
  });
  EXPECT_EQ(std::vector<float>(model.weights().begin(), model.weights().end()), after_first);
}

TEST(Fit, LeavesTheThreadsArithmeticAsItWas) {
  const Blobs training(32, 1);
  Model<float> model = small_model();
  volatile float smallest = std::numeric_limits<float>::min();
  fit<float>(model, training.samples(), {}, options_for(2), rate(0.01), [&](const EpochStats&) {
    EXPECT_GT(smallest / 2, 0);
    return Flow::go;
  });
  EXPECT_GT(smallest / 2, 0);
}

TEST(Fit, AllocatesNothingInsideAnEpoch) {
  const Blobs training(100, 1), held_out(300, 2);
  for (const std::string& name : optimizer_names()) {
    Model<float> model = small_model(true);
    FitOptions options = options_for(6);
    options.optimizer = parse_optimizer(name, "test");
    options.patience = 100;
    Knobs knobs = rate(0.01);
    knobs.dropout = 0.2;
    long at_first_end = 0, at_last_end = 0;
    fit<float>(model, training.samples(), held_out.samples(), options, knobs,
               [&](const EpochStats& stats) {
                 (stats.epoch == 1 ? at_first_end : at_last_end) = test::allocation_count();
                 return Flow::go;
               });
    EXPECT_EQ(at_last_end - at_first_end, 0) << name;
  }
}

// Beside the model and the data: the best weights, the optimiser's two slots, two batches of
// activations, of a gradient no more than a part.
TEST(Fit, HoldsLittleBesideWeightsAndActivations) {
  constexpr std::size_t rows = 64, inputs = 300, units = 900, outputs = 10, batch = 32;
  const std::vector<float> x(rows * inputs, 0.5F);
  const std::vector<std::int32_t> labels(rows, 3);
  const Samples<float> samples{{x.data(), rows, inputs}, labels, {}};
  Model<float> model(inputs,
                     {dense<float>(units, Activation::relu), dense<float>(units, Activation::relu),
                      dense<float>(outputs, Activation::linear)});
  Rng rng(1);
  model.initialize(rng);
  FitOptions options = options_for(2);
  options.optimizer = Optimizer::adam;
  options.batch_size = batch;
  test::hold_peak_from_now();
  const long before = test::held_bytes();
  fit<float>(model, samples, samples, options, rate(0.001), {});
  const std::size_t weights = model.weights().size() * sizeof(float);
  const std::size_t activations = batch * (inputs + 2 * units + outputs) * sizeof(float);
  const auto held = static_cast<std::size_t>(test::peak_bytes() - before);
  EXPECT_GT(held, 3 * weights);
  EXPECT_LT(held, 3 * weights + 3 * activations + step_memory(units, units) * sizeof(float));
}

}  // namespace
}  // namespace caviar
