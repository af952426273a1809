// Dense layers and activations against the reference numbers, dropout against its facts.
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/layers/dropout.hpp"
#include "caviar/nn/model.hpp"

#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

using test::as;
using test::expect_near;
using test::numbers;

template <class T>
void check_dense(double relative, double absolute) {
  for (const auto& c : test::reference("dense")["cases"]) {
    const std::size_t rows = c["X"].size(), in = c["W"].size(), out = c["b"].size();
    const auto x = as<T>(numbers(c["X"])), w = as<T>(numbers(c["W"])), b = as<T>(numbers(c["b"]));
    auto dy = as<T>(numbers(c["dY"]));
    std::vector<T> y(rows * out), dw(w.size()), db(out), dx(x.size());
    const auto layer = dense<T>(out, Activation::linear);
    const Knobs knobs;
    const Pass<T> pass{kernels<T>(), knobs};
    Slot<T> slot;
    slot.weights = w;
    slot.biases = b;
    slot.weight_gradients = dw;
    slot.bias_gradients = db;
    layer->forward(pass, slot, {x.data(), rows, in}, {y.data(), rows, out});
    layer->backward(pass, slot, {x.data(), rows, in}, {y.data(), rows, out}, {dy.data(), rows, out},
                    {dx.data(), rows, in});
    expect_near(y, numbers(c["Y"]), relative, absolute);
    expect_near(dx, numbers(c["dX"]), relative, absolute);
    expect_near(dw, numbers(c["dW"]), relative, absolute);
    expect_near(db, numbers(c["db"]), relative, absolute);
  }
}

TEST(Dense, MatchesTheReference) { check_dense<double>(1e-12, 1e-12); }
TEST(Dense, MatchesTheReferenceInSinglePrecision) { check_dense<float>(1e-4, 1e-5); }

template <class T>
void check_activations(const std::string& file, double relative, double absolute) {
  const auto& reference = test::reference(file);
  const auto z = numbers(reference["z"]);
  for (const std::string& name : activation_names()) {
    if (!reference.contains(name)) continue;
    const Activation f = parse_activation(name, "test");
    const auto value = numbers(reference[name]["value"]);
    const auto derivative = numbers(reference[name]["derivative"]);
    for (std::size_t i = 0; i < z.size(); ++i) {
      const T x = static_cast<T>(z[i]), one = 1, zero = 0;
      T y = 0, dy = 1;
      kernels<T>().dense({&x, 1, 1}, {&one, 1, 1}, &zero, f, {&y, 1, 1});
      kernels<T>().activation_gradient(f, needs_sum(f) ? &x : &y, &dy, 1);
      EXPECT_TRUE(std::isfinite(y) && std::isfinite(dy)) << name << " at " << z[i];
      EXPECT_TRUE(test::near(y, value[i], relative, absolute)) << name << " at " << z[i];
      EXPECT_TRUE(test::near(dy, derivative[i], relative, absolute)) << name << " at " << z[i];
    }
  }
}

TEST(Activations, MatchTheReference) {
  check_activations<double>("activations", 1e-12, 1e-12);
  check_activations<double>("more_activations", 1e-12, 1e-12);
}

TEST(Activations, MatchTheReferenceInSinglePrecision) {
  check_activations<float>("activations", 1e-4, 1e-5);
  check_activations<float>("more_activations", 1e-5, 1e-6);
}

struct DropoutRun {
  std::vector<double> y, dx;
};

DropoutRun drop_ones(double p, std::size_t units, bool training) {
  const auto layer = dropout<double>();
  Knobs knobs;
  knobs.dropout = p;
  Rng rng(3);
  const Pass<double> pass{kernels<double>(), knobs, training ? Mode::training : Mode::test, &rng};
  std::vector<double> scratch(units), x(units, 1.0), dy(units, 1.0);
  DropoutRun run{std::vector<double>(units), std::vector<double>(units)};
  Slot<double> slot;
  slot.scratch = scratch;
  layer->forward(pass, slot, {x.data(), 1, units}, {run.y.data(), 1, units});
  layer->backward(pass, slot, {x.data(), 1, units}, {run.y.data(), 1, units}, {dy.data(), 1, units},
                  {run.dx.data(), 1, units});
  return run;
}

TEST(Dropout, KeepsItsFacts) {
  for (const auto& c : test::reference("facts")["dropout"]["cases"]) {
    const std::size_t units = c["units"];
    const DropoutRun run = drop_ones(c["p"], units, true);
    double zeros = 0, sum = 0;
    for (std::size_t i = 0; i < units; ++i) {
      zeros += run.y[i] == 0;
      sum += run.y[i];
      ASSERT_TRUE(run.y[i] == 0 ||
                  std::abs(run.y[i] - c["kept_value_for_input_1"].get<double>()) < 1e-15);
      ASSERT_EQ(run.dx[i], run.y[i]);  // the gradient passes the same mask and factor
    }
    const auto n = static_cast<double>(units);
    EXPECT_NEAR(zeros / n, c["zero_share"], c["zero_share_tolerance_4_sigma"].get<double>());
    EXPECT_NEAR(sum / n, c["mean"], c["mean_tolerance_4_sigma"].get<double>());
  }
}

TEST(Dropout, IsTheIdentityOutsideTrainingAndForNone) {
  for (const auto& run : {drop_ones(0.5, 100, false), drop_ones(0, 100, true)}) {
    EXPECT_EQ(run.y, std::vector<double>(100, 1.0));
    EXPECT_EQ(run.dx, std::vector<double>(100, 1.0));
  }
  EXPECT_EQ(drop_ones(0.3, 101, true).y, drop_ones(0.3, 101, true).y);
}

TEST(Model, LaysWeightsBeforeBiasesAndDescribesItself) {
  const Model<float> model(4, {dense<float>(3, Activation::relu), dropout<float>(),
                               dense<float>(2, Activation::linear)});
  EXPECT_EQ(model.weights().size(), 4U * 3 + 3 + 3 * 2 + 2);
  EXPECT_EQ(model.decayed(), 4U * 3 + 3 * 2);
  const auto table = model.table();
  ASSERT_EQ(table.size(), 3U);
  EXPECT_EQ(table[0].layer, "dense, relu");
  EXPECT_EQ(table[0].parameters, 15U);
  EXPECT_EQ(table[1].layer, "dropout");
  EXPECT_EQ(table[1].parameters, 0U);
  EXPECT_EQ(table[2].outputs, 2U);
}

}  // namespace
}  // namespace caviar
