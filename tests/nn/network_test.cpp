// Whole networks: against the reference numbers, and every gradient against finite differences.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/layers/dropout.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/nn/model.hpp"
#include "caviar/nn/stepper.hpp"

#include "tests/nn/optimizer_settings.hpp"
#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

using test::as;
using test::expect_near;
using test::numbers;

// W1, W2, …, b1, b2, …: the order of Model's span.
std::vector<double> flat(const nlohmann::json& parameters) {
  std::vector<double> out;
  for (const char* kind : {"W", "b"}) {
    for (int i = 1; parameters.contains(kind + std::to_string(i)); ++i) {
      test::flatten(parameters[kind + std::to_string(i)], out);
    }
  }
  return out;
}

// A reference case with what is needed to run it.
template <class T>
struct Case {
  Model<T> model;
  std::vector<T> x, targets;
  std::vector<std::int32_t> labels;
  Samples<T> samples;
  Loss loss;

  explicit Case(const nlohmann::json& c) {
    const std::vector<std::size_t> sizes = c["layers"];
    const Activation hidden = parse_activation(c["hidden_activation"], "reference");
    std::vector<LayerPtr<T>> layers;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      layers.push_back(dense<T>(sizes[i], i + 1 < sizes.size() ? hidden : Activation::linear));
    }
    model = Model<T>(sizes[0], layers);
    x = as<T>(numbers(c["X"]));
    samples.x = {x.data(), c["X"].size(), sizes[0]};
    loss = c["loss"].get<std::string>().find("cross-entropy") != std::string::npos
               ? Loss::cross_entropy
               : Loss::squared_error;
    if (loss == Loss::cross_entropy) {
      labels = c["y"].get<std::vector<std::int32_t>>();
      samples.labels = labels;
    } else {
      targets = as<T>(numbers(c["y"]));
      samples.targets = {targets.data(), samples.x.rows, sizes.back()};
    }
  }

  void set(const nlohmann::json& parameters) {
    const auto values = as<T>(flat(parameters));
    ASSERT_EQ(values.size(), model.weights().size());
    std::copy(values.begin(), values.end(), model.weights().begin());
  }
  // The loss, and the gradient of all weights.
  double run(std::vector<T>& gradients) {
    Workspace<T> workspace(model, samples.size());
    const Knobs knobs;
    gradients.resize(model.weights().size());
    Rng unused(1);
    const auto outputs = workspace.forward(model, knobs, unused, samples.x);
    const double value = loss_and_delta(model.kernels(), loss, outputs, samples, workspace.delta());
    workspace.backward(model, knobs, samples.x, gradients);
    return value;
  }
};

template <class T>
void check_networks(double relative, double absolute) {
  for (const auto& c : test::reference("networks")["cases"]) {
    SCOPED_TRACE(c["name"]);
    Case<T> network(c);
    network.set(c["parameters"]);
    std::vector<T> gradients;
    EXPECT_TRUE(test::near(network.run(gradients), c["loss_value"], relative, absolute));
    expect_near(gradients, flat(c["gradient"]), relative, absolute);

    for (const auto& [name, run] : c["optimiser_runs"].items()) {
      SCOPED_TRACE(name);
      const auto [optimizer, knobs] = test::settings_of(name, run["settings"]);
      network.set(c["parameters"]);
      Stepper<T> stepper(optimizer, gradients.size());
      const auto losses = numbers(run["loss_before_each_step_and_at_the_end"]);
      for (std::size_t step = 0; step < losses.size(); ++step) {
        EXPECT_TRUE(test::near(network.run(gradients), losses[step], relative, absolute)) << step;
        if (step == 3) {
          expect_near(network.model.weights(), flat(run["parameters_after_3_steps"]), relative,
                      absolute);
        }
        if (step == 10) {
          expect_near(network.model.weights(), flat(run["parameters_after_10_steps"]), relative,
                      absolute);
        }
        // In these runs decay pulls biases as well.
        stepper.step(kernels<T>(), knobs, test::all_weights(gradients.size()), gradients,
                     network.model.weights());
      }
    }
  }
}

TEST(Network, MatchesTheReference) { check_networks<double>(1e-9, 1e-12); }
TEST(Network, MatchesTheReferenceInSinglePrecision) { check_networks<float>(1e-4, 1e-5); }

TEST(Network, PenaltiesMatchTheReference) {
  for (const auto& c : test::reference("networks")["cases"]) {
    if (!c.contains("penalties")) continue;
    for (const auto& p : c["penalties"]) {
      Case<double> network(c);
      network.set(p["parameters"]);
      Knobs knobs;
      knobs.l1 = p["l1"];
      knobs.weight_decay = 2 * p["l2"].get<double>();  // the penalty is l2 Σ w², its slope 2 l2 w
      std::vector<double> gradients;
      EXPECT_NEAR(network.run(gradients), p["loss_without_penalty"], 1e-12);

      // One step of rate 1 moves the weights by the penalised gradient.
      knobs.learning_rate = 1;
      const auto before = flat(p["parameters"]);
      Stepper<double>(Optimizer::sgd, before.size())
          .step(kernels<double>(), knobs, network.model.segments(), gradients,
                network.model.weights());
      auto moved = before;
      for (std::size_t i = 0; i < moved.size(); ++i) moved[i] -= network.model.weights()[i];
      expect_near(moved, flat(p["gradient"]), 1e-9, 1e-12);

      network.set(p["parameters"]);
      knobs.learning_rate = 0.1;
      Stepper<double> stepper(Optimizer::sgd, before.size());
      for (int step = 0; step < 3; ++step) {
        network.run(gradients);
        stepper.step(kernels<double>(), knobs, network.model.segments(), gradients,
                     network.model.weights());
      }
      expect_near(network.model.weights(), flat(p["parameters_after_3_sgd_steps_lr_0_1"]), 1e-9,
                  1e-12);
    }
  }
}

// A random network and batch whose gradient can be compared with differences of the loss.
struct Probe {
  Model<double> model;
  Loss loss;
  Knobs knobs;
  std::vector<double> x, targets;
  std::vector<std::int32_t> labels;
  Samples<double> samples;

  Probe(Activation activation, Loss wanted, bool with_dropout) : loss(wanted) {
    constexpr std::size_t rows = 7, inputs = 5, outputs = 4;
    std::vector<LayerPtr<double>> layers = {dense<double>(9, activation)};
    if (with_dropout) layers.push_back(dropout<double>());
    layers.push_back(dense<double>(6, activation));
    layers.push_back(dense<double>(outputs, Activation::linear));
    model = Model<double>(inputs, layers);
    Rng rng(11);
    for (double& w : model.weights()) w = rng.uniform(-1, 1);
    x.resize(rows * inputs);
    for (double& value : x) value = rng.normal();
    samples.x = {x.data(), rows, inputs};
    knobs.dropout = with_dropout ? 0.4 : 0;
    if (loss == Loss::cross_entropy) {
      for (std::size_t i = 0; i < rows; ++i) labels.push_back(int(rng.below(outputs)));
      samples.labels = labels;
    } else {
      targets.resize(rows * outputs);
      for (double& value : targets) value = rng.normal();
      samples.targets = {targets.data(), rows, outputs};
    }
  }

  // The same dropout mask each time.
  double value(std::vector<double>* gradients) {
    Rng mask(4);
    Workspace<double> workspace(model, samples.size());
    const auto outputs = workspace.forward(model, knobs, mask, samples.x);
    const double result =
        loss_and_delta(model.kernels(), loss, outputs, samples, workspace.delta());
    if (gradients != nullptr) {
      gradients->resize(model.weights().size());
      workspace.backward(model, knobs, samples.x, *gradients);
    }
    return result;
  }
};

TEST(Network, GradientsAreTheSlopesOfTheLoss) {
  for (const std::string& name : activation_names()) {
    for (const Loss loss : {Loss::cross_entropy, Loss::squared_error}) {
      for (const bool with_dropout : {false, true}) {
        SCOPED_TRACE(fmt::format("{}, loss {}, dropout {}", name, int(loss), with_dropout));
        Probe probe(parse_activation(name, "test"), loss, with_dropout);
        std::vector<double> gradients;
        probe.value(&gradients);
        for (std::size_t i = 0; i < gradients.size(); ++i) {
          constexpr double step = 1e-6;
          double& w = probe.model.weights()[i];
          const double kept = w;
          w = kept + step;
          const double above = probe.value(nullptr);
          w = kept - step;
          const double below = probe.value(nullptr);
          w = kept;
          ASSERT_NEAR(gradients[i], (above - below) / (2 * step), 1e-7) << "weight " << i;
        }
      }
    }
  }
}

}  // namespace
}  // namespace caviar
