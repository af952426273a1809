#include "caviar/base/rng.hpp"

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(Rng, MatchesThePublishedGenerator) {
  // xoshiro256++ from the state 1, 2, 3, 4: its first published outputs.
  Rng rng(0);
  rng.restore({{1, 2, 3, 4}, 0, false});
  EXPECT_EQ(rng.next(), 41943041U);
  EXPECT_EQ(rng.next(), 58720359U);
  EXPECT_EQ(rng.next(), 3588806011781223U);
  EXPECT_EQ(rng.next(), 3591011842654386U);
}

TEST(Rng, SeedAndStreamRepeatAndDiffer) {
  EXPECT_EQ(Rng(7, 3).next(), Rng(7, 3).next());
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (std::uint64_t stream = 0; stream < 50; ++stream) first.insert(Rng(seed, stream).next());
  }
  EXPECT_EQ(first.size(), 2500U);
}

TEST(Rng, UniformAndNormalHaveTheirMoments) {
  Rng rng(11);
  const int n = 200000;
  double sum = 0, normal_sum = 0, normal_squares = 0;
  for (int i = 0; i < n; ++i) {
    const double u = rng.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    const double z = rng.normal();
    normal_sum += z;
    normal_squares += z * z;
  }
  EXPECT_NEAR(sum / n, 0.5, 4 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(normal_sum / n, 0, 4 / std::sqrt(n));
  EXPECT_NEAR(normal_squares / n, 1, 4 * std::sqrt(2.0 / n));
}

TEST(Rng, BelowIsEven) {
  Rng rng(3);
  std::vector<int> counts(6);
  for (int i = 0; i < 60000; ++i) ++counts[rng.below(6)];
  for (const int count : counts) EXPECT_NEAR(count, 10000, 4 * std::sqrt(10000 * 5.0 / 6));
}

TEST(Rng, ShuffleKeepsEveryItem) {
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  Rng(5).shuffle(std::span(items));
  EXPECT_FALSE(std::is_sorted(items.begin(), items.end()));
  EXPECT_EQ(std::set<int>(items.begin(), items.end()).size(), 100U);
}

TEST(Rng, TakesUpAStoredState) {
  Rng rng(9);
  rng.normal();
  Rng copy(0);
  copy.restore(rng.state());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(copy.normal(), rng.normal());
}

}  // namespace
}  // namespace caviar
