// Every kernel table of this processor against plain loops in double precision.
#include "caviar/nn/kernels.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

template <class T>
std::vector<T> draws(std::size_t count, Rng& rng) {
  std::vector<T> values(count);
  for (T& value : values) value = static_cast<T>(rng.uniform(-1, 1));
  return values;
}

template <class T>
class KernelsOf : public testing::Test {
 protected:
  // Rounding grows with the number of terms; single precision has 24 bits.
  static double tolerance(std::size_t terms) {
    return 4 * static_cast<double>(std::numeric_limits<T>::epsilon()) *
           static_cast<double>(terms + 4);
  }
};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(KernelsOf, Scalars);

struct Shape {
  std::size_t rows, in, out;
};
// Every tile height, both sides of every vector width, panel depth and block, and what networks
// use.
const std::vector<Shape> shapes = {{1, 1, 1},    {2, 3, 5},     {3, 7, 8},     {4, 8, 15},
                                   {5, 16, 16},  {6, 17, 17},   {7, 31, 10},   {13, 33, 31},
                                   {16, 64, 64}, {25, 100, 33}, {32, 255, 9},  {12, 256, 32},
                                   {37, 257, 3}, {9, 600, 70},  {1, 300, 130}, {270, 40, 5},
                                   {3, 9, 1},    {70, 2, 19},   {260, 130, 66}};

TYPED_TEST(KernelsOf, MultiplyAsPlainLoopsDo) {
  using T = TypeParam;
  Rng rng(1);
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const auto [rows, in, out] : shapes) {
      SCOPED_TRACE(std::string(table->name) + " " + std::to_string(rows) + " × " +
                   std::to_string(in) + " × " + std::to_string(out));
      const auto x = draws<T>(rows * in, rng), w = draws<T>(in * out, rng);
      const auto bias = draws<T>(out, rng), dz = draws<T>(rows * out, rng);
      std::vector<T> y(rows * out), dw(in * out), db(out), dx(rows * in);
      table->dense({x.data(), rows, in}, {w.data(), in, out}, bias.data(), Activation::linear,
                   {y.data(), rows, out});
      table->weight_gradient({x.data(), rows, in}, {dz.data(), rows, out}, {dw.data(), in, out},
                             db.data());
      table->input_gradient({dz.data(), rows, out}, {w.data(), in, out}, {dx.data(), rows, in});
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t j = 0; j < out; ++j) {
          double sum = bias[j];
          for (std::size_t i = 0; i < in; ++i) sum += double(x[r * in + i]) * w[i * out + j];
          ASSERT_NEAR(y[r * out + j], sum, this->tolerance(in));
        }
        for (std::size_t i = 0; i < in; ++i) {
          double sum = 0;
          for (std::size_t j = 0; j < out; ++j) sum += double(dz[r * out + j]) * w[i * out + j];
          ASSERT_NEAR(dx[r * in + i], sum, this->tolerance(out));
        }
      }
      for (std::size_t j = 0; j < out; ++j) {
        double column = 0;
        for (std::size_t r = 0; r < rows; ++r) column += dz[r * out + j];
        ASSERT_NEAR(db[j], column, this->tolerance(rows));
        for (std::size_t i = 0; i < in; ++i) {
          double sum = 0;
          for (std::size_t r = 0; r < rows; ++r) sum += double(x[r * in + i]) * dz[r * out + j];
          ASSERT_NEAR(dw[i * out + j], sum, this->tolerance(rows));
        }
      }
    }
  }
}

// y = f(z) for one z after the other, through a dense layer with weight 1.
template <class T>
std::vector<T> activated(const Kernels<T>& table, Activation activation, const std::vector<T>& z) {
  const T one = 1, zero = 0;
  std::vector<T> y(z.size());
  table.dense({z.data(), z.size(), 1}, {&one, 1, 1}, &zero, activation, {y.data(), y.size(), 1});
  return y;
}

TYPED_TEST(KernelsOf, ActivateToTheLastDigits) {
  using T = TypeParam;
  std::vector<T> z;
  for (double x = -20; x <= 20; x += 0.0137) z.push_back(static_cast<T>(x));
  for (double x = 1e-6; x < 1; x *= 1.7) z.push_back(static_cast<T>(x));
  const double relative = 8 * static_cast<double>(std::numeric_limits<T>::epsilon());
  for (const Kernels<T>* table : available_kernels<T>()) {
    SCOPED_TRACE(table->name);
    const auto tanhs = activated(*table, Activation::tanh, z);
    const auto sigmoids = activated(*table, Activation::sigmoid, z);
    const auto relus = activated(*table, Activation::relu, z);
    for (std::size_t i = 0; i < z.size(); ++i) {
      const double x = z[i];
      ASSERT_NEAR(tanhs[i], std::tanh(x), relative * std::abs(std::tanh(x))) << x;
      const double sigmoid = 1 / (1 + std::exp(-x));
      ASSERT_NEAR(sigmoids[i], sigmoid, relative * sigmoid) << x;
      ASSERT_EQ(relus[i], x > 0 ? z[i] : T(0));
    }
  }
}

TYPED_TEST(KernelsOf, KeepExtremesFiniteAndNanVisible) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const std::vector<T> z = {T(-1e30), T(-5000), T(-90), T(90), T(5000), T(1e30), nan};
  for (const Kernels<T>* table : available_kernels<T>()) {
    SCOPED_TRACE(table->name);
    for (const Activation f : {Activation::relu, Activation::tanh, Activation::sigmoid}) {
      const auto y = activated(*table, f, z);
      for (std::size_t i = 0; i + 1 < z.size(); ++i) EXPECT_TRUE(std::isfinite(y[i])) << z[i];
      EXPECT_TRUE(std::isnan(y.back()));
    }
    const std::vector<T> logits = {T(0), nan, T(1)};
    const std::int32_t label = 0;
    std::vector<T> delta(3);
    EXPECT_TRUE(std::isnan(
        table->cross_entropy({logits.data(), 1, 3}, &label, T(1), {delta.data(), 1, 3})));
  }
}

TYPED_TEST(KernelsOf, UpdateTheSameInEveryTable) {
  using T = TypeParam;
  constexpr std::size_t count = 77;
  Knobs knobs;
  knobs.weight_decay = 0.01;
  knobs.l1 = 0.003;
  for (const std::string& name : optimizer_names()) {
    const auto update = update_for<T>(parse_optimizer(name, "test"), knobs,
                                      {.count = 3, .momentum_product = 0.1}, TensorKind::weight);
    std::vector<T> expected;
    for (const Kernels<T>* table : available_kernels<T>()) {
      Rng rng(5);
      auto w = draws<T>(count, rng), g = draws<T>(count, rng), m = draws<T>(count, rng);
      auto s = draws<T>(count, rng), largest = draws<T>(count, rng);
      for (T& value : s) value = std::abs(value);
      for (T& value : m) value = std::abs(value);
      for (T& value : largest) value = std::abs(value);
      table->update(update, w.data(), g.data(), {m.data(), s.data(), largest.data()}, count);
      if (expected.empty()) expected = w;
      for (std::size_t i = 0; i < count; ++i) {
        EXPECT_NEAR(w[i], expected[i], this->tolerance(4)) << name << " " << table->name;
      }
    }
  }
}

TEST(KernelTables, EndWithThePortableOne) {
  EXPECT_EQ(available_kernels<float>().back()->name, "portable");
  EXPECT_EQ(&kernels<float>(), available_kernels<float>().front());
}

}  // namespace
}  // namespace caviar
