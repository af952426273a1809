// The expected gain of hypervolume against the exact one at certainty, against chance, and its
// slopes against differences.
#include "caviar/math/hypervolume_gain.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/math/pareto.hpp"

namespace caviar {
namespace {

using Rows = std::vector<double>;

Rows rows_on_a_grid(std::size_t count, std::size_t columns, Rng& rng) {
  Rows rows(count * columns);
  // A grid, so that there are equal losses.
  for (double& x : rows) x = std::floor(rng.uniform() * 8) / 8;
  return rows;
}

double gained(Rows rows, const Rows& point, const Rows& reference) {
  const double before = hypervolume(rows, point.size(), reference);
  rows.insert(rows.end(), point.begin(), point.end());
  return hypervolume(rows, point.size(), reference) - before;
}

TEST(HypervolumeGain, IsTheGainOfACertainPoint) {
  Rng rng(1);
  for (const std::size_t columns : {2U, 3U, 4U}) {
    const Rows reference(columns, 0.95), certain(columns, 1e-9);
    for (int run = 0; run < 20; ++run) {
      const Rows rows = rows_on_a_grid(static_cast<std::size_t>(run), columns, rng);
      const HypervolumeGain gain(rows, columns, reference);
      Rows point(columns);
      for (double& x : point) x = rng.uniform() * 1.1;
      EXPECT_NEAR(gain.at(point, certain), gained(rows, point, reference), 1e-7);
    }
  }
}

TEST(HypervolumeGain, IsTheMeanOverChance) {
  Rng rng(2);
  for (const std::size_t columns : {2U, 3U}) {
    const Rows reference(columns, 1);
    const Rows rows = rows_on_a_grid(6, columns, rng);
    const HypervolumeGain gain(rows, columns, reference);
    Rows means(columns), deviations(columns);
    for (double& x : means) x = rng.uniform(0.1, 0.6);
    for (double& x : deviations) x = rng.uniform(0.05, 0.3);
    double sum = 0;
    constexpr int draws = 20'000;
    for (int draw = 0; draw < draws; ++draw) {
      Rows point(columns);
      for (std::size_t c = 0; c < columns; ++c) point[c] = means[c] + deviations[c] * rng.normal();
      sum += gained(rows, point, reference);
    }
    EXPECT_NEAR(gain.at(means, deviations) / (sum / draws), 1, 0.05) << columns;
  }
}

TEST(HypervolumeGain, SlopesAreThoseOfTheGain) {
  Rng rng(3);
  for (const std::size_t columns : {2U, 3U}) {
    const HypervolumeGain gain(rows_on_a_grid(7, columns, rng), columns, Rows(columns, 1));
    const Rows means(columns, 0.4), deviations(columns, 0.2);
    Rows by_mean(columns), by_deviation(columns);
    EXPECT_EQ(gain.at(means, deviations, by_mean, by_deviation), gain.at(means, deviations));
    const auto difference = [&](std::size_t c, bool of_mean) {
      const auto at = [&](double step) {
        Rows m = means, s = deviations;
        (of_mean ? m : s)[c] += step;
        return gain.at(m, s);
      };
      return (at(1e-6) - at(-1e-6)) / 2e-6;
    };
    for (std::size_t c = 0; c < columns; ++c) {
      EXPECT_NEAR(by_mean[c], difference(c, true), 1e-7);
      EXPECT_NEAR(by_deviation[c], difference(c, false), 1e-7);
    }
  }
}

TEST(HypervolumeGain, AFrontOfTwoColumnsIsAStaircase) {
  const HypervolumeGain gain(Rows{0.1, 0.9, 0.5, 0.5, 0.9, 0.1, 0.6, 0.6, 2, 0}, 2, Rows{1, 1});
  EXPECT_EQ(gain.boxes(), 4U);
  const HypervolumeGain empty(Rows{}, 2, Rows{1, 1});
  EXPECT_EQ(empty.boxes(), 1U);
  EXPECT_NEAR(empty.at(Rows{0, 0}, Rows{1e-6, 1e-6}), 1, 1e-5);
}

}  // namespace
}  // namespace caviar
