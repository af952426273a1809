// Sobol points against published ones, and what scrambling must keep.
#include "caviar/math/sobol.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace caviar {
namespace {

// As SciPy gives them for the same direction numbers, its Gray code order undone.
TEST(Sobol, MatchesPublishedPoints) {
  const int dimensions[] = {0, 1, 2, 3, 4, 5, 9, 49, 99, 199, 255};
  const double seventh[] = {0.875, 0.875, 0.125, 0.375, 0.875, 0.625,
                            0.125, 0.875, 0.375, 0.375, 0.875};
  const double late[] = {0.2802734375, 0.0986328125, 0.1376953125, 0.4716796875,
                         0.0556640625, 0.3505859375, 0.9345703125, 0.9931640625,
                         0.5634765625, 0.2470703125, 0.2666015625};
  for (int k = 0; k < 11; ++k) {
    EXPECT_EQ(sobol_point(7, 256)[dimensions[k]], seventh[k]) << dimensions[k];
    EXPECT_EQ(sobol_point(994, 256)[dimensions[k]], late[k]) << dimensions[k];
  }
  EXPECT_EQ(sobol_point(0, 2), (std::vector<double>{0, 0}));
  EXPECT_EQ(sobol_point(1, 2), (std::vector<double>{0.5, 0.5}));
}

// Every elementary interval of the first two dimensions holds exactly one of 2^m points.
TEST(Sobol, ScramblingKeepsTheNet) {
  for (const std::uint64_t seed : {0, 1, 12345}) {
    for (int split = 0; split <= 6; ++split) {
      std::set<std::pair<int, int>> cells;
      for (std::uint64_t i = 0; i < 64; ++i) {
        const std::vector<double> x = scrambled_sobol_point(i, 2, seed);
        cells.emplace(static_cast<int>(x[0] * (1 << split)),
                      static_cast<int>(x[1] * (1 << (6 - split))));
      }
      EXPECT_EQ(cells.size(), 64U) << seed << " " << split;
    }
  }
}

TEST(Sobol, EveryDimensionIsStratifiedBeyondTheTableToo) {
  const int dimensions = 600;
  std::vector<std::set<int>> cells(dimensions);
  for (std::uint64_t i = 0; i < 32; ++i) {
    const std::vector<double> x = scrambled_sobol_point(i, dimensions, 7);
    for (int d = 0; d < dimensions; ++d) {
      ASSERT_GT(x[d], 0);
      ASSERT_LT(x[d], 1);
      cells[d].insert(static_cast<int>(x[d] * 32));
    }
  }
  for (int d = 0; d < dimensions; ++d) EXPECT_EQ(cells[d].size(), 32U) << d;
}

TEST(Sobol, BlocksBeyondTheTableAreNotCopies) {
  double correlation = 0;
  for (std::uint64_t i = 0; i < 1024; ++i) {
    const std::vector<double> x = scrambled_sobol_point(i, sobol_dimensions + 6, 3);
    correlation += (x[5] - 0.5) * (x[sobol_dimensions + 5] - 0.5) * 12 / 1024;
  }
  EXPECT_LT(std::abs(correlation), 0.15);
}

TEST(Sobol, SeedsGiveOtherPointsAndRepeatTheirOwn) {
  EXPECT_EQ(scrambled_sobol_point(5, 8, 1), scrambled_sobol_point(5, 8, 1));
  EXPECT_NE(scrambled_sobol_point(5, 8, 1), scrambled_sobol_point(5, 8, 2));
  double mean = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    mean += scrambled_sobol_point(3, 1, seed)[0] / 4000;
  EXPECT_NEAR(mean, 0.5, 0.02);  // four deviations
}

// The integral of a smooth product over 6 dimensions: far better than chance would do (about 0.01).
TEST(Sobol, IntegratesBetterThanChance) {
  double sum = 0;
  for (std::uint64_t i = 0; i < 4096; ++i) {
    double product = 1;
    for (const double x : scrambled_sobol_point(i, 6, 11)) product *= 1 + 0.5 * (x - 0.5);
    sum += product / 4096;
  }
  EXPECT_NEAR(sum, 1, 5e-4);
}

}  // namespace
}  // namespace caviar
