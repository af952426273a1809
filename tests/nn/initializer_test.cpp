// First weights: spread and limits against the reference numbers, right angles, and which
// initialiser suits which activation.
#include "caviar/nn/initializer.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

std::vector<double> drawn(const std::string& name, std::size_t in, std::size_t out,
                          std::size_t count) {
  std::vector<double> w(count);
  Rng rng(21);
  initialize<double>(parse_initializer(name, "test"), in, out, w, rng);
  return w;
}

// What the reference says about a family; LeCun's is He's with half the variance.
double deviation_of(const nlohmann::json& c, const std::string& name) {
  if (name.starts_with("glorot")) return c["glorot_normal_std"];
  const double he = c["he_normal_std"];
  return name.starts_with("lecun") ? he / std::sqrt(2.0) : he;
}

TEST(Initializers, DrawWhatTheirFormulasSay) {
  for (const auto& c : test::reference("initialisers")["cases"]) {
    for (const std::string family : {"glorot", "he", "lecun"}) {
      for (const std::string kind : {"uniform", "normal"}) {
        SCOPED_TRACE(family + "_" + kind);
        const auto w = drawn(family + "_" + kind, c["fan_in"], c["fan_out"], c["count"]);
        double sum = 0, squares = 0, largest = 0;
        for (const double v : w) {
          sum += v;
          squares += v * v;
          largest = std::max(largest, std::abs(v));
        }
        const auto n = double(w.size());
        const bool uniform = kind == "uniform";
        const double deviation = deviation_of(c, family);
        const std::string tolerance = uniform ? "glorot_uniform_" : "he_normal_";
        EXPECT_LT(std::abs(sum / n), 4 * deviation / std::sqrt(n));
        EXPECT_NEAR(std::sqrt(squares / n), deviation,
                    deviation * c["tolerance"][tolerance + "std_relative"].get<double>());
        if (!uniform) continue;
        const double limit = deviation * std::sqrt(3.0);
        EXPECT_LE(largest, limit * (1 + 1e-12));
        EXPECT_GT(largest, (w.size() >= 1000 ? 0.99 : 0.95) * limit);
      }
    }
  }
}

TEST(Initializers, MakeRightAngles) {
  for (const auto& [in, out] :
       {std::pair<std::size_t, std::size_t>{7, 4}, {4, 7}, {6, 6}, {1, 9}}) {
    const auto w = drawn("orthogonal", in, out, in * out);
    const std::size_t count = std::min(in, out), length = std::max(in, out);
    const auto at = [&](std::size_t vector, std::size_t i) {
      return in <= out ? w[vector * out + i] : w[i * out + vector];
    };
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count; ++b) {
        double dot = 0;
        for (std::size_t i = 0; i < length; ++i) dot += at(a, i) * at(b, i);
        EXPECT_NEAR(dot, a == b ? 1 : 0, 1e-14);
      }
    }
  }
}

TEST(Initializers, MayBeZeros) { EXPECT_EQ(drawn("zeros", 2, 3, 6), std::vector<double>(6)); }

TEST(Initializers, SuitTheActivation) {
  EXPECT_EQ(usual_initializer(Activation::relu), Initializer::he_normal);
  EXPECT_EQ(usual_initializer(Activation::gelu), Initializer::he_normal);
  EXPECT_EQ(usual_initializer(Activation::selu), Initializer::lecun_normal);
  EXPECT_EQ(usual_initializer(Activation::tanh), Initializer::glorot_uniform);
  EXPECT_EQ(usual_initializer(Activation::linear), Initializer::glorot_uniform);
}

}  // namespace
}  // namespace caviar
