// Schedules and batch counts against the reference numbers.
#include "caviar/nn/schedule.hpp"

#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
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

double at(const Schedule& schedule, double epoch, double total = 100) {
  return rate_at(schedule, 1, epoch, total);
}

TEST(Schedules, FollowTheirFormulas) {
  const Schedule polynomial{.decay = Decay::polynomial, .minimum = 0.1, .power = 2};
  EXPECT_DOUBLE_EQ(at(polynomial, 0), 1);
  EXPECT_DOUBLE_EQ(at(polynomial, 50), 0.1 + 0.9 * 0.25);
  EXPECT_DOUBLE_EQ(at(polynomial, 100), 0.1);
  EXPECT_DOUBLE_EQ(at(polynomial, 120), 0.1);

  const Schedule cycle{.decay = Decay::one_cycle, .rise = 0.25, .start = 10, .finish = 100};
  EXPECT_DOUBLE_EQ(at(cycle, 0), 0.1);
  EXPECT_DOUBLE_EQ(at(cycle, 12.5), 0.55);
  EXPECT_DOUBLE_EQ(at(cycle, 25), 1);
  EXPECT_NEAR(at(cycle, 100), 0.001, 1e-15);

  EXPECT_DOUBLE_EQ(momentum_at(cycle, 0.95, 0, 100), 0.95);
  EXPECT_DOUBLE_EQ(momentum_at(cycle, 0.95, 12.5, 100), 0.9);
  EXPECT_DOUBLE_EQ(momentum_at(cycle, 0.95, 25, 100), 0.85);
  EXPECT_DOUBLE_EQ(momentum_at(cycle, 0.95, 62.5, 100), 0.9);
  EXPECT_DOUBLE_EQ(momentum_at(cycle, 0.95, 100, 100), 0.95);
  EXPECT_EQ(momentum_at(cycle, 0.5, 25, 100), 0.5);  // that low already
  EXPECT_EQ(momentum_at(polynomial, 0.95, 25, 100), 0.95);

  const Schedule table{.decay = Decay::table, .table = {{0, 0.5}, {3, 0.05}, {10, 0.01}}};
  EXPECT_EQ(at(table, 0), 0.5);
  EXPECT_EQ(at(table, 2.9), 0.5);
  EXPECT_EQ(at(table, 3), 0.05);
  EXPECT_EQ(at(table, 99), 0.01);
  EXPECT_EQ(at({.decay = Decay::table, .table = {{5, 0.5}}}, 4), 1);

  const Schedule formula{.decay = Decay::formula, .formula = Formula("rate / (1 + epoch)", "test")};
  EXPECT_EQ(at(formula, 3), 0.25);
}

TEST(Schedules, RestartTheCosine) {
  const Schedule even{.decay = Decay::cosine, .period = 10};
  for (const double epoch : {0.0, 3.0, 9.0}) {
    EXPECT_NEAR(at(even, epoch), at(even, epoch + 30), 1e-12);
  }
  EXPECT_NEAR(at(even, 5), 0.5, 1e-15);
  const Schedule growing{.decay = Decay::cosine, .period = 10, .stretch = 2};
  EXPECT_EQ(at(growing, 10), 1);
  EXPECT_NEAR(at(growing, 20), 0.5, 1e-15);
  EXPECT_EQ(at(growing, 30), 1);
  EXPECT_NEAR(at(growing, 50), 0.5, 1e-15);
}

TEST(Schedules, BeginBehindTheirWarmUp) {
  for (const std::string& name : decay_names()) {
    Schedule schedule{.decay = parse_decay(name, "test"), .rate = 0.1};
    schedule.table = {{0, 1}};
    schedule.formula = Formula("rate", "test");
    Schedule warm = schedule;
    warm.warm = 5;
    const bool knows_all = name == "one_cycle" || name == "table" || name == "formula";
    if (knows_all) {
      EXPECT_EQ(at(warm, 1), at(schedule, 1)) << name;
      continue;
    }
    EXPECT_DOUBLE_EQ(at(warm, 1), 0.4) << name;
    EXPECT_DOUBLE_EQ(rate_at(warm, 1, 1.5, 100, 0.25), 0.35) << name;
    EXPECT_DOUBLE_EQ(at(warm, 8, 105), at(schedule, 3, 100)) << name;
  }
}

TEST(Schedules, FallOnAPlateau) {
  const Schedule schedule{.decay = Decay::plateau, .drop = 0.5, .patience = 2, .threshold = 0.1};
  Plateau plateau;
  for (const double value : {1.0, 0.8, 0.75, 0.5, 0.45}) plateau.see(schedule, value);
  EXPECT_EQ(plateau.factor, 1);
  plateau.see(schedule, 0.41);
  EXPECT_EQ(plateau.factor, 0.5);
  plateau.see(schedule, 0.6);
  EXPECT_EQ(plateau.factor, 0.5);
  plateau.see(schedule, 0.6);
  EXPECT_EQ(plateau.factor, 0.25);
}

void expect_refused(const Schedule& schedule, const std::string& text) {
  try {
    check_schedule(schedule, "schedule");
    FAIL() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    EXPECT_EQ(std::string(error.what()), text);
  }
}

TEST(Schedules, RefuseNumbersWithoutSense) {
  expect_refused({.decay = Decay::step, .every = 0},
                 "schedule.every: 0 was given, a number above 0 was expected");
  expect_refused({.decay = Decay::cosine, .stretch = 0.5},
                 "schedule.stretch: 0.5 was given, a number from 1 was expected");
  expect_refused({.decay = Decay::one_cycle, .low_momentum = -1},
                 "schedule.low_momentum: -1 was given, a number from 0 was expected");
  expect_refused({.decay = Decay::table},
                 "schedule.table: no entry was given, at least one was expected");
  expect_refused({.decay = Decay::table, .table = {{0, 1}, {0, 2}}},
                 "schedule.table[1]: epoch 0 was given, epochs from 0 in rising order were "
                 "expected");
  expect_refused({.decay = Decay::formula}, "schedule.formula: none was given, one was expected");
  // What a schedule does not use may hold anything.
  EXPECT_NO_THROW(check_schedule({.decay = Decay::constant, .every = 0}, "schedule"));
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
