// Every kernel table of this processor against plain loops in double precision.
#include "caviar/nn/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
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
const std::vector<Shape> shapes = {{1, 1, 1},
                                   {2, 3, 5},
                                   {3, 7, 8},
                                   {4, 8, 15},
                                   {5, 16, 16},
                                   {6, 17, 17},
                                   {7, 31, 10},
                                   {13, 33, 31},
                                   {16, 64, 64},
                                   {25, 100, 33},
                                   {32, 255, 9},
                                   {12, 256, 32},
                                   {37, 257, 3},
                                   {9, 600, 70},
                                   {1, 300, 130},
                                   {270, 40, 5},
                                   {3, 9, 1},
                                   {70, 2, 19},
                                   {1, 1, 40},
                                   {1, 260, 1100},
                                   {1, 40, 1},
                                   {45, 700, 1},
                                   {6, 1, 1},
                                   {5, 1, 23},
                                   {260, 129, 34},
                                   // Few rows of which scalar products are taken, rows that collide
                                   // in the cache, results that are written by rows.
                                   {8, 20, 300},
                                   {3, 11, 200},
                                   {70, 9, 170},
                                   {2, 20, 130},
                                   {14, 1024, 40},
                                   {70, 5, 1000},
                                   {5, 300, 250}};

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

// Whoever predicts row by row gets what whoever predicts all rows at once gets.
TYPED_TEST(KernelsOf, GiveARowTheSameBitsInEveryBatch) {
  using T = TypeParam;
  Rng rng(3);
  constexpr std::size_t rows = 29;
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const auto& [in, out] :
         {std::pair<std::size_t, std::size_t>{64, 10}, {700, 1}, {30, 1}, {300, 70}, {10, 3}}) {
      SCOPED_TRACE(std::string(table->name) + " " + std::to_string(in) + " × " +
                   std::to_string(out));
      const auto x = draws<T>(rows * in, rng), w = draws<T>(in * out, rng),
                 bias = draws<T>(out, rng);
      const auto dense = [&](std::size_t first, std::size_t count) {
        std::vector<T> y(count * out);
        table->dense({x.data() + first * in, count, in}, {w.data(), in, out}, bias.data(),
                     Activation::relu, {y.data(), count, out});
        return y;
      };
      const std::vector<T> all = dense(0, rows);
      EXPECT_EQ(dense(0, rows), all);
      for (std::size_t r = 0; r < rows; ++r) {
        const std::vector<T> one = dense(r, 1);
        ASSERT_TRUE(std::equal(one.begin(), one.end(), all.begin() + static_cast<long>(r * out)))
            << r;
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

// f(z) and f′(z) by the C library.
std::pair<double, double> plain_activation(Activation f, double z) {
  const double sigmoid = 1 / (1 + std::exp(-z));
  const double share = 0.5 * std::erfc(-z / std::sqrt(2.0));
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
  const double low = selu_scale * selu_alpha;
  switch (f) {
    case Activation::linear:
      return {z, 1};
    case Activation::relu:
      return {z > 0 ? z : 0, z > 0 ? 1 : 0};
    case Activation::leaky_relu:
      return {z > 0 ? z : 0.01 * z, z > 0 ? 1 : 0.01};
    case Activation::elu:
      return {z > 0 ? z : std::expm1(z), z > 0 ? 1 : std::exp(z)};
    case Activation::selu:
      return {z > 0 ? selu_scale * z : low * std::expm1(z), z > 0 ? selu_scale : low * std::exp(z)};
    case Activation::gelu:
      return {z * share, share + z * density};
    case Activation::silu:
      return {z * sigmoid, sigmoid * (1 + z * (1 - sigmoid))};
    case Activation::tanh:
      return {std::tanh(z), 1 - std::tanh(z) * std::tanh(z)};
    case Activation::sigmoid:
      return {sigmoid, sigmoid * (1 - sigmoid)};
    case Activation::softplus:
      return {z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)), sigmoid};
  }
  return {};
}

TYPED_TEST(KernelsOf, ActivateToTheLastDigits) {
  using T = TypeParam;
  std::vector<T> z;
  for (double x = -20; x <= 20; x += 0.0137) z.push_back(static_cast<T>(x));
  for (double x = 1e-6; x < 1; x *= 1.7) {
    z.push_back(static_cast<T>(x));
    z.push_back(static_cast<T>(-x));
  }
  const double digits = 8 * static_cast<double>(std::numeric_limits<T>::epsilon());
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const std::string& name : activation_names()) {
      SCOPED_TRACE(std::string(table->name) + " " + name);
      const Activation f = parse_activation(name, "test");
      const auto y = activated(*table, f, z);
      std::vector<T> alone(z.size()), slopes(z.size(), T(1));
      table->activate(f, z.data(), alone.data(), z.size());
      table->activation_gradient(f, needs_sum(f) ? z.data() : y.data(), slopes.data(), z.size());
      // GELU in single precision is exact to the same digits of z, not of y.
      const double absolute = f == Activation::gelu ? digits : 0;
      for (std::size_t i = 0; i < z.size(); ++i) {
        const double x = z[i];
        const auto [value, slope] = plain_activation(f, x);
        ASSERT_NEAR(y[i], value, digits * std::abs(value) + absolute * std::abs(x)) << x;
        ASSERT_EQ(y[i], alone[i]) << x;
        ASSERT_NEAR(slopes[i], slope, digits * (1 + std::abs(slope))) << x;
      }
    }
  }
}

TYPED_TEST(KernelsOf, NormalizeAsPlainLoopsDo) {
  using T = TypeParam;
  Rng rng(6);
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const auto& [rows, columns] :
         {std::pair<std::size_t, std::size_t>{1, 3}, {2, 1}, {7, 17}, {32, 64}, {5, 33}}) {
      SCOPED_TRACE(std::string(table->name) + " " + std::to_string(rows));
      const auto x = draws<T>(rows * columns, rng), dy = draws<T>(rows * columns, rng);
      const auto scale_shift = draws<T>(2 * columns, rng);
      std::vector<T> mean(columns), variance(columns), inverse(columns), y(x.size()), dx(x.size());
      std::vector<T> gradients(2 * columns);
      const ConstMatrix<T> x_view{x.data(), rows, columns};
      table->column_moments(x_view, mean.data(), variance.data());
      for (std::size_t j = 0; j < columns; ++j) inverse[j] = 1 / std::sqrt(variance[j] + T(0.1));
      table->normalize(x_view, mean.data(), inverse.data(), scale_shift.data(),
                       {y.data(), rows, columns});
      table->normalize_gradient(x_view, mean.data(), inverse.data(), scale_shift.data(),
                                {dy.data(), rows, columns}, gradients.data(),
                                {dx.data(), rows, columns});
      const double n = double(rows), tolerance = this->tolerance(rows);
      for (std::size_t j = 0; j < columns; ++j) {
        double sum = 0, squares = 0, along = 0, total = 0;
        for (std::size_t r = 0; r < rows; ++r) sum += x[r * columns + j];
        for (std::size_t r = 0; r < rows; ++r) squares += std::pow(x[r * columns + j] - sum / n, 2);
        ASSERT_NEAR(mean[j], sum / n, tolerance);
        ASSERT_NEAR(variance[j], squares / n, tolerance);
        const double factor = 1 / std::sqrt(squares / n + 0.1);
        const auto unit = [&](std::size_t r) { return (x[r * columns + j] - sum / n) * factor; };
        for (std::size_t r = 0; r < rows; ++r) {
          along += dy[r * columns + j] * unit(r);
          total += dy[r * columns + j];
        }
        ASSERT_NEAR(gradients[j], along, 4 * tolerance);
        ASSERT_NEAR(gradients[columns + j], total, 4 * tolerance);
        for (std::size_t r = 0; r < rows; ++r) {
          const std::size_t i = r * columns + j;
          ASSERT_NEAR(y[i], unit(r) * scale_shift[j] + scale_shift[columns + j], 4 * tolerance);
          ASSERT_NEAR(dx[i], scale_shift[j] * factor * (dy[i] - total / n - unit(r) * along / n),
                      16 * tolerance);
        }
      }
    }
  }
}

TYPED_TEST(KernelsOf, MakeProbabilitiesOfAnyLogits) {
  using T = TypeParam;
  Rng rng(7);
  for (const Kernels<T>* table : available_kernels<T>()) {
    auto logits = draws<T>(9 * 5, rng);
    for (std::size_t i = 0; i < 5; ++i) logits[i] *= T(1e4);
    std::vector<T> p(logits.size()), delta(logits.size()), largest(9), log_sum(9);
    const std::vector<std::int32_t> labels = {0, 1, 2, 3, 4, 0, 1, 2, 3};
    const ConstMatrix<T> view{logits.data(), 9, 5};
    table->softmax(view, {p.data(), 9, 5}, largest.data(), log_sum.data());
    const double loss = table->cross_entropy(view, labels.data(), T(1), {delta.data(), 9, 5});
    double by_parts = 0;
    for (std::size_t r = 0; r < 9; ++r) {
      double sum = 0;
      for (std::size_t j = 0; j < 5; ++j) {
        const std::size_t i = r * 5 + j;
        sum += p[i];
        ASSERT_NEAR(p[i], delta[i] + double(labels[r] == int(j)), this->tolerance(5));
      }
      ASSERT_NEAR(sum, 1, this->tolerance(5));
      by_parts += log_sum[r] - (logits[r * 5 + std::size_t(labels[r])] - largest[r]);
    }
    ASSERT_NEAR(loss, by_parts, this->tolerance(5) * loss);
  }
}

TYPED_TEST(KernelsOf, KeepExtremesFiniteAndNanVisible) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const std::vector<T> z = {T(-1e30), T(-5000), T(-90), T(90), T(5000), T(1e30), nan};
  for (const Kernels<T>* table : available_kernels<T>()) {
    SCOPED_TRACE(table->name);
    for (const std::string& name : activation_names()) {
      SCOPED_TRACE(name);
      const Activation f = parse_activation(name, "test");
      const auto y = activated(*table, f, z);
      std::vector<T> slopes(z.size(), T(1));
      table->activation_gradient(f, needs_sum(f) ? z.data() : y.data(), slopes.data(), z.size());
      for (std::size_t i = 0; i + 1 < z.size(); ++i) {
        EXPECT_TRUE(std::isfinite(y[i]) && std::isfinite(slopes[i])) << z[i];
      }
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

// A row's last vector is filled up neither from what lies behind the matrix nor over it.
TYPED_TEST(KernelsOf, StayWithinTheirOperands) {
  using T = TypeParam;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const auto [rows, in, out] : shapes) {
      SCOPED_TRACE(std::string(table->name) + " " + std::to_string(rows) + " × " +
                   std::to_string(in) + " × " + std::to_string(out));
      const auto guarded = [&](std::size_t count, T value) {
        std::vector<T> values(count + 40, nan);
        std::fill_n(values.begin(), count, value);
        return values;
      };
      auto x = guarded(rows * in, 1), w = guarded(in * out, 1), y = guarded(rows * out, 0);
      auto db = guarded(out, 0);
      const auto is_whole = [&](const std::vector<T>& values, T expected) {
        const auto end = values.end() - 40;
        return std::all_of(values.begin(), end, [&](T value) { return value == expected; }) &&
               std::all_of(end, values.end(), [](T value) { return std::isnan(value); });
      };
      table->dense({x.data(), rows, in}, {w.data(), in, out}, nullptr, Activation::relu,
                   {y.data(), rows, out});
      EXPECT_TRUE(is_whole(y, T(in)));
      y = guarded(rows * out, 1);
      table->weight_gradient({x.data(), rows, in}, {y.data(), rows, out}, {w.data(), in, out},
                             db.data());
      EXPECT_TRUE(is_whole(w, T(rows)));
      EXPECT_TRUE(is_whole(db, T(rows)));
      table->input_gradient({y.data(), rows, out}, {w.data(), in, out}, {x.data(), rows, in});
      EXPECT_TRUE(is_whole(x, T(rows) * T(out)));
    }
  }
}

TYPED_TEST(KernelsOf, LetNoNanPassForZeroInADenseLayer) {
  using T = TypeParam;
  Rng rng(9);
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const std::size_t out : {1, 10, 40}) {
      auto x = draws<T>(15 * 20, rng);
      const auto w = draws<T>(20 * out, rng);
      x[3 * 20 + 7] = std::numeric_limits<T>::quiet_NaN();
      std::vector<T> y(15 * out);
      table->dense({x.data(), 15, 20}, {w.data(), 20, out}, nullptr, Activation::relu,
                   {y.data(), 15, out});
      for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(std::isnan(y[i]), i / out == 3);
    }
  }
}

// Whatever passes are made of it, the step is that of the gradient: shapes on both sides of every
// rule by which one pass is taken, weights that begin within a line of the cache.
TYPED_TEST(KernelsOf, StepWeightsToTheBitsOfGradientAndUpdate) {
  using T = TypeParam;
  Rng rng(6);
  for (const Kernels<T>* table : available_kernels<T>()) {
    for (const auto [rows, in, out] : std::vector<Shape>{{1, 40, 500},
                                                         {16, 1, 20000},
                                                         {17, 784, 64},
                                                         {32, 25, 1000},
                                                         {33, 200, 127},
                                                         {128, 300, 96},
                                                         {128, 20, 2000},
                                                         {129, 30, 640},
                                                         {200, 700, 300},
                                                         {5, 131, 1500},
                                                         {32, 64, 10}}) {
      for (const Optimizer optimizer : {Optimizer::adam, Optimizer::adamw, Optimizer::momentum}) {
        for (const double decay : {0.0, 0.01}) {
          SCOPED_TRACE(std::string(table->name) + " " + std::to_string(rows) + " × " +
                       std::to_string(in) + " × " + std::to_string(out) + " " + name_of(optimizer));
          constexpr std::size_t before = 5, behind = 3;
          const std::size_t count = before + in * out + behind;
          const auto x = draws<T>(rows * in, rng), dz = draws<T>(rows * out, rng);
          auto w = draws<T>(count, rng), m = draws<T>(count, rng), s = draws<T>(count, rng);
          for (T& square : s) square = std::abs(square);
          auto own_w = w, own_m = m, own_s = s;
          const auto start = w;
          std::vector<T> dw(in * out), db(out), free(step_memory(in, out)), own_db(out);
          StepCount steps;
          const Knobs knobs{.weight_decay = decay, .l1 = decay};
          steps.advance(knobs);
          const auto update = update_for<T>(optimizer, knobs, steps, TensorKind::weight);
          table->weight_gradient({x.data(), rows, in}, {dz.data(), rows, out}, {dw.data(), in, out},
                                 db.data());
          table->update(update, w.data() + before, dw.data(),
                        {m.data() + before, s.data() + before, nullptr}, in * out);
          table->weight_step({x.data(), rows, in}, {dz.data(), rows, out}, update, free.data(),
                             own_db.data(), {own_w.data() + before, in, out},
                             {own_m.data() + before, own_s.data() + before, nullptr});
          ASSERT_EQ(own_w, w);
          ASSERT_EQ(own_m, m);
          ASSERT_EQ(own_s, s);
          ASSERT_EQ(own_db, db);
          ASSERT_NE(own_w, start);
        }
      }
    }
  }
}

TEST(KernelTables, EndWithThePortableOne) {
  EXPECT_EQ(available_kernels<float>().back()->name, "portable");
}

TEST(KernelTables, AreChosenByTheEnvironmentAndElseTheFastest) {
  const char* wanted = std::getenv("CAVIAR_KERNELS");
  const auto expected = wanted == nullptr ? available_kernels<float>().front()->name : wanted;
  EXPECT_EQ(kernels<float>().name, expected);
  EXPECT_EQ(kernels<double>().name, expected);
  for (const Kernels<float>* table : available_kernels<float>()) {
    EXPECT_EQ(&kernels_named<float>(table->name), table);
  }
  EXPECT_THROW(kernels_named<float>("sse9"), Error);
}

}  // namespace
}  // namespace caviar
