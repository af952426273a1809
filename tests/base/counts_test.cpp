#include "caviar/base/counts.hpp"

#include <unordered_map>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

TEST(Counts, CountNothingAtFirst) {
  Counts counts;
  EXPECT_EQ(counts.of(7), 0);
  counts.remove(7);
  EXPECT_EQ(counts.distinct(), 0U);
}

// Keys whose upper bits agree meet in the table: what is removed from among them leaves holes.
TEST(Counts, AgreeWithAMapWhateverIsAddedAndRemoved) {
  Rng rng(3, 0);
  Counts counts;
  std::unordered_map<std::uint64_t, int> map;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t upper = rng.below(step < 10'000 ? 400 : 4) << 54;
    const std::uint64_t key = (step % 3 == 0 ? ~upper : upper) + rng.below(9);
    if (rng.uniform() < 0.55) {
      counts.add(key);
      ++map[key];
    } else {
      counts.remove(key);
      if (const auto found = map.find(key); found != map.end() && --found->second == 0) {
        map.erase(found);
      }
    }
    ASSERT_EQ(counts.distinct(), map.size()) << step;
    const auto found = map.find(key);
    ASSERT_EQ(counts.of(key), found == map.end() ? 0 : found->second) << step;
  }
  for (const auto& [key, count] : map) ASSERT_EQ(counts.of(key), count);
}

}  // namespace
}  // namespace caviar
