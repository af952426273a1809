#include "caviar/math/stats.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(Stats, MeanAndSpread) {
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(mean(values), 5);
  EXPECT_DOUBLE_EQ(variance(values), 32.0 / 7);
  EXPECT_DOUBLE_EQ(standard_deviation(values), std::sqrt(32.0 / 7));
  EXPECT_EQ(variance(std::vector<double>{3}), 0);
  EXPECT_DOUBLE_EQ(mean(std::vector<double>{1.5e308, 1.5e308}), 1.5e308);
}

TEST(Stats, QuantilesInterpolate) {
  const std::vector<double> values = {10, 1, 3, 2};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 10);
  EXPECT_DOUBLE_EQ(median(values), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 7.9);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{7}), 7);
}

TEST(Stats, RanksShareTies) {
  EXPECT_EQ(ranks(std::vector<double>{5, 1, 5, 9}), (std::vector<double>{1.5, 0, 1.5, 3}));
  EXPECT_EQ(ascending(std::vector<double>{5, 1, 5, 9}), (std::vector<std::size_t>{1, 0, 2, 3}));
}

}  // namespace
}  // namespace caviar
