// Fronts and hypervolumes against closed forms and against counting everything.
#include "caviar/math/pareto.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

using Rows = std::vector<double>;

Rows random_rows(std::size_t count, std::size_t columns, Rng& rng, double grid = 0) {
  Rows rows(count * columns);
  for (double& x : rows) x = grid > 0 ? std::floor(rng.uniform() * grid) / grid : rng.uniform();
  return rows;
}

std::span<const double> row(const Rows& rows, std::size_t columns, std::size_t k) {
  return std::span(rows).subspan(k * columns, columns);
}

// Inclusion and exclusion over all subsets: the volume of a union of boxes, whatever their shape.
double counted_volume(const Rows& rows, std::size_t columns, const Rows& reference) {
  const std::size_t count = rows.size() / columns;
  double sum = 0;
  for (std::size_t subset = 1; subset < (std::size_t{1} << count); ++subset) {
    double box = 1;
    int members = 0;
    for (std::size_t k = 0; k < count; ++k) members += static_cast<int>((subset >> k) & 1U);
    for (std::size_t c = 0; c < columns; ++c) {
      double corner = -std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < count; ++k) {
        if ((subset >> k) & 1U) corner = std::max(corner, rows[k * columns + c]);
      }
      box *= std::max(0.0, reference[c] - corner);
    }
    sum += members % 2 == 1 ? box : -box;
  }
  return sum;
}

TEST(Dominates, NeedsBetterSomewhereAndWorseNowhere) {
  EXPECT_TRUE(dominates(Rows{1, 2}, Rows{1, 3}));
  EXPECT_FALSE(dominates(Rows{1, 2}, Rows{1, 2}));
  EXPECT_FALSE(dominates(Rows{0, 3}, Rows{1, 2}));
}

TEST(DominationRanks, ArePeeledFrontAfterFront) {
  Rng rng(1);
  for (const std::size_t columns : {1U, 2U, 3U, 4U}) {
    for (const double grid : {0.0, 4.0}) {  // with many ties, too
      const Rows rows = random_rows(60, columns, rng, grid);
      const std::vector<std::size_t> ranks = domination_ranks(rows, columns);
      // A row lies one front behind the last of those that dominate it.
      for (std::size_t a = 0; a < 60; ++a) {
        std::size_t expected = 0;
        for (std::size_t b = 0; b < 60; ++b) {
          if (dominates(row(rows, columns, b), row(rows, columns, a))) {
            expected = std::max(expected, ranks[b] + 1);
          }
        }
        EXPECT_EQ(ranks[a], expected);
      }
    }
  }
  EXPECT_TRUE(domination_ranks({}, 2).empty());
}

TEST(CrowdingDistances, AddTheGapsInPartsOfTheRange) {
  const Rows rows = {0, 10, 1, 6, 3, 5, 4, 0};
  const std::vector<double> distances = crowding_distances(rows, 2);
  EXPECT_TRUE(std::isinf(distances[0]));
  EXPECT_DOUBLE_EQ(distances[1], 3.0 / 4 + 5.0 / 10);
  EXPECT_DOUBLE_EQ(distances[2], 3.0 / 4 + 6.0 / 10);
  EXPECT_TRUE(std::isinf(distances[3]));
  EXPECT_EQ(crowding_distances(Rows{1, 1, 1, 1, 1, 1}, 2)[1], 0);
}

TEST(Hypervolume, HasItsClosedForms) {
  EXPECT_DOUBLE_EQ(hypervolume(Rows{1, 2, 3}, 3, Rows{2, 4, 6}), 1 * 2 * 3);
  EXPECT_DOUBLE_EQ(hypervolume(Rows{3, 1, 2, 5}, 1, Rows{4}), 3);
  EXPECT_DOUBLE_EQ(hypervolume(Rows{0, 2, 1, 1, 2, 0}, 2, Rows{3, 3}), 3 + 2 + 1);
  EXPECT_EQ(hypervolume(Rows{1, 3, 4, 0}, 2, Rows{3, 3}), 0);  // on and beyond the reference
  EXPECT_EQ(hypervolume({}, 3, Rows{1, 1, 1}), 0);
  // ZDT1's front, f2 = 1 − √f1, covers 2/3 of the unit square above it: 1 − ∫ (1 − √x) dx.
  Rows curve;
  for (int k = 0; k <= 4000; ++k) {
    const double x = k / 4000.0;
    curve.insert(curve.end(), {x, 1 - std::sqrt(x)});
  }
  EXPECT_NEAR(hypervolume(curve, 2, Rows{1, 1}), 2.0 / 3, 5e-4);
  // DTLZ2's front is an eighth of the unit sphere.
  Rows sphere;
  for (int a = 0; a <= 40; ++a) {
    for (int b = 0; b <= 40; ++b) {
      const double u = a / 40.0 * std::numbers::pi / 2, v = b / 40.0 * std::numbers::pi / 2;
      sphere.insert(sphere.end(),
                    {std::cos(u) * std::cos(v), std::cos(u) * std::sin(v), std::sin(u)});
    }
  }
  EXPECT_NEAR(hypervolume(sphere, 3, Rows{1, 1, 1}), 1 - std::numbers::pi / 6, 0.02);
}

TEST(Hypervolume, IsWhatInclusionAndExclusionCount) {
  Rng rng(7);
  for (const std::size_t columns : {1U, 2U, 3U, 4U, 5U}) {
    for (int repeat = 0; repeat < 10; ++repeat) {
      const Rows rows = random_rows(9, columns, rng, repeat % 2 == 0 ? 0 : 5);
      const Rows reference(columns, 0.9);
      EXPECT_NEAR(hypervolume(rows, columns, reference), counted_volume(rows, columns, reference),
                  1e-12)
          << columns;
    }
  }
}

TEST(HypervolumeOrder, TakesWhatAddsMostEachTime) {
  Rng rng(3);
  for (const std::size_t columns : {2U, 3U}) {
    const Rows rows = random_rows(25, columns, rng), reference(columns, 1.1);
    const std::vector<std::size_t> order = hypervolume_order(rows, columns, reference, 10);
    ASSERT_EQ(order.size(), 10U);
    Rows chosen;
    for (const std::size_t next : order) {
      const auto with = [&](std::size_t k) {
        Rows more(chosen);
        more.insert(more.end(), row(rows, columns, k).begin(), row(rows, columns, k).end());
        return hypervolume(more, columns, reference);
      };
      for (std::size_t k = 0; k < 25; ++k) EXPECT_LE(with(k), with(next) + 1e-12);
      chosen.insert(chosen.end(), row(rows, columns, next).begin(), row(rows, columns, next).end());
    }
  }
  EXPECT_EQ(hypervolume_order(Rows{0, 0, 5, 5}, 2, Rows{1, 1}, 9),
            (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace caviar
