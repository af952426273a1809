// Schedules and batch counts against the reference numbers.
#include "caviar/nn/schedule.hpp"

#include <set>

#include <gtest/gtest.h>

#include "caviar/nn/batches.hpp"

#include "tests/nn/reference.hpp"

namespace caviar {
namespace {

using test::numbers;

void check(const nlohmann::json& expected, const Schedule& schedule, double rate, double total) {
  const auto values = numbers(expected["values"]);
  for (std::size_t epoch = 0; epoch < values.size(); ++epoch) {
    EXPECT_NEAR(rate_at(schedule, rate, double(epoch), total), values[epoch], 1e-12 * rate)
        << name_of(schedule.decay) << " at " << epoch;
  }
}

TEST(Schedules, MatchTheReference) {
  const auto r = test::reference("schedules");
  const double rate = r["base_rate"], total = r["count"];
  check(r["constant_then_exponential"],
        {.decay = Decay::constant_then_exponential, .rate = 0.1, .hold = 10}, rate, total);
  check(r["step"], {.decay = Decay::step, .drop = r["step"]["drop"], .every = r["step"]["every"]},
        rate, total);
  check(r["cosine_with_warm_up"],
        {.decay = Decay::cosine,
         .warm = r["cosine_with_warm_up"]["warm"],
         .minimum = r["cosine_with_warm_up"]["minimum"]},
        rate, r["cosine_with_warm_up"]["total"]);
  check(r["inverse_time"], {.decay = Decay::inverse_time, .rate = r["inverse_time"]["k"]}, rate,
        total);
}

TEST(Schedules, HoldTheirEnds) {
  EXPECT_EQ(rate_at({}, 0.3, 7, 10), 0.3);
  EXPECT_NEAR(rate_at({.decay = Decay::exponential, .rate = 0.5}, 2, 2, 9), 2 * std::exp(-1),
              1e-15);
  const Schedule cosine{.decay = Decay::cosine, .warm = 3, .minimum = 0.01};
  EXPECT_DOUBLE_EQ(rate_at(cosine, 0.02, 3, 16), 0.02);
  EXPECT_DOUBLE_EQ(rate_at(cosine, 0.02, 16, 16), 0.01);
}

TEST(Batches, CountTheSmallerLastOne) {
  for (const auto& c : test::reference("facts")["iterations"]) {
    const std::size_t samples = c["samples"], batch = c["batch"];
    EXPECT_EQ(iterations_per_epoch(samples, batch), c["iterations_per_epoch"]);
    std::vector<float> x(samples);
    Batches<float> batches({{x.data(), samples, 1}, {}, {}}, batch);
    EXPECT_EQ(batches.count(), c["iterations_per_epoch"]);
    EXPECT_EQ(batches.gather(batches.count() - 1).size(), c["last_batch"]);
  }
}

TEST(Batches, GatherEverySampleOnceWithItsLabel) {
  constexpr std::size_t samples = 23;
  std::vector<float> x(samples * 2);
  std::vector<std::int32_t> labels(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    x[2 * i] = float(i);
    x[2 * i + 1] = -float(i);
    labels[i] = int(i) + 100;
  }
  Batches<float> batches({{x.data(), samples, 2}, labels, {}}, 5);
  Rng rng(8);
  std::vector<float> orders[2];
  for (auto& order : orders) {
    batches.shuffle(rng);
    for (std::size_t b = 0; b < batches.count(); ++b) {
      const auto batch = batches.gather(b);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const float value = batch.x.row(i)[0];
        EXPECT_EQ(batch.x.row(i)[1], -value);
        EXPECT_EQ(batch.labels[i], int(value) + 100);
        order.push_back(value);
      }
    }
    EXPECT_EQ(std::set<float>(order.begin(), order.end()).size(), samples);
  }
  EXPECT_NE(orders[0], orders[1]);
}

TEST(Batches, MayBeLargerThanTheData) {
  std::vector<float> x = {1, 2, 3};
  Batches<float> batches({{x.data(), 3, 1}, {}, {}}, 100);
  EXPECT_EQ(batches.count(), 1U);
  EXPECT_EQ(batches.gather(0).size(), 3U);
}

}  // namespace
}  // namespace caviar
