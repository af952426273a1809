// Networks as data: what is built from them, and what is refused.
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/nn/network.hpp"

namespace caviar {
namespace {

std::vector<std::string> names_of(const NetworkSpec& spec) {
  std::vector<std::string> names;
  for (const Tensor& tensor : make_model<float>(spec).tensors()) {
    std::string name = tensor.name;
    for (const std::size_t extent : tensor.shape) name += " " + std::to_string(extent);
    names.push_back(name);
  }
  return names;
}

TEST(NetworkSpec, NamesEveryTensorWithItsShape) {
  const NetworkSpec spec{
      .inputs = 5,
      .layers = {Embedding{{{.column = 4, .levels = 9, .width = 3}}},
                 Dense{.units = 8, .bias = false}, BatchNorm{}, ActivationLayer{},
                 Residual{{Dense{.units = 6}, Dropout{}}}, Dense{.units = 2}}};
  EXPECT_EQ(names_of(spec),
            (std::vector<std::string>{
                "0.embedding.table0 9 3", "1.dense.weight 7 8", "2.batch_norm.scale 8",
                "2.batch_norm.shift 8", "2.batch_norm.mean 8", "2.batch_norm.variance 8",
                "4.residual.0.dense.weight 8 6", "4.residual.0.dense.bias 6",
                "4.residual.projection 8 6", "5.dense.weight 6 2", "5.dense.bias 2"}));
}

TEST(NetworkSpec, ComparesAndSaysItsKinds) {
  const NetworkSpec a{.inputs = 3, .layers = {Residual{{Dense{.units = 3}}}, Dense{.units = 2}}};
  NetworkSpec b = a;
  EXPECT_EQ(a, b);
  std::get<Dense>(std::get<Residual>(b.layers[0]).layers[0]).activation = Activation::tanh;
  EXPECT_NE(a, b);
  EXPECT_EQ(kind_of(a.layers[0]), "residual");
  EXPECT_EQ(kind_of(a.layers[1]), "dense");
}

TEST(NetworkSpec, DrawsWeightsForTheActivationThatFollows) {
  const auto spread = [](std::vector<LayerSpec> layers) {
    auto model = make_model<double>({.inputs = 400, .layers = std::move(layers)});
    Rng rng(5);
    model.initialize(rng);
    double squares = 0;
    const auto weights = model.weights().first(400 * 50);
    for (const double w : weights) squares += w * w;
    return squares / double(weights.size());
  };
  const Dense plain{.units = 50};
  EXPECT_NEAR(spread({plain}), 2.0 / 450, 1e-4);
  EXPECT_NEAR(spread({plain, BatchNorm{}, ActivationLayer{Activation::relu}}), 2.0 / 400, 1e-4);
  EXPECT_NEAR(spread({plain, ActivationLayer{Activation::selu}}), 1.0 / 400, 1e-4);
  EXPECT_NEAR(spread({Dense{.units = 50, .initializer = Initializer::lecun_uniform},
                      ActivationLayer{Activation::relu}}),
              1.0 / 400, 1e-4);
}

TEST(NetworkSpec, LetsOneLayerStartAnew) {
  auto model = make_model<float>({.inputs = 3, .layers = {Dense{.units = 4}, Dense{.units = 2}}});
  Rng rng(5);
  model.initialize(rng);
  const std::vector<float> before(model.weights().begin(), model.weights().end());
  model.initialize(1, rng);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(model.weights()[i], before[i]);
  for (std::size_t i = 12; i < 20; ++i) EXPECT_NE(model.weights()[i], before[i]);
}

TEST(Embedding, GivesZerosForWhatItDoesNotKnow) {
  auto model = make_model<float>(
      {.inputs = 2, .layers = {Embedding{{{.column = 0, .levels = 3, .width = 2}}}}});
  Rng rng(5);
  model.initialize(rng);
  Workspace<float> workspace(model, 1);
  for (const float code : {-1.0F, 3.0F, 0.5F, std::nanf(""), 1e30F}) {
    const std::vector<float> x = {code, 7};
    const auto y = workspace.predict(model, {x.data(), 1, 2});
    EXPECT_EQ(std::vector<float>(y.data, y.data + 3), (std::vector<float>{7, 0, 0}));
  }
  const std::vector<float> x = {2, 7};
  const auto y = workspace.predict(model, {x.data(), 1, 2});
  EXPECT_EQ(y.data[1], model.weights()[4]);
  EXPECT_EQ(y.data[2], model.weights()[5]);
}

std::string complaint(const NetworkSpec& spec) {
  try {
    make_model<float>(spec);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "none";
}

TEST(NetworkSpec, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(complaint({.inputs = 0, .layers = {Dense{}}}),
            "inputs: 0 was given, a whole number from 1 was expected");
  EXPECT_EQ(complaint({.inputs = 3}), "layers: no layer was given, at least one was expected");
  EXPECT_EQ(complaint({.inputs = 3, .layers = {Dense{}, Dense{.units = 0}}}),
            "layers[1].units: 0 was given, a whole number from 1 was expected");
  EXPECT_EQ(complaint({.inputs = 3, .layers = {Residual{{Dropout{.rate = 1}}}}}),
            "layers[0].layers[0].rate: 1 was given, a number from 0 to below 1 was expected");
  EXPECT_EQ(complaint({.inputs = 3, .layers = {BatchNorm{.epsilon = 0}}}),
            "layers[0].epsilon: 0 was given, a number above 0, at most 1 was expected");
  EXPECT_EQ(complaint({.inputs = 3, .layers = {Embedding{{{.column = 3}}}}}),
            "layers[0].columns[0].column: 3 was given, one of the 3 columns, from 0, each at most "
            "once was expected");
  EXPECT_EQ(complaint({.inputs = 3, .layers = {Embedding{{{.column = 1}, {.column = 1}}}}}),
            "layers[0].columns[1].column: 1 was given, one of the 3 columns, from 0, each at most "
            "once was expected");
  EXPECT_EQ(complaint({.inputs = 1U << 30, .layers = {Dense{.units = 1U << 30}}}),
            "layers[0]: a layer of 1073741824 × 1073741824 weights was given, at most 2^40 was "
            "expected");
}

}  // namespace
}  // namespace caviar
