// Batch normalisation against the reference numbers: alone over several batches, and in a network.
#include "caviar/nn/layers/batch_norm.hpp"

#include <gtest/gtest.h>

#include "caviar/nn/loss.hpp"
#include "caviar/nn/network.hpp"
#include "caviar/nn/stepper.hpp"

#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

using test::expect_near;
using test::numbers;

std::vector<double> joined(const nlohmann::json& a, const nlohmann::json& b) {
  auto both = numbers(a);
  test::flatten(b, both);
  return both;
}

// A model of one batch normalisation with the reference's scale and shift.
Model<double> reference_model(const nlohmann::json& reference) {
  const nlohmann::json& variant = reference["variant"];
  auto model = make_model<double>(
      {.inputs = 3,
       .layers = {BatchNorm{.momentum = 1 - variant["weight_of_the_new_batch"].get<double>(),
                            .epsilon = variant["eps"]}}});
  Rng rng(1);
  model.initialize(rng);
  const auto weights = joined(reference["gamma"], reference["beta"]);
  std::copy(weights.begin(), weights.end(), model.weights().begin());
  return model;
}

TEST(BatchNorm, MatchesTheReference) {
  const auto& reference = test::reference("batch_normalisation");
  const auto& variant = reference["variant"];
  auto model = reference_model(reference);
  const Knobs knobs;
  Rng rng(1);
  Workspace<double> workspace(model, 16);
  for (const auto& step : variant["steps"]) {
    const auto x = numbers(step["X"]), dy = numbers(step["dY"]);
    const std::size_t rows = step["X"].size();
    const auto& layer = *model.steps()[0].layer;
    std::vector<double> y(x.size()), dx(x.size()), gradients(6), scratch(6), slopes = dy;
    Pass<double> pass{model.kernels(), knobs, Mode::training, &rng};
    Slot<double> slot;
    slot.biases = model.weights();
    slot.state = slot.running = model.state();
    slot.bias_gradients = gradients;
    slot.scratch = scratch;
    layer.forward(pass, slot, {x.data(), rows, 3}, {y.data(), rows, 3});
    layer.backward(pass, slot, {x.data(), rows, 3}, {y.data(), rows, 3}, {slopes.data(), rows, 3},
                   {dx.data(), rows, 3});
    expect_near(y, numbers(step["Y"]), 1e-8, 1e-9);
    expect_near(dx, numbers(step["dX"]), 1e-8, 1e-9);
    expect_near(gradients, joined(step["dgamma"], step["dbeta"]), 1e-8, 1e-9);
    expect_near(model.state(), joined(step["running_mean_after"], step["running_var_after"]), 1e-8,
                1e-9);
  }
  const auto x = numbers(variant["inference"]["X"]);
  const auto y = workspace.predict(model, {x.data(), x.size() / 3, 3});
  expect_near(y.all(), numbers(variant["inference"]["Y"]), 1e-8, 1e-9);
}

TEST(BatchNorm, GivesTheShiftForABatchOfOneAndKeepsItsAverages) {
  const auto& reference = test::reference("batch_normalisation");
  auto model = reference_model(reference);
  const std::vector<double> before(model.state().begin(), model.state().end());
  const auto x = numbers(reference["batch_of_one"]["X"]);
  const Knobs knobs;
  Rng rng(1);
  Workspace<double> workspace(model, 1);
  const auto y = workspace.forward(model, knobs, rng, {x.data(), 1, 3});
  expect_near(y.all(), numbers(reference["batch_of_one"]["Y"]), 1e-12, 1e-12);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), model.state().begin()));
}

TEST(BatchNorm, TakesAConstantColumnFarFromZeroForConstant) {
  auto model = make_model<float>({.inputs = 1, .layers = {BatchNorm{}}});
  Rng rng(1);
  model.initialize(rng);
  const std::vector<float> x(7, 123456.7F);
  Workspace<float> workspace(model, 7);
  const Knobs knobs;
  for (const float y : workspace.forward(model, knobs, rng, {x.data(), 7, 1}).all()) {
    EXPECT_EQ(y, 0);
  }
}

// W1, W2, scale, shift, b2: the order of the model's span.
std::vector<double> flat(const nlohmann::json& parameters) {
  std::vector<double> out;
  for (const char* name : {"W1", "W2", "gamma", "beta", "b2"}) {
    test::flatten(parameters[name], out);
  }
  return out;
}

TEST(BatchNorm, TrainsInANetworkAsTheReferenceDoes) {
  const auto& reference = test::reference("network_with_batch_normalisation");
  auto model =
      make_model<double>({.inputs = 2,
                          .layers = {Dense{.units = 3, .bias = false}, BatchNorm{},
                                     ActivationLayer{Activation::relu}, Dense{.units = 2}}});
  const auto start = flat(reference["parameters"]);
  Rng rng(1);
  model.initialize(rng);
  ASSERT_EQ(start.size(), model.weights().size());
  std::copy(start.begin(), start.end(), model.weights().begin());
  Knobs knobs;
  knobs.learning_rate = reference["learning_rate"];
  knobs.weight_decay = 2 * reference["l2"].get<double>();
  Workspace<double> workspace(model, 6);
  Stepper<double> stepper(Optimizer::sgd, start.size());
  std::vector<double> gradients(start.size());
  for (const auto& step : reference["steps"]) {
    std::vector<double> x;
    std::vector<std::int32_t> labels;
    for (const std::size_t row : step["rows"].get<std::vector<std::size_t>>()) {
      test::flatten(reference["X"][row], x);
      labels.push_back(reference["y"][row]);
    }
    double penalty = 0;
    for (const double w : model.weights().first(model.decayed())) penalty += w * w;
    const Samples<double> batch{.x = {x.data(), labels.size(), 2}, .labels = labels};
    const auto outputs = workspace.forward(model, knobs, rng, batch.x);
    const double loss =
        loss_and_delta(model.kernels(), Loss::cross_entropy, outputs, batch, workspace.delta());
    EXPECT_NEAR(loss + reference["l2"].get<double>() * penalty, step["loss"], 1e-9);
    workspace.backward(model, knobs, batch.x, gradients);
    stepper.step(model.kernels(), knobs, model.segments(), gradients, model.weights());
    expect_near(model.weights(), flat(step["parameters_after"]), 1e-8, 1e-10);
    expect_near(model.state(), joined(step["running_mean_after"], step["running_var_after"]), 1e-8,
                1e-10);
  }
  const auto x = numbers(reference["X"]);
  const auto logits = workspace.predict(model, {x.data(), 6, 2});
  expect_near(logits.all(), numbers(reference["inference_logits_all_rows_after_3_steps"]), 1e-8,
              1e-10);
}

}  // namespace
}  // namespace caviar
