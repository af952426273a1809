#include "caviar/report/ticks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace caviar {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

std::vector<std::string> labels(const Distribution& distribution, bool minor) {
  std::vector<std::string> result;
  for (const Tick& tick : ticks(distribution)) {
    if (tick.minor == minor) result.push_back(tick.label);
  }
  return result;
}

double unit_of(const Distribution& distribution, const std::string& label) {
  for (const Tick& tick : ticks(distribution)) {
    if (tick.label == label) return tick.unit;
  }
  return -1;
}

TEST(Ticks, MarkDecadesOfALogScale) {
  const Float rate{1e-5, 1, Scale::log};
  EXPECT_THAT(labels(rate, false), ElementsAre("1e-5", "0.0001", "0.001", "0.01", "0.1", "1"));
  EXPECT_THAT(labels(rate, true), IsSupersetOf({"2e-5", "0.05", "0.5"}));
  EXPECT_NEAR(unit_of(rate, "0.001"), 0.4, 1e-9);
}

TEST(Ticks, MarkNinesOfAReverseLogScale) {
  const Float momentum{0.9, 0.999, Scale::reverse_log};
  EXPECT_THAT(labels(momentum, false), ElementsAre("0.9", "0.99", "0.999"));
  EXPECT_THAT(labels(momentum, true), ElementsAre("0.95", "0.98", "0.995", "0.998"));
  EXPECT_NEAR(unit_of(momentum, "0.99"), 0.5, 1e-9);
}

TEST(Ticks, MarkRoundValuesOfALinearScale) {
  EXPECT_THAT(labels(Float{0, 1}, false), ElementsAre("0", "0.2", "0.4", "0.6", "0.8", "1"));
  EXPECT_THAT(labels(Float{-3, 3}, false), ElementsAre("-3", "-2", "-1", "0", "1", "2", "3"));
  EXPECT_THAT(labels(Int{0, 100}, false), ElementsAre("0", "20", "40", "60", "80", "100"));
}

TEST(Ticks, MarkEachOfAFewValues) {
  EXPECT_THAT(labels(Int{1, 4}, false), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(labels(Choice{{"adam", true, std::int64_t{3}, 0.5}}, false),
              ElementsAre("adam", "true", "3", "0.5"));
  EXPECT_THAT(labels(Int{16, 128, Scale::log, 2}, false), ElementsAre("16", "32", "64", "128"));
}

TEST(Ticks, MarkDoublingsOfAnIntegerFromAPowerOfTwo) {
  EXPECT_THAT(labels(Int{16, 256, Scale::log}, false), ElementsAre("16", "32", "64", "128", "256"));
}

TEST(Ticks, AlwaysFindSomething) {
  for (const Distribution& odd : std::vector<Distribution>{
           Float{0.3, 0.3}, Float{0.31, 0.32, Scale::log}, Float{0.971, 0.972, Scale::reverse_log},
           Float{1e-300, 1e300, Scale::log}, Float{-1e12, 1e12}, Int{7, 7}, Int{1000001, 1000099},
           Float{0.1, 7.7, Scale::linear, 0.4}, Int{3, 3000000, Scale::log, 7},
           Int{1, 1'000'000'000'000, Scale::log}}) {
    const std::vector<Tick> found = ticks(odd);
    ASSERT_FALSE(found.empty()) << describe(odd);
    EXPECT_LE(found.size(), 2000u) << describe(odd);
    double before = -1;
    for (const Tick& tick : found) {
      EXPECT_GE(tick.unit, 0);
      EXPECT_LE(tick.unit, 1);
      EXPECT_GE(tick.unit, before);
      before = tick.unit;
    }
  }
}

}  // namespace
}  // namespace caviar
