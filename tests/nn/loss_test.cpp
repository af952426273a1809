// The losses against the reference numbers.
#include "caviar/nn/loss.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"

#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

using test::as;
using test::expect_near;
using test::numbers;

template <class T>
void check_cross_entropy(double relative, double absolute) {
  for (const auto& c : test::reference("softmax_cross_entropy")["cases"]) {
    SCOPED_TRACE(c["name"]);
    auto logits = as<T>(numbers(c["logits"]));
    const std::vector<std::int32_t> labels = c["labels"];
    const std::size_t rows = labels.size(), classes = logits.size() / rows;
    std::vector<T> delta(logits.size());
    const Samples<T> samples{{nullptr, rows, 0}, labels, {}};
    const double loss = loss_and_delta(kernels<T>(), Loss::cross_entropy,
                                       ConstMatrix<T>{logits.data(), rows, classes}, samples,
                                       Matrix<T>{delta.data(), rows, classes});
    EXPECT_TRUE(test::near(loss, c["mean_loss"], relative, absolute)) << loss;
    expect_near(delta, numbers(c["dlogits"]), relative, absolute);
    softmax_rows(Matrix<T>{logits.data(), rows, classes});
    expect_near(logits, numbers(c["probabilities"]), relative, absolute);
  }
}

TEST(CrossEntropy, MatchesTheReference) { check_cross_entropy<double>(1e-10, 1e-12); }
TEST(CrossEntropy, MatchesTheReferenceInSinglePrecision) { check_cross_entropy<float>(1e-4, 1e-5); }

template <class T>
void check_squared_error(double relative, double absolute) {
  for (const auto& c : test::reference("mse")["cases"]) {
    const auto prediction = as<T>(numbers(c["prediction"])), target = as<T>(numbers(c["target"]));
    const std::size_t rows = c["target"].size(), outputs = target.size() / rows;
    std::vector<T> delta(target.size());
    const Samples<T> samples{{nullptr, rows, 0}, {}, {target.data(), rows, outputs}};
    const double loss = loss_and_delta(kernels<T>(), Loss::squared_error,
                                       ConstMatrix<T>{prediction.data(), rows, outputs}, samples,
                                       Matrix<T>{delta.data(), rows, outputs});
    EXPECT_TRUE(test::near(loss, c["mean_over_all"], relative, absolute)) << loss;
    expect_near(delta, numbers(c["d_mean_over_all"]), relative, absolute);
  }
}

TEST(SquaredError, IsTheMeanOverAll) { check_squared_error<double>(1e-12, 1e-12); }
TEST(SquaredError, IsTheMeanOverAllInSinglePrecision) { check_squared_error<float>(1e-4, 1e-5); }

TEST(CountCorrect, TakesTheFirstOfEquals) {
  const std::vector<float> outputs = {1, 1, 0, 0, 2, 2, 3, 1, 2};
  const std::vector<std::int32_t> labels = {0, 2, 0};
  const ConstMatrix<float> view{outputs.data(), 3, 3};
  const Samples<float> samples{.x = view, .labels = labels};
  EXPECT_EQ(count_correct(Criterion(Loss::cross_entropy), view, samples), 2);
}

TEST(CountCorrect, CountsTheShareOfYesAndNo) {
  const std::vector<double> outputs = {1, -1, 2, 3, -2, -3}, targets = {1, 1, 1, 1, 0, 0};
  const ConstMatrix<double> view{outputs.data(), 2, 3};
  const Samples<double> samples{.x = view, .targets = {targets.data(), 2, 3}};
  EXPECT_NEAR(count_correct(Criterion(Loss::binary_cross_entropy), view, samples), 5.0 / 3, 1e-15);
}

TEST(BinaryCrossEntropy, MatchesTheReference) {
  const auto& c = test::reference("softmax_cross_entropy")["binary_with_logits"];
  const auto z = numbers(c["z"]), target = numbers(c["target"]);
  std::vector<std::int32_t> labels(target.begin(), target.end());
  const ConstMatrix<double> outputs{z.data(), z.size(), 1};
  const Samples<double> by_target{.x = outputs, .targets = {target.data(), z.size(), 1}};
  const Samples<double> by_label{.x = outputs, .labels = labels};
  for (const auto& samples : {by_target, by_label}) {
    std::vector<double> delta(z.size());
    const double loss = loss_and_delta<double>(kernels<double>(), Loss::binary_cross_entropy,
                                               outputs, samples, {delta.data(), z.size(), 1});
    EXPECT_NEAR(loss, c["mean_loss"], 1e-12);
    expect_near(delta, numbers(c["dz"]), 1e-12, 1e-50);
  }
}

TEST(WeightedLosses, MatchPlainFormulas) {
  for (const bool binary : {false, true}) {
    const auto& c = test::reference(
        "more_losses")[binary ? "weighted_binary_cross_entropy" : "weighted_cross_entropy"];
    const auto logits = numbers(c["logits"]), weights = numbers(c["sample_weights"]);
    std::vector<double> targets;
    std::vector<std::int32_t> labels;
    const ConstMatrix<double> outputs{logits.data(), 2, 3};
    Samples<double> samples{.x = outputs, .weights = weights};
    Criterion criterion = binary ? Loss::binary_cross_entropy : Loss::cross_entropy;
    criterion.class_weights = numbers(c["class_weights"]);
    if (binary) {
      targets = numbers(c["targets"]);
      samples.targets = {targets.data(), 2, 3};
    } else {
      labels = c["labels"].get<std::vector<std::int32_t>>();
      samples.labels = labels;
      criterion.label_smoothing = c["label_smoothing"];
    }
    std::vector<double> delta(6);
    const double loss = loss_and_delta(kernels<double>(), criterion, outputs, samples,
                                       {delta.data(), 2, 3}, mean_weight(criterion, samples));
    EXPECT_NEAR(loss, c["loss"], 1e-13);
    expect_near(delta, numbers(c["dlogits"]), 1e-12, 1e-15);
    // Twice the weights are the same weights.
    auto doubled = weights;
    for (double& w : doubled) w *= 2;
    samples.weights = doubled;
    EXPECT_NEAR(loss_and_delta(kernels<double>(), criterion, outputs, samples, {delta.data(), 2, 3},
                               mean_weight(criterion, samples)),
                loss, 1e-13);
  }
}

TEST(RegressionLosses, MatchPlainFormulas) {
  const auto& c = test::reference("more_losses")["regression"];
  const auto prediction = numbers(c["prediction"]), target = numbers(c["target"]);
  for (const std::string name : {"absolute_error", "huber", "quantile"}) {
    Criterion criterion = parse_loss(name, "test");
    criterion.huber_delta = c["huber_delta"];
    criterion.quantile = c["quantile_level"];
    const ConstMatrix<double> outputs{prediction.data(), 4, 1};
    std::vector<double> delta(4);
    const double loss = loss_and_delta(kernels<double>(), criterion, outputs,
                                       {.x = outputs, .targets = {target.data(), 4, 1}},
                                       Matrix<double>{delta.data(), 4, 1});
    EXPECT_NEAR(loss, c[name]["loss"], 1e-14) << name;
    expect_near(delta, numbers(c[name]["slope"]), 1e-14, 1e-15);
  }
}

// Every loss on random outputs, with and without all that modifies it.
struct LossCase {
  Criterion criterion;
  std::vector<double> outputs, targets, weights;
  std::vector<std::int32_t> labels;
  static constexpr std::size_t rows = 70, columns = 4;  // more rows than pass in one portion

  LossCase(Loss loss, bool modified, bool shares) : criterion(loss) {
    Rng rng(9);
    for (std::size_t i = 0; i < rows * columns; ++i) outputs.push_back(2 * rng.normal());
    const bool softmax = loss == Loss::cross_entropy;
    if (softmax && !shares) {
      for (std::size_t r = 0; r < rows; ++r) labels.push_back(int(rng.below(columns)));
    } else {
      for (std::size_t i = 0; i < rows * columns; ++i) {
        targets.push_back(classifies(loss) ? rng.uniform() : rng.normal());
      }
    }
    if (softmax && shares) {
      for (std::size_t r = 0; r < rows; ++r) {
        double sum = 0;
        for (std::size_t j = 0; j < columns; ++j) sum += targets[r * columns + j];
        for (std::size_t j = 0; j < columns; ++j) targets[r * columns + j] /= sum;
      }
    }
    if (!modified) return;
    for (std::size_t r = 0; r < rows; ++r) weights.push_back(rng.uniform(0, 3));
    criterion.label_smoothing = 0.2;
    if (softmax) criterion.class_weights = {0.5, 1, 2, 4};
    if (loss == Loss::binary_cross_entropy) criterion.class_weights = {0.3, 1.7};
    criterion.quantile = 0.8;
    criterion.huber_delta = 0.7;
  }

  Samples<double> samples() const {
    Samples<double> all{.x = {outputs.data(), rows, columns}, .labels = labels, .weights = weights};
    if (!targets.empty()) all.targets = {targets.data(), rows, columns};
    return all;
  }

  double value(std::vector<double>& delta) const {
    delta.resize(outputs.size());
    return loss_and_delta(
        kernels<double>(), criterion, ConstMatrix<double>{outputs.data(), rows, columns}, samples(),
        Matrix<double>{delta.data(), rows, columns}, mean_weight(criterion, samples()));
  }
};

std::vector<LossCase> loss_cases() {
  std::vector<LossCase> cases;
  for (const std::string& name : loss_names()) {
    for (const bool modified : {false, true}) {
      for (const bool shares : {false, true}) {
        cases.emplace_back(parse_loss(name, "test"), modified, shares);
      }
    }
  }
  return cases;
}

TEST(Losses, HaveTheSlopesTheySay) {
  for (LossCase& c : loss_cases()) {
    SCOPED_TRACE(name_of(c.criterion.loss));
    std::vector<double> delta, unused;
    c.value(delta);
    for (std::size_t i = 0; i < delta.size(); i += 3) {
      constexpr double step = 1e-6;
      const double kept = c.outputs[i];
      c.outputs[i] = kept + step;
      const double above = c.value(unused);
      c.outputs[i] = kept - step;
      const double below = c.value(unused);
      c.outputs[i] = kept;
      ASSERT_NEAR(delta[i], (above - below) / (2 * step), 1e-9) << "output " << i;
    }
  }
}

TEST(Losses, StayFiniteAtExtremes) {
  for (LossCase& c : loss_cases()) {
    for (const double extreme : {1e4, -1e4}) {
      for (std::size_t i = 0; i < c.outputs.size(); i += 2) c.outputs[i] = extreme;
      std::vector<double> delta;
      EXPECT_TRUE(std::isfinite(c.value(delta))) << name_of(c.criterion.loss);
      for (const double d : delta) ASSERT_TRUE(std::isfinite(d));
    }
  }
}

TEST(Losses, AddUpOverBatchesToTheWeightedMean) {
  for (const LossCase& c : loss_cases()) {
    std::vector<double> delta;
    const double whole = c.value(delta);
    const double weight = mean_weight(c.criterion, c.samples());
    double sum = 0;
    for (std::size_t first = 0; first < LossCase::rows; first += 32) {
      const std::size_t rows = std::min<std::size_t>(32, LossCase::rows - first);
      const auto part = c.samples().slice(first, rows);
      sum += double(rows) * loss_and_delta(kernels<double>(), c.criterion, part.x, part,
                                           Matrix<double>{delta.data(), rows, LossCase::columns},
                                           weight);
    }
    EXPECT_NEAR(sum / double(LossCase::rows), whole, 1e-12) << name_of(c.criterion.loss);
  }
}

// Each output is held against its own quantile.
TEST(Losses, LearnAQuantileAnOutput) {
  Criterion criterion = Loss::quantile;
  criterion.quantiles = {0.1, 0.9};
  const std::vector<double> outputs = {1, 1, -2, -2}, targets = {0, 0, 0, 0};
  std::vector<double> delta(4);
  const Samples<double> samples{.x = {nullptr, 2, 0}, .targets = {targets.data(), 2, 2}};
  const double loss = loss_and_delta(kernels<double>(), criterion, {outputs.data(), 2, 2}, samples,
                                     Matrix<double>{delta.data(), 2, 2});
  EXPECT_DOUBLE_EQ(loss, (0.9 + 0.1 + 0.2 + 1.8) / 4);
  EXPECT_EQ(delta, (std::vector<double>{0.9 / 4, (1 - 0.9) / 4, -0.1 / 4, -0.9 / 4}));
}

TEST(Losses, CountNothingWhereEveryWeightIsZero) {
  LossCase c(Loss::cross_entropy, true, false);
  std::fill(c.weights.begin(), c.weights.end(), 0.0);
  std::vector<double> delta;
  EXPECT_EQ(c.value(delta), 0);
}

void expect_refused(const Criterion& criterion, std::size_t outputs, const std::string& text) {
  try {
    check_criterion(criterion, outputs, "loss");
    FAIL() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    EXPECT_EQ(std::string(error.what()), text);
  }
}

TEST(Losses, RefuseConstantsWithoutSense) {
  Criterion c;
  c.label_smoothing = 1;
  expect_refused(c, 3,
                 "loss.label_smoothing: 1 was given, a number from 0 to below 1 was expected");
  c = Loss::cross_entropy;
  c.class_weights = {1, 2};
  expect_refused(c, 3,
                 "loss.class_weights: a list of 2 weights was given, one for each of 3 classes was "
                 "expected");
  c.class_weights = {1, -2, 3};
  expect_refused(c, 3, "loss.class_weights: -2 was given, a number from 0 was expected");
  c = Loss::quantile;
  c.quantile = 1;
  expect_refused(c, 1, "loss.quantile: 1 was given, a number between 0 and 1 was expected");
  c = Loss::quantile;
  c.quantiles = {0.1, 0.9};
  expect_refused(c, 1,
                 "loss.quantiles: a list of 2 was given, one for each of 1 outputs was "
                 "expected");
  c.quantiles = {1.5};
  expect_refused(c, 1, "loss.quantiles: 1.5 was given, a number between 0 and 1 was expected");
  c = Loss::huber;
  c.huber_delta = 0;
  expect_refused(c, 1, "loss.huber_delta: 0 was given, a number above 0 was expected");
}

}  // namespace
}  // namespace caviar
