// The losses against the reference numbers.
#include "caviar/nn/loss.hpp"

#include <gtest/gtest.h>

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
  EXPECT_EQ(count_correct(ConstMatrix<float>{outputs.data(), 3, 3}, labels), 2U);
}

}  // namespace
}  // namespace caviar
