// What every layer promises, checked for each of them in the same way: its gradients are the slopes
// of what it computes, it keeps to the memory it asked for, repeats to the bit, is quiet at test
// time, and stays finite.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "caviar/nn/network.hpp"

namespace caviar {
namespace {

struct LayerCase {
  std::string name;
  std::size_t inputs = 5;
  std::vector<LayerSpec> layers;
  std::vector<std::size_t> codes = {};  // columns that hold codes 0 … 3
};

std::ostream& operator<<(std::ostream& out, const LayerCase& c) { return out << c.name; }

std::vector<LayerCase> layer_cases() {
  std::vector<LayerCase> cases = {
      {"dense", 5, {Dense{.units = 3}}},
      {"dense_without_bias", 5, {Dense{.units = 3, .bias = false}}},
      {"batch_norm", 4, {BatchNorm{}}},
      {"dropout", 6, {Dropout{.rate = 0.4}}},
      {"dropout_by_knob", 6, {Dropout{}}},
      {"embedding",
       4,
       {Embedding{
           {{.column = 2, .levels = 4, .width = 3}, {.column = 0, .levels = 4, .width = 2}}}},
       {0, 2}},
      {"residual", 4, {Residual{{Dense{.units = 4, .activation = Activation::tanh}}}}},
      {"residual_with_projection",
       4,
       {Residual{{Dense{.units = 6, .activation = Activation::gelu}, Dense{.units = 3}}}}},
      {"residual_of_all",
       5,
       {Residual{{BatchNorm{}, ActivationLayer{Activation::silu}, Dense{.units = 7, .bias = false},
                  Dropout{.rate = 0.3}, Dense{.units = 5}}}}},
      {"residual_in_residual",
       3,
       {Residual{{Dense{.units = 3}, Residual{{Dense{.units = 2}, BatchNorm{}}}}}}},
      {"network",
       6,
       {Embedding{{{.column = 1, .levels = 4, .width = 2}}}, Dense{.units = 8, .bias = false},
        BatchNorm{.momentum = 0.8, .epsilon = 1e-3}, ActivationLayer{Activation::elu},
        Dropout{.rate = 0.2}, Residual{{Dense{.units = 8, .activation = Activation::softplus}}},
        Dense{.units = 3}},
       {1}},
  };
  for (const std::string& name : activation_names()) {
    const Activation f = parse_activation(name, "test");
    cases.push_back({name, 5, {ActivationLayer{f}}});
    cases.push_back({"dense_" + name, 5, {Dense{.units = 4, .activation = f}}});
  }
  return cases;
}

// A model of one case with a batch, and as its loss the outputs weighed at random.
struct Bench {
  Model<double> model;
  Knobs knobs;
  std::size_t rows;
  std::vector<double> x, weighing;
  std::vector<std::size_t> codes;

  explicit Bench(const LayerCase& c, std::size_t row_count = 6)
      : model(make_model<double>({.inputs = c.inputs, .layers = c.layers})),
        rows(row_count),
        codes(c.codes) {
    Rng rng(7);
    model.initialize(rng);
    // Biases and scales away from 0 and 1, or mistakes with them would not show.
    for (double& w : model.weights()) w += rng.uniform(-0.3, 0.3);
    knobs.dropout = 0.4;
    for (std::size_t i = 0; i < rows * c.inputs; ++i) x.push_back(rng.normal());
    for (const std::size_t column : codes) {
      for (std::size_t r = 0; r < rows; ++r) x[r * c.inputs + column] = double(rng.below(4));
    }
    for (std::size_t i = 0; i < rows * model.outputs(); ++i) weighing.push_back(rng.normal());
  }

  ConstMatrix<double> batch() const { return {x.data(), rows, model.inputs()}; }

  // The same masks each time.
  double value(std::vector<double>* gradients = nullptr) {
    Rng rng(3);
    Workspace<double> workspace(model, rows + 2);
    const auto y = workspace.forward(model, knobs, rng, batch());
    if (gradients != nullptr) {
      gradients->assign(model.weights().size(), 0);
      std::copy(weighing.begin(), weighing.end(), workspace.delta().data);
      workspace.backward(model, knobs, batch(), *gradients);
    }
    return std::inner_product(weighing.begin(), weighing.end(), y.data, 0.0);
  }

  double slope(double& at) {
    constexpr double step = 1e-6;
    const double kept = at;
    at = kept + step;
    const double above = value();
    at = kept - step;
    const double below = value();
    at = kept;
    return (above - below) / (2 * step);
  }
};

class Layers : public testing::TestWithParam<LayerCase> {};

INSTANTIATE_TEST_SUITE_P(All, Layers, testing::ValuesIn(layer_cases()),
                         [](const auto& test) { return test.param.name; });

TEST_P(Layers, HaveTheSlopesOfTheirOutputsByTheirWeights) {
  Bench bench(GetParam());
  std::vector<double> gradients;
  bench.value(&gradients);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    ASSERT_NEAR(gradients[i], bench.slope(bench.model.weights()[i]), 2e-8) << "weight " << i;
  }
}

TEST_P(Layers, HaveTheSlopesOfTheirOutputsByTheirInputs) {
  // One product with the identity before the layers: its weights' gradients hold the inputs'.
  LayerCase c = GetParam();
  c.layers.insert(c.layers.begin(), Dense{.units = c.inputs, .bias = false});
  Bench bench(c, 1 + c.inputs);
  const auto weights = bench.model.weights().first(c.inputs * c.inputs);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = i % (c.inputs + 1) == 0 ? 1 : 0;
  std::vector<double> gradients;
  bench.value(&gradients);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t column = i % c.inputs;
    const bool is_code = std::count(c.codes.begin(), c.codes.end(), column) > 0;
    const double expected = is_code ? 0 : bench.slope(weights[i]);
    ASSERT_NEAR(gradients[i], expected, 2e-8) << "input " << column;
  }
}

TEST_P(Layers, WriteWhatTheySayAndNothingElse) {
  Bench bench(GetParam());
  const Model<double>& model = bench.model;
  const Step<double>& step = model.steps()[0];
  ASSERT_EQ(step.sizes.weights, step.plan.sizes().weights);
  constexpr double untouched = 12345;
  std::vector<double> y(bench.rows * step.plan.outputs + 1, untouched);
  std::vector<double> scratch(step.plan.scratch + bench.rows * step.plan.scratch_per_row + 1,
                              untouched);
  std::vector<double> dw(step.sizes.weights + 1, untouched), db(step.sizes.biases + 1, untouched);
  std::vector<double> dx(bench.rows * step.inputs + 1, untouched), dy(y.size(), 0.5);
  std::vector<double> state(model.state().begin(), model.state().end());
  state.resize(step.sizes.state + 1, untouched);
  Rng rng(1);
  const Pass<double> pass{model.kernels(), bench.knobs, Mode::training, &rng};
  const std::span<double> running = std::span(state).first(step.sizes.state);
  Slot<double> slot{.weights = model.weights().first(step.sizes.weights),
                    .biases = model.weights().subspan(model.decayed(), step.sizes.biases),
                    .state = running,
                    .weight_gradients = std::span(dw).first(step.sizes.weights),
                    .bias_gradients = std::span(db).first(step.sizes.biases),
                    .running = running,
                    .scratch = std::span(scratch).first(scratch.size() - 1)};
  const Matrix<double> y_view{y.data(), bench.rows, step.plan.outputs};
  step.layer->forward(pass, slot, bench.batch(), y_view);
  step.layer->backward(pass, slot, bench.batch(), y_view,
                       {dy.data(), bench.rows, step.plan.outputs},
                       {dx.data(), bench.rows, step.inputs});
  for (const auto* written : {&y, &dw, &db, &dx}) {
    EXPECT_EQ(written->back(), untouched);
    EXPECT_EQ(std::count(written->begin(), written->end() - 1, untouched), 0);
  }
  EXPECT_EQ(scratch.back(), untouched);
}

TEST_P(Layers, GiveTheSameBitsWhateverTheBatchIsCutInto) {
  // At test time a row's outputs depend on that row only.
  Bench bench(GetParam());
  Workspace<double> workspace(bench.model, bench.rows);
  const auto whole = workspace.predict(bench.model, bench.batch());
  const std::vector<double> outputs(whole.data, whole.data + whole.size());
  for (std::size_t r = 0; r < bench.rows; ++r) {
    const auto one = workspace.predict(bench.model, bench.batch().slice(r, 1));
    for (std::size_t j = 0; j < one.columns; ++j) {
      EXPECT_NEAR(one.data[j], outputs[r * one.columns + j], 1e-12);
    }
  }
}

TEST_P(Layers, ChangeNothingAtTestTime) {
  Bench bench(GetParam());
  bench.value();  // training moves the running averages
  const std::vector<double> state(bench.model.state().begin(), bench.model.state().end());
  Workspace<double> workspace(bench.model, bench.rows);
  const auto first = workspace.predict(bench.model, bench.batch());
  const std::vector<double> outputs(first.data, first.data + first.size());
  const auto second = workspace.predict(bench.model, bench.batch());
  EXPECT_TRUE(std::equal(outputs.begin(), outputs.end(), second.data));
  EXPECT_TRUE(std::equal(state.begin(), state.end(), bench.model.state().begin()));
}

TEST_P(Layers, RepeatToTheBit) {
  Bench a(GetParam()), b(GetParam());
  std::vector<double> one, other;
  EXPECT_EQ(a.value(&one), b.value(&other));
  EXPECT_EQ(one, other);
}

TEST_P(Layers, HoldEverythingWhenFrozen) {
  Bench bench(GetParam());
  for (std::size_t i = 0; i < bench.model.steps().size(); ++i) bench.model.set_rate(i, 0);
  const std::vector<double> state(bench.model.state().begin(), bench.model.state().end());
  std::vector<double> gradients;
  bench.value(&gradients);
  EXPECT_EQ(gradients, std::vector<double>(gradients.size(), 0.0));
  EXPECT_TRUE(std::equal(state.begin(), state.end(), bench.model.state().begin()));
  EXPECT_TRUE(bench.model.segments().empty());
}

TEST_P(Layers, StayFiniteForExtremesOneRowAndConstantColumns) {
  for (const double extreme : {0.0, 1e4, -1e4}) {
    for (const std::size_t rows : {1U, 6U}) {
      Bench bench(GetParam(), rows);
      for (std::size_t i = 0; i < bench.x.size(); ++i) {
        const std::size_t column = i % bench.model.inputs();
        const bool is_code = std::count(bench.codes.begin(), bench.codes.end(), column) > 0;
        if (!is_code) bench.x[i] = extreme;
      }
      std::vector<double> gradients;
      EXPECT_TRUE(std::isfinite(bench.value(&gradients)));
      for (const double g : gradients) EXPECT_TRUE(std::isfinite(g));
      for (const double s : bench.model.state()) EXPECT_TRUE(std::isfinite(s));
    }
  }
}

TEST_P(Layers, NameEveryNumberOnce) {
  const LayerCase& c = GetParam();
  const auto model = make_model<float>({.inputs = c.inputs, .layers = c.layers});
  std::vector<int> weights(model.weights().size()), state(model.state().size());
  std::vector<std::string> names;
  for (const Tensor& tensor : model.tensors()) {
    auto& covered = tensor.kind == TensorKind::state ? state : weights;
    ASSERT_LE(tensor.at + tensor.size(), covered.size()) << tensor.name;
    for (std::size_t i = 0; i < tensor.size(); ++i) ++covered[tensor.at + i];
    names.push_back(tensor.name);
  }
  for (const int count : weights) EXPECT_EQ(count, 1);
  for (const int count : state) EXPECT_EQ(count, 1);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace caviar
