// The normal distribution against published values, log-improvement against quadrature.
#include "caviar/math/normal.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(Normal, MatchesPublishedValues) {  // Abramowitz and Stegun, table 26.1
  EXPECT_NEAR(normal_pdf(1), 0.241970724519143, 1e-14);
  EXPECT_NEAR(normal_cdf(0), 0.5, 1e-16);
  EXPECT_NEAR(normal_cdf(1), 0.841344746068543, 1e-14);
  EXPECT_NEAR(normal_cdf(-3), 1.349898031630095e-3, 1e-16);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-12);
}

TEST(Normal, LogCdfHoldsInTheTail) {
  EXPECT_NEAR(normal_log_cdf(-2), std::log(normal_cdf(-2)), 1e-14);
  EXPECT_NEAR(normal_log_cdf(-10), -53.23128515051247, 1e-11);
  EXPECT_NEAR(normal_log_cdf(-30), -454.3212439563432, 1e-10);
  EXPECT_NEAR(normal_log_cdf(9) / -1.1285884059538406e-19, 1, 1e-12);
  // −z²/2 − log(−z) − log √(2π) up to 1/z²
  EXPECT_NEAR(normal_log_cdf(-1e6), -5e11 - std::log(1e6) - 0.9189385332046727, 1e-3);
}

TEST(Normal, QuantileInvertsTheCdf) {
  for (double p = 1e-300; p < 1e-3; p *= 1e7) {
    EXPECT_NEAR(normal_log_cdf(normal_quantile(p)) / std::log(p), 1, 1e-13) << p;
  }
  for (double p = 0.001; p < 1; p += 0.00973) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-14) << p;
    EXPECT_NEAR(normal_quantile(p), -normal_quantile(1 - p), 1e-12) << p;
  }
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_EQ(normal_quantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(normal_quantile(1), std::numeric_limits<double>::infinity());
}

// log ∫ t φ(t − z) dt over t > 0, with the largest part of φ's exponent taken out.
double quadrature(double z) {
  const double peak = z > 1 ? 0 : -0.5 * z * z;
  const double reach = 12 + std::max(z, 0.0);
  const int steps = 400000;  // Simpson's rule
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double t = reach * i / steps;
    const double weight = i == 0 || i == steps ? 1 : (i % 2 == 1 ? 4 : 2);
    sum += weight * t * std::exp(-0.5 * (t - z) * (t - z) - peak);
  }
  return peak + std::log(sum * reach / steps / 3) - 0.9189385332046727;
}

TEST(Normal, LogImprovementMatchesQuadrature) {
  for (const double z :
       {8.0, 3.0, 1.0, 0.0, -1.0, -3.9, -4.1, -6.0, -15.0, -38.0, -200.0, -1000.0}) {
    EXPECT_NEAR(log_improvement(z), quadrature(z), 1e-8 * (1 + std::abs(quadrature(z)))) << z;
  }
}

TEST(Normal, LogImprovementIsSmoothWhereTheFormulaChanges) {
  EXPECT_NEAR(log_improvement(-4 + 1e-9), log_improvement(-4 - 1e-9), 1e-7);
  for (const double z : {2.0, 0.0, -3.0, -5.0, -50.0, -1000.0}) {
    const double h = 1e-5 * (1 + std::abs(z));
    const double numeric = (log_improvement(z + h) - log_improvement(z - h)) / (2 * h);
    EXPECT_NEAR(log_improvement_slope(z) / numeric, 1, 1e-6) << z;
  }
  EXPECT_TRUE(std::isfinite(log_improvement(-1e8)));
}

}  // namespace
}  // namespace caviar
