// The bijection between values and the unit interval, property by property.
#include "caviar/space/distribution.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;

constexpr double tiny = std::numeric_limits<double>::denorm_min();
constexpr double huge = 1e308;

// Equal in type and in every bit.
bool identical(const Value& a, const Value& b) {
  if (a.index() != b.index()) return false;
  const auto* x = std::get_if<double>(&a);
  return x ? std::bit_cast<std::uint64_t>(*x) == std::bit_cast<std::uint64_t>(std::get<double>(b))
           : a == b;
}

std::vector<Float> floats() {
  return {
      {0, 1},
      {-1, 1},
      {-3, 0},
      {1e-5, 1e-4},
      {1e9, 1e9 + 1},
      {-1e9 - 1, -1e9},
      {0.1234567890123456, 0.1234567890123999},
      {1, std::nextafter(1.0, 2.0)},
      {-huge, huge},
      {-std::numeric_limits<double>::max(), std::numeric_limits<double>::max()},
      {0, tiny},
      {0, 1e-310},
      {-1e-300, 1e-300},
      {1e-30, 3e-25},
      {1e40, 7e45},
      {0, 1, Scale::linear, 0.1},
      {-0.7, 1, Scale::linear, 0.3},
      {0, 1, Scale::linear, 1.0 / 3},
      {-huge, huge, Scale::linear, 1e307},
      {1e9, 1e9 + 1, Scale::linear, 0.001},
      {1e-5, 1, Scale::log},
      {1e-4, 1, Scale::log},
      {1e-300, 1e300, Scale::log},
      {tiny, std::numeric_limits<double>::max(), Scale::log},
      {tiny, 1e-310, Scale::log},
      {1e9, 1e9 + 1, Scale::log},
      {1, 1 + 1e-9, Scale::log},
      {0.00012345678901234999, 0.000123456789099, Scale::log},
      {0.999, 1.001, Scale::log},
      {1e9, 1e9 + 0x1p-20, Scale::log},
      {-1e9 - 0x1p-20, -1e9, Scale::reverse_log},
      {1e-3, 1e3, Scale::log, 10},
      {16, 300, Scale::log, 2},
      {1e-300, 1e300, Scale::log, 1.5},
      {0.9, 0.999, Scale::reverse_log},
      {0, 0.9999999, Scale::reverse_log},
      {-10, 0.99, Scale::reverse_log},
      {-1e300, 0.5, Scale::reverse_log},
      {-huge, 1 - 0x1p-53, Scale::reverse_log},
      {0.9, 0.9 + 1e-12, Scale::reverse_log},
      {1 - 1e-14, 1 - 0x1p-53, Scale::reverse_log},
      {0.99, 1 - 1e-9, Scale::reverse_log},
      {0.9, 0.9999, Scale::reverse_log, 10},
      {0.5, 0.99, Scale::reverse_log, 1.7},
      {-1000, 0.999999, Scale::reverse_log, 3},
      {0.25, 0.25},
      {0, 0, Scale::linear, 0.5},
  };
}

std::vector<Int> ints() {
  return {
      {0, 1},
      {-5, 5},
      {1, 100, Scale::linear, 7},
      {0, 1'000'000'007},
      {INT64_MIN, INT64_MAX},
      {INT64_MIN, INT64_MAX, Scale::linear, 3},
      {INT64_MAX - 3, INT64_MAX},
      {-1, INT64_MAX},
      {0, std::int64_t{1} << 50},
      {1, 2, Scale::log},
      {16, 256, Scale::log},
      {1, 1'000'000, Scale::log},
      {16, 300, Scale::log, 2},
      {1, INT64_MAX, Scale::log},
      {1, INT64_MAX, Scale::log, 10},
      {999'999'999'990, 1'000'000'000'123, Scale::log},
      {INT64_MAX - 1, INT64_MAX, Scale::log},
      {1'234'567'890'123'456, 1'234'567'890'123'999, Scale::log},
      {7, 7},
      {7, 7, Scale::log},
      {INT64_MAX, INT64_MAX, Scale::log},
  };
}

std::vector<Distribution> distributions() {
  std::vector<Distribution> all;
  for (const Float& axis : floats()) all.emplace_back(axis);
  for (const Int& axis : ints()) all.emplace_back(axis);
  all.emplace_back(Choice{{true, false}, false});
  all.emplace_back(Choice{{std::string("a"), std::int64_t{1}, 2.5, std::string("1")}, true});
  all.emplace_back(Choice{{0.5}, false});
  return all;
}

std::string label(const Distribution& distribution) {
  return kind_name(distribution) + " " + describe(distribution);
}

// Random, and crowded towards both ends.
double some_unit(Rng& rng) {
  const double u = rng.uniform();
  switch (rng.below(4)) {
    case 0:
      return std::pow(u, 20);
    case 1:
      return 1 - std::pow(u, 20);
    default:
      return u;
  }
}

TEST(Distribution, TheseAreValid) {
  for (const Distribution& distribution : distributions()) {
    EXPECT_NO_THROW(validate(distribution, "x")) << label(distribution);
  }
}

TEST(Distribution, EveryDecodedValueIsReadBackToTheBit) {
  Rng rng(1);
  for (const Distribution& distribution : distributions()) {
    for (int i = 0; i < 3000; ++i) {
      const double unit = i == 0 ? 0 : i == 1 ? 1 : some_unit(rng);
      const Value value = decode(distribution, unit);
      ASSERT_TRUE(contains(distribution, value)) << label(distribution) << ": " << to_text(value);
      const double back = encode(distribution, value);
      ASSERT_GE(back, 0) << label(distribution);
      ASSERT_LE(back, 1) << label(distribution);
      const Value again = decode(distribution, back);
      ASSERT_TRUE(identical(value, again)) << label(distribution) << ": " << to_text(value)
                                           << " became " << to_text(again) << " at " << unit;
    }
  }
}

TEST(Distribution, RandomFloatRangesAreReadBackToTheBit) {
  Rng rng(2);
  for (int range = 0; range < 3000; ++range) {
    const auto scale = static_cast<Scale>(rng.below(3));
    const double a = std::exp(rng.uniform(-600, 600)), b = std::exp(rng.uniform(-600, 600));
    const double sign = rng.below(2) == 0 ? 1 : -1;
    Float axis{.low = std::min(a, b), .high = std::max(a, b), .scale = scale};
    if (scale == Scale::linear) axis.low *= sign;
    if (scale == Scale::reverse_log) {
      const double near = 1 - std::exp(rng.uniform(-34, 0));
      axis.high = near;
      axis.low = sign > 0 ? near - std::exp(rng.uniform(-34, 3)) : -axis.low;
    }
    if (rng.below(2) == 0) {  // narrow: as many digits as a double can still tell apart
      axis.high = axis.low + std::fabs(axis.low) * std::exp(rng.uniform(-34, 0));
    }
    if (axis.low >= axis.high || (scale == Scale::reverse_log && axis.high >= 1)) continue;
    ASSERT_NO_THROW(validate(axis, "x"));
    for (int i = 0; i < 30; ++i) {
      const Value value = decode(axis, some_unit(rng));
      ASSERT_TRUE(identical(value, decode(axis, encode(axis, value))))
          << label(axis) << ": " << to_text(value);
    }
  }
}

TEST(Distribution, ValuesNeverLeaveTheirBounds) {
  Rng rng(3);
  for (const Float& axis : floats()) {
    for (int i = 0; i < 1000; ++i) {
      const double x = std::get<double>(decode(axis, some_unit(rng)));
      ASSERT_GE(x, axis.low) << label(axis);
      ASSERT_LE(x, axis.high) << label(axis);
    }
    EXPECT_EQ(std::get<double>(decode(axis, -1)), std::get<double>(decode(axis, 0)));
    EXPECT_EQ(std::get<double>(decode(axis, 2)), std::get<double>(decode(axis, 1)));
  }
  for (const Int& axis : ints()) {
    for (int i = 0; i < 1000; ++i) {
      const auto x = std::get<std::int64_t>(decode(axis, some_unit(rng)));
      ASSERT_GE(x, axis.low) << label(axis);
      ASSERT_LE(x, axis.high) << label(axis);
    }
  }
}

TEST(Distribution, TheEndsOfAContinuousFloatAreExact) {
  for (const Float& axis : floats()) {
    if (!is_continuous(axis)) continue;
    EXPECT_EQ(decode(axis, 0), Value(axis.low + 0.0)) << label(axis);
    EXPECT_EQ(decode(axis, 1), Value(axis.high)) << label(axis);
    EXPECT_EQ(encode(axis, axis.low), 0) << label(axis);
    EXPECT_EQ(encode(axis, axis.high), 1) << label(axis);
  }
}

TEST(Distribution, DecodingRises) {
  for (const Distribution& distribution : distributions()) {
    if (std::holds_alternative<Choice>(distribution)) continue;
    double last = -std::numeric_limits<double>::infinity();
    for (int i = 0; i <= 2000; ++i) {
      const double x = *as_number(decode(distribution, i / 2000.0));
      ASSERT_GE(x, last) << label(distribution);
      last = x;
    }
  }
}

TEST(Distribution, EncodingAnyContainedFloatComesBackWithinItsTwelveDigits) {
  Rng rng(4);
  for (const Float& axis :
       {Float{-2, 5}, Float{1e-6, 1e2, Scale::log}, Float{0.5, 0.99999, Scale::reverse_log}}) {
    for (int i = 0; i < 1000; ++i) {
      const double x = rng.uniform(axis.low, axis.high);
      const double back = std::get<double>(decode(axis, encode(axis, x)));
      ASSERT_NEAR(back, x, 1e-11 * std::max(1.0, axis.high - axis.low)) << label(axis);
    }
  }
}

TEST(Distribution, ValuesAreShortToPrint) {
  const auto most_digits = [](const Float& axis) {
    Rng rng(5);
    std::ptrdiff_t most = 0;
    for (int i = 0; i < 1000; ++i) {
      const std::string text = to_text(decode(axis, rng.uniform()));
      most = std::max(most, std::ranges::count_if(text, [](char c) { return std::isdigit(c); }));
    }
    return most;
  };
  EXPECT_LE(most_digits(Float{0, 1}), 12);
  EXPECT_LE(most_digits(Float{-50, 50}), 12);
  EXPECT_LE(most_digits(Float{100, 10000, Scale::log}), 12);
  EXPECT_LE(most_digits(Float{1e-40, 1e-30, Scale::log}), 14);  // two of them the exponent's
  EXPECT_LE(most_digits(Float{0.9, 0.99999, Scale::reverse_log}), 16);
  EXPECT_LE(most_digits(Float{0, 3, Scale::linear, 0.1}), 2);
}

TEST(Distribution, LogGivesEveryDecadeTheSameShare) {
  Rng rng(6);
  const Float axis{1e-5, 1, Scale::log};
  std::map<int, int> share;
  const int draws = 50000;
  for (int i = 0; i < draws; ++i) {
    ++share[static_cast<int>(
        std::floor(std::log10(std::get<double>(decode(axis, rng.uniform())))))];
  }
  // Five decades; 5 standard deviations of a share of one fifth.
  const double tolerance = 5 * std::sqrt(draws * 0.2 * 0.8);
  for (int decade = -5; decade < 0; ++decade) EXPECT_NEAR(share[decade], draws / 5, tolerance);
}

TEST(Distribution, ReverseLogSpendsHalfItsDrawsOnTheLastDecade) {
  Rng rng(7);
  const Float axis{0.9, 0.999, Scale::reverse_log};
  const int draws = 40000;
  int above = 0;
  for (int i = 0; i < draws; ++i) above += std::get<double>(decode(axis, rng.uniform())) > 0.99;
  EXPECT_NEAR(above, draws / 2, 5 * std::sqrt(draws * 0.25));
  EXPECT_EQ(decode(axis, 0.5), Value(0.99));
}

// Every value as often as expected, to 5 standard deviations.
void expect_shares(const Distribution& distribution, const std::vector<double>& shares) {
  Rng rng(8);
  const int draws = 60000;
  std::map<std::string, int> seen;
  for (int i = 0; i < draws; ++i) ++seen[to_text(decode(distribution, rng.uniform()))];
  ASSERT_EQ(cardinality(distribution), shares.size());
  EXPECT_EQ(seen.size(), shares.size()) << label(distribution);
  for (std::uint64_t i = 0; i < shares.size(); ++i) {
    EXPECT_NEAR(seen[to_text(value_at(distribution, i))], draws * shares[i],
                5 * std::sqrt(draws * shares[i]))
        << label(distribution) << ", value " << to_text(value_at(distribution, i));
  }
}

TEST(Distribution, FiniteValuesAreEquallyLikelyAtBothEnds) {
  expect_shares(Int{-2, 4}, std::vector<double>(7, 1.0 / 7));
  expect_shares(Int{0, 10, Scale::linear, 5}, std::vector<double>(3, 1.0 / 3));
  expect_shares(Int{16, 256, Scale::log, 2}, std::vector<double>(5, 0.2));
  expect_shares(Float{0, 1, Scale::linear, 0.25}, std::vector<double>(5, 0.2));
  expect_shares(Float{0.9, 0.999, Scale::reverse_log, 10}, std::vector<double>(3, 1.0 / 3));
  expect_shares(Choice{{true, false}, false}, {0.5, 0.5});
  expect_shares(Choice{{std::string("a"), std::string("b"), 1.5}, true},
                std::vector<double>(3, 1.0 / 3));
}

TEST(Distribution, LogIntegersHaveTheirShareOfTheLogAxis) {
  std::vector<double> shares;
  for (int x = 1; x <= 12; ++x) {
    shares.push_back(std::log((x + 0.5) / (x - 0.5)) / std::log(12.5 / 0.5));
  }
  expect_shares(Int{1, 12, Scale::log}, shares);
}

TEST(Distribution, EncodesTheMiddleOfACell) {
  EXPECT_DOUBLE_EQ(encode(Int{0, 3}, std::int64_t{0}), 0.125);
  EXPECT_DOUBLE_EQ(encode(Int{0, 3}, 3.0), 0.875);
  EXPECT_DOUBLE_EQ(encode(Choice{{std::string("a"), std::string("b")}, false}, std::string("b")),
                   0.75);
  EXPECT_DOUBLE_EQ(encode(Int{4, 4}, std::int64_t{4}), 0.5);
  EXPECT_DOUBLE_EQ(encode(Float{0.5, 0.5}, 0.5), 0.5);
  const double two = encode(Int{1, 2, Scale::log}, std::int64_t{2});
  EXPECT_NEAR(two, (1 + std::log(1.5 / 0.5) / std::log(2.5 / 0.5)) / 2, 1e-12);
}

TEST(Distribution, CountsItsValues) {
  EXPECT_EQ(cardinality(Float{0, 1}), std::nullopt);
  EXPECT_EQ(cardinality(Float{1, 1}), 1u);
  EXPECT_EQ(cardinality(Float{0, 1, Scale::linear, 0.1}), 11u);
  EXPECT_EQ(cardinality(Float{0, 1, Scale::linear, 0.3}), 4u);
  EXPECT_EQ(cardinality(Float{1e-3, 1e3, Scale::log, 10}), 7u);
  EXPECT_EQ(cardinality(Int{-3, 3}), 7u);
  EXPECT_EQ(cardinality(Int{0, 10, Scale::linear, 3}), 4u);
  EXPECT_EQ(cardinality(Int{16, 300, Scale::log, 2}), 5u);
  EXPECT_EQ(cardinality(Int{0, INT64_MAX}), std::uint64_t{1} << 63);
  EXPECT_EQ(cardinality(Int{INT64_MIN, INT64_MAX}), UINT64_MAX);
  EXPECT_EQ(cardinality(Choice{{true, false}, false}), 2u);
}

std::vector<std::string> texts(const std::vector<Value>& values) {
  std::vector<std::string> result;
  for (const Value& value : values) result.push_back(to_text(value));
  return result;
}

TEST(Distribution, ListsItsValuesInOrder) {
  const auto all = [](const Distribution& d) { return texts(spread(d, 100)); };
  EXPECT_THAT(all(Float{0, 1, Scale::linear, 0.3}), ElementsAre("0", "0.3", "0.6", "0.9"));
  EXPECT_THAT(all(Float{0.9, 0.999, Scale::reverse_log, 10}), ElementsAre("0.9", "0.99", "0.999"));
  EXPECT_THAT(all(Int{16, 300, Scale::log, 2}), ElementsAre("16", "32", "64", "128", "256"));
  EXPECT_THAT(all(Choice{{true, std::string("x")}, false}), ElementsAre("true", "x"));
}

TEST(Distribution, SpreadsPointsOverTheAxis) {
  EXPECT_THAT(texts(spread(Float{0, 1}, 5)), ElementsAre("0", "0.25", "0.5", "0.75", "1"));
  EXPECT_THAT(spread(Float{1e-4, 1, Scale::log}, 5), ElementsAre(1e-4, 1e-3, 1e-2, 1e-1, 1.0));
  EXPECT_THAT(spread(Float{0.9, 0.999, Scale::reverse_log}, 3), ElementsAre(0.9, 0.99, 0.999));
  EXPECT_THAT(texts(spread(Int{0, 100}, 3)), ElementsAre("0", "50", "100"));
  EXPECT_THAT(texts(spread(Int{0, 9}, 1)), testing::SizeIs(1));
  EXPECT_TRUE(spread(Int{0, 9}, 0).empty());
}

TEST(Distribution, SpreadGivesAsManyDifferentIntegersAsAsked) {
  for (const Int& axis : {Int{1, 100, Scale::log}, Int{1, 21, Scale::log}, Int{-40, 40}}) {
    const std::vector<Value> values = spread(axis, 20);
    ASSERT_EQ(values.size(), 20u);
    EXPECT_EQ(values.front(), Value(axis.low));
    EXPECT_EQ(values.back(), Value(axis.high));
    for (std::size_t i = 1; i < values.size(); ++i) EXPECT_LT(values[i - 1], values[i]);
  }
}

TEST(Distribution, ContainsWhatAUserMaySet) {
  EXPECT_TRUE(contains(Float{0, 4}, std::int64_t{3}));
  EXPECT_TRUE(contains(Int{0, 4}, 3.0));
  EXPECT_FALSE(contains(Int{0, 4}, 3.5));
  EXPECT_FALSE(contains(Int{0, 4}, std::string("3")));
  EXPECT_FALSE(contains(Int{0, 4}, true));
  EXPECT_FALSE(contains(Float{0, 4}, true));
  EXPECT_FALSE(contains(Float{0, 4}, 4.0000001));
  EXPECT_FALSE(contains(Float{0, 4}, std::nan("")));
  EXPECT_FALSE(contains(Int{0, 4}, 1e300));
  EXPECT_FALSE(contains(Int{0, 10, Scale::linear, 5}, std::int64_t{3}));
  EXPECT_FALSE(contains(Int{16, 256, Scale::log, 2}, std::int64_t{48}));
  EXPECT_TRUE(contains(Float{0, 1, Scale::linear, 0.1}, 0.1 + 0.2));
  EXPECT_FALSE(contains(Float{0, 1, Scale::linear, 0.1}, 0.35));
  EXPECT_TRUE(contains(Choice{{std::int64_t{3}}, false}, 3.0));
  EXPECT_FALSE(contains(Choice{{std::int64_t{3}}, false}, std::string("3")));
}

TEST(Distribution, NormalisesToItsOwnType) {
  EXPECT_TRUE(identical(normalised(Float{0, 4}, std::int64_t{3}), 3.0));
  EXPECT_TRUE(identical(normalised(Int{0, 4}, 3.0), std::int64_t{3}));
  EXPECT_TRUE(identical(normalised(Float{0, 1, Scale::linear, 0.1}, 0.1 + 0.2), 0.3));
  EXPECT_TRUE(identical(normalised(Choice{{std::int64_t{3}}, false}, 3.0), std::int64_t{3}));
}

// A continuous range of a few doubles is the finite set that it is.
TEST(Distribution, NarrowRangesAreFinite) {
  for (const double low : {1.0, -1.0, 0.0, 1e-300, 123456.789, -std::nextafter(0.0, 1.0)}) {
    double high = low;
    for (int steps = 1; steps <= 3; ++steps) {
      high = std::nextafter(high, INFINITY);
      const Distribution range = Float{low, high};
      ASSERT_EQ(cardinality(range), steps + 1) << low;
      EXPECT_FALSE(is_continuous(range));
      double value = low;
      for (std::uint64_t index = 0; index < static_cast<std::uint64_t>(steps) + 1; ++index) {
        EXPECT_EQ(std::get<double>(value_at(range, index)), value);
        EXPECT_TRUE(contains(range, value));
        EXPECT_EQ(std::get<double>(decode(range, encode(range, value))), value);
        value = std::nextafter(value, INFINITY);
      }
      EXPECT_FALSE(contains(range, value));
    }
  }
  EXPECT_EQ(cardinality(Float{1, 1 + 1e-9}), std::nullopt);
  EXPECT_EQ(cardinality(Float{-1e-300, 1e-300}), std::nullopt);
}

}  // namespace
}  // namespace caviar
