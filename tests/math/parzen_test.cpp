// Parzen estimators against direct double-precision sums, and against their own draws.
#include "caviar/math/parzen.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

const double nan = std::nan("");
using Kind = ParzenAxis::Kind;

// A float, an int of four unequal cells, a choice of three.
const std::vector<ParzenAxis> axes = {
    {}, {Kind::ordered, {0, 0.4, 0.7, 0.9, 1}, 0}, {Kind::categorical, {}, 3}};
const std::vector<double> rows = {0.2, 0.2, 0.5, 0.95, 0.8, 1.0 / 6, 0.5, nan, nan};
const std::vector<double> weights = {1, 2, 0.5}, widths = {0.15, 0.2, 0.3};

ParzenEstimator mixture() { return {axes, rows, weights, 1, widths}; }

double between(double low, double high, double centre, double width) {
  return normal_cdf((high - centre) / width) - normal_cdf((low - centre) / width);
}

// One kernel at one point, by the definitions.
double kernel(const double* centre, const std::vector<double>& x) {
  double p = 1;
  if (!std::isnan(x[0]) && !std::isnan(centre[0])) {
    p *= normal_pdf((x[0] - centre[0]) / widths[0]) / widths[0] /
         between(0, 1, centre[0], widths[0]);
  }
  const auto& edges = axes[1].edges;
  if (!std::isnan(x[1])) {
    const std::size_t cell = x[1] < 0.4 ? 0 : x[1] < 0.7 ? 1 : x[1] < 0.9 ? 2 : 3;
    p *= std::isnan(centre[1]) ? edges[cell + 1] - edges[cell]
                               : between(edges[cell], edges[cell + 1], centre[1], widths[1]) /
                                     between(0, 1, centre[1], widths[1]);
  }
  if (!std::isnan(x[2])) {
    const bool own = std::floor(3 * x[2]) == std::floor(3 * centre[2]);
    p *= std::isnan(centre[2]) ? 1.0 / 3 : own ? 1 - widths[2] : widths[2] / 2;
  }
  return p;
}

double direct(const std::vector<double>& x) {
  const double nothing[] = {nan, nan, nan};
  double sum = kernel(nothing, x);
  for (std::size_t k = 0; k < 3; ++k) sum += weights[k] * kernel(&rows[3 * k], x);
  return std::log(sum / 4.5);
}

TEST(Parzen, DensityIsTheSumOfItsKernels) {
  const std::vector<double> points = {0.1, 0.2,  0.5, 0,   0.95, 0.9, 1,    0.55, 0.1,
                                      nan, 0.55, 0.5, 0.3, nan,  nan, 0.97, 0.8,  nan};
  const std::vector<double> found = mixture().log_density(points);
  ASSERT_EQ(found.size(), 6U);
  for (std::size_t k = 0; k < 6; ++k) {
    const std::vector<double> x(points.begin() + static_cast<std::ptrdiff_t>(3 * k),
                                points.begin() + static_cast<std::ptrdiff_t>(3 * k + 3));
    EXPECT_NEAR(found[k], direct(x), 1e-4) << k;
  }
}

TEST(Parzen, FarTailsStayFinite) {
  const std::vector<double> far(900, 0.001), one(900, 1), thin = {0.001};
  const ParzenEstimator spike({ParzenAxis{}}, far, one, 1e-6, thin);
  const double tail = spike.log_density(std::vector{0.9})[0];
  EXPECT_NEAR(tail, std::log(1e-6 / 900), 1e-3);  // only the prior reaches there
}

TEST(Parzen, IntegratesToOne) {
  std::vector<double> points;
  const int steps = 400;
  for (int i = 0; i < steps; ++i) {
    for (const double cell : {0.2, 0.55, 0.8, 0.95}) {
      for (const double choice : {0.1, 0.5, 0.9}) {
        points.insert(points.end(), {(i + 0.5) / steps, cell, choice});
      }
    }
  }
  double sum = 0;
  for (const double density : mixture().log_density(points)) sum += std::exp(density) / steps;
  EXPECT_NEAR(sum, 1, 1e-3);
}

TEST(Parzen, DrawsFollowTheDensity) {
  const ParzenEstimator estimator = mixture();
  Rng rng(3);
  std::vector<double> unit(3);
  std::map<std::vector<double>, double> counts;  // quarter of the float, cell, choice
  const int draws = 60000;
  for (int i = 0; i < draws; ++i) {
    estimator.draw(rng, unit);
    ++counts[{std::floor(4 * unit[0]), unit[1], unit[2]}];
  }
  EXPECT_EQ(counts.size(), 48U);
  for (const auto& [place, count] : counts) {
    double expected = 0;
    for (int i = 0; i < 100; ++i) {
      const std::vector<double> x = {(place[0] + (i + 0.5) / 100) / 4, place[1], place[2]};
      expected += std::exp(direct(x)) / 400;
    }
    const double deviation = std::sqrt(expected * (1 - expected) / draws);
    EXPECT_NEAR(count / draws, expected, 5 * deviation + 1e-4);
  }
}

}  // namespace
}  // namespace caviar
