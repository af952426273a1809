// Limits on gradients and weights, noise and mixtures.
#include "caviar/nn/clipping.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/nn/augmenter.hpp"
#include "caviar/nn/network.hpp"

namespace caviar {
namespace {

TEST(Clip, HoldsEveryNumber) {
  std::vector<double> g = {-3, -0.5, 0, 0.5, 3, std::nan("")};
  Knobs knobs;
  knobs.clip_value = 1;
  const std::vector<Segment> segments = {{0, 4, TensorKind::weight}, {5, 1, TensorKind::bias}};
  clip<double>(segments, knobs, g);
  EXPECT_EQ(std::vector<double>(g.begin(), g.end() - 1),
            (std::vector<double>{-1, -0.5, 0, 0.5, 3}));
  EXPECT_TRUE(std::isnan(g.back()));
}

TEST(Clip, ShortensTheWholeAndKeepsItsDirection) {
  std::vector<float> g(21);
  Rng rng(2);
  for (float& value : g) value = static_cast<float>(rng.normal());
  const std::vector<float> before = g;
  const std::vector<Segment> segments = {{0, 10, TensorKind::weight}, {10, 11, TensorKind::bias}};
  double squares = 0;
  for (const float value : g) squares += double(value) * value;
  EXPECT_NEAR(gradient_norm<float>(segments, g), std::sqrt(squares), 1e-12);
  Knobs knobs;
  knobs.clip_norm = 0.5;
  clip<float>(segments, knobs, g);
  EXPECT_NEAR(gradient_norm<float>(segments, g), 0.5, 1e-6);
  for (std::size_t i = 0; i < g.size(); ++i) EXPECT_NEAR(g[i] / before[i], g[0] / before[0], 1e-6);
  const std::vector<float> short_one = g;
  knobs.clip_norm = 1;
  clip<float>(segments, knobs, g);
  EXPECT_EQ(g, short_one);
}

TEST(MaxNorm, ShortensOnlyUnitsThatAreTooLong) {
  auto model = make_model<double>(
      {.inputs = 2, .layers = {Dense{.units = 2}, BatchNorm{}, Dense{.units = 1}}});
  const std::vector<double> weights = {3, 0.3, 4, 0.4, 10, 0, 7, 7, 7, 7, 7, 7, 7};
  ASSERT_EQ(model.weights().size(), weights.size());
  std::copy(weights.begin(), weights.end(), model.weights().begin());
  model.set_rate(2, 0);
  MaxNorm<double> limit(model);
  limit.apply(1, model.weights());
  const std::vector<double> expected = {0.6, 0.3, 0.8, 0.4, 10, 0, 7, 7, 7, 7, 7, 7, 7};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(model.weights()[i], expected[i], 1e-15) << i;
  }
}

TEST(Beta, HasItsMeanAndSpread) {
  for (const double shape : {0.2, 1.0, 4.0}) {
    Rng rng(6);
    constexpr int draws = 40000;
    double sum = 0, squares = 0;
    for (int i = 0; i < draws; ++i) {
      const double x = draw_beta(shape, rng);
      ASSERT_TRUE(x >= 0 && x <= 1);
      sum += x;
      squares += (x - 0.5) * (x - 0.5);
    }
    const double variance = 1 / (4 * (2 * shape + 1));
    EXPECT_NEAR(sum / draws, 0.5, 4 * std::sqrt(variance / draws));
    EXPECT_NEAR(squares / draws, variance, 0.03 * variance);
  }
  Rng rng(1);
  EXPECT_TRUE(std::isfinite(draw_beta(1e-6, rng)));
}

// Four samples: a code, a number that tells them apart, a label and a weight.
struct Mixture {
  std::vector<double> x = {0, 10, 1, 20, 2, 30, 3, 40}, weights = {1, 2, 3, 4};
  std::vector<std::int32_t> labels = {0, 1, 2, 0};
  Model<double> model = make_model<double>(
      {.inputs = 2,
       .layers = {Embedding{{{.column = 0, .levels = 4, .width = 2}}}, Dense{.units = 3}}});
  Knobs knobs;
  Rng rng{3};

  Samples<double> samples() const {
    return {.x = {x.data(), 4, 2}, .labels = labels, .weights = weights};
  }
  Augmenter<double> augmenter() {
    return Augmenter<double>(model, Loss::cross_entropy, samples(), 4, knobs);
  }
};

TEST(Augmenter, LeavesABatchAloneUnlessTold) {
  Mixture mixture;
  auto augmenter = mixture.augmenter();
  const auto out = augmenter.apply(mixture.samples(), mixture.knobs, mixture.rng);
  EXPECT_EQ(out.x.data, mixture.x.data());
  EXPECT_EQ(out.labels.data(), mixture.labels.data());
}

TEST(Augmenter, AddsNoiseToNumbersAndNotToCodes) {
  Mixture mixture;
  mixture.knobs.input_noise = 0.1;
  auto augmenter = mixture.augmenter();
  const auto before = mixture.x;
  double squares = 0;
  constexpr int rounds = 2000;
  for (int i = 0; i < rounds; ++i) {
    const auto out = augmenter.apply(mixture.samples(), mixture.knobs, mixture.rng);
    for (std::size_t r = 0; r < 4; ++r) {
      ASSERT_EQ(out.x.row(r)[0], double(r));
      squares += std::pow(out.x.row(r)[1] - before[2 * r + 1], 2);
    }
    EXPECT_EQ(out.labels.data(), mixture.labels.data());
  }
  EXPECT_EQ(mixture.x, before);
  EXPECT_NEAR(squares / (4 * rounds), 0.01, 0.0007);
}

TEST(Augmenter, ChangesACopyOfEveryRowBeforeAllElse) {
  Mixture mixture;
  const auto before = mixture.x;
  for (const double mixup : {0.0, 0.4}) {
    mixture.knobs.mixup = mixup;
    auto augmenter = mixture.augmenter();
    augmenter.change_rows(
        [](std::span<double> row, Rng& rng) { row[1] += 1000 * double(1 + rng.below(3)); });
    const auto out = augmenter.apply(mixture.samples(), mixture.knobs, mixture.rng);
    for (std::size_t r = 0; r < 4; ++r) EXPECT_GE(out.x.row(r)[1], 1000);
    EXPECT_EQ(out.labels.empty(), mixup > 0);
    EXPECT_EQ(mixture.x, before);
  }
}

TEST(Augmenter, MixesPairsWithTheirLabelsAndWeights) {
  Mixture mixture;
  mixture.knobs.mixup = 0.4;
  auto augmenter = mixture.augmenter();
  for (int i = 0; i < 50; ++i) {
    const auto out = augmenter.apply(mixture.samples(), mixture.knobs, mixture.rng);
    ASSERT_TRUE(out.labels.empty());
    ASSERT_EQ(out.targets.columns, 3U);
    double mean = 0;
    for (std::size_t r = 0; r < 4; ++r) {
      const double number = out.x.row(r)[1], code = out.x.row(r)[0];
      mean += number;
      // The weight is the number's tenth in every sample, so in every mixture as well.
      EXPECT_NEAR(out.weights[r], number / 10, 1e-12);
      EXPECT_EQ(code, std::floor(code));
      const auto shares = out.targets.row(r);
      EXPECT_NEAR(shares[0] + shares[1] + shares[2], 1, 1e-12);
      EXPECT_GE(shares[static_cast<std::size_t>(mixture.labels[std::size_t(code)])], 0.5 - 1e-12);
    }
    EXPECT_NEAR(mean, 100, 1e-9);  // every sample is a partner once
  }
}

}  // namespace
}  // namespace caviar
