#include "caviar/base/counts.hpp"

#include <cstdint>
#include <unordered_map>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

TEST(Counts, KnowsNothingAtFirst) {
  Counts counts;
  EXPECT_EQ(counts.of(7), 0);
  EXPECT_EQ(counts.distinct(), 0U);
  counts.remove(7);
  EXPECT_EQ(counts.distinct(), 0U);
}

// Few different upper bits, so that many share a place and the table's end is crossed.
TEST(Counts, AgreesWithTheStandardMap) {
  for (const int shift : {0, 40, 58}) {
    Counts counts;
    std::unordered_map<std::uint64_t, int> expected;
    Rng rng(3, static_cast<std::uint64_t>(shift));
    for (int step = 0; step < 20'000; ++step) {
      const std::uint64_t key = ~(rng.below(300) << shift);
      if (rng.uniform() < 0.55) {
        counts.add(key);
        ++expected[key];
      } else {
        counts.remove(key);
        const auto found = expected.find(key);
        if (found != expected.end() && --found->second == 0) expected.erase(found);
      }
      ASSERT_EQ(counts.distinct(), expected.size());
      const std::uint64_t probe = ~(rng.below(300) << shift);
      ASSERT_EQ(counts.of(probe), expected.contains(probe) ? expected.at(probe) : 0);
    }
  }
}

}  // namespace
}  // namespace caviar
