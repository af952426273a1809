#include "caviar/study/optimize.hpp"

#include <cmath>
#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trial/repeats.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

StudySpec spec_of(const std::string& sampler = "random") {
  StudySpec spec;
  spec.space = Space({{"x", Float{-1, 1}}});
  spec.search = {sampler, 3, {}};
  return spec;
}

double square(const ActiveTrial& trial) {
  const double x = std::get<double>(trial.point().at("x"));
  return x * x;
}

// A storage in memory that refuses to write after some appends, as a full disk does.
class FullStorage final : public Storage {
 public:
  explicit FullStorage(int left) : left_(left) {}
  std::optional<StudyInfo> find(const std::string& n) const override { return inner_->find(n); }
  std::vector<StudyInfo> list() const override { return inner_->list(); }
  StudyInfo create(const std::string& name, const std::string& spec) override {
    return inner_->create(name, spec);
  }
  void set_spec(StudyId study, const std::string& s) override { inner_->set_spec(study, s); }
  std::optional<std::size_t> append(StudyId study, std::span<const Event> events) override {
    if (left_-- <= 0) throw Error(Fault::io, "the disk is full");
    return inner_->append(study, events);
  }
  std::vector<Event> read(StudyId study, std::size_t from, std::size_t limit) const override {
    return inner_->read(study, from, limit);
  }

 private:
  std::shared_ptr<Storage> inner_ = memory_storage();
  std::atomic<int> left_;
};

TEST(Optimize, RunsExactlyTheTrialsAskedForOnEightThreads) {
  Study study(spec_of());
  std::atomic<int> running = 0, most = 0;
  const Objective objective = [&](ActiveTrial& trial) {
    const int now = ++running;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::yield();
    if (trial.number() % 5 == 4) throw std::runtime_error("every fifth");
    --running;
    return square(trial);
  };
  const Objective guarded = [&](ActiveTrial& trial) {
    try {
      return objective(trial);
    } catch (...) {
      --running;
      throw;
    }
  };
  OptimizeResult result = study.optimize(guarded, {.trials = 60, .jobs = 8});
  EXPECT_EQ(result.ending, Ending::trials);
  EXPECT_EQ(result.ran, 60);
  EXPECT_EQ(result.failed, 12);
  EXPECT_EQ(study.history().trials().size(), 60U);
  EXPECT_LE(most, 8);

  result = study.optimize(guarded, {.trials = 100, .jobs = 8});
  EXPECT_EQ(result.ran, 40);
  EXPECT_EQ(study.history().trials().size(), 100U);
  EXPECT_EQ(study.history().count(TrialState::failed), 20U);

  EXPECT_EQ(study.optimize(guarded, {.trials = 100}).ran, 0);
}

TEST(Optimize, RunsAsManyAtOnceAsItHasJobs) {
  Study study(spec_of());
  std::latch together(3);
  study.optimize(
      [&](ActiveTrial& trial) {
        together.arrive_and_wait();  // hangs unless three run at once
        return square(trial);
      },
      {.trials = 3, .jobs = 3});
  EXPECT_EQ(study.history().count(TrialState::complete), 3U);
}

TEST(Optimize, AFailureIsOneTrialWithItsReason) {
  Study study(spec_of());
  const auto result = study.optimize(
      [](ActiveTrial& trial) -> double {
        if (trial.number() == 0) throw std::runtime_error("the loss blew up");
        if (trial.number() == 1) throw 3;
        if (trial.number() == 2) return NAN;
        return 1;
      },
      {.trials = 5});
  EXPECT_EQ(result.ran, 5);
  EXPECT_EQ(result.failed, 3);
  EXPECT_EQ(study.trial(0).why, "the loss blew up");
  EXPECT_FALSE(study.trial(1).why.empty());
  EXPECT_THAT(study.trial(2).why, HasSubstr("nan"));
  EXPECT_EQ(study.trial(3).state, TrialState::complete);
}

TEST(Optimize, StopsAtTheTarget) {
  for (const Direction direction : {Direction::minimize, Direction::maximize}) {
    StudySpec spec = spec_of();
    spec.goal.directions = {direction};
    Study study(spec);
    const double sign = direction == Direction::minimize ? 1 : -1;
    const Objective objective = [&](ActiveTrial& trial) { return sign * (10 - trial.number()); };
    const auto result = study.optimize(objective, {.trials = 100, .target = sign * 4});
    EXPECT_EQ(result.ending, Ending::target);
    EXPECT_EQ(result.ran, 7);
    EXPECT_EQ(study.optimize(objective, {.trials = 100, .target = sign * 4}).ran, 0);
  }
}

TEST(Optimize, ALuckyRunMeetsNoTarget) {
  // The third trial says 0 by luck; run again, it says 10, and so does everything but the tenth.
  StudySpec spec = spec_of();
  spec.search.reevaluate = 3;
  Study study(spec);
  std::map<std::uint64_t, int> runs;
  std::uint64_t good = 0;
  const Objective objective = [&](ActiveTrial& trial) {
    const std::uint64_t point = trial.point().fingerprint();
    const bool first = ++runs[point] == 1;
    if (trial.number() == 9) good = point;
    if (point == good) return 1.0;
    return trial.number() == 2 && first ? 0.0 : 10.0;
  };
  const auto result = study.optimize(objective, {.trials = 100, .target = 2});
  EXPECT_EQ(result.ending, Ending::target);
  EXPECT_EQ(runs[good], 3);
  EXPECT_GT(result.ran, 10);
  EXPECT_EQ(recommendation(study.history())->runs, 3U);
  EXPECT_EQ(recommendation(study.history())->values, std::vector<double>{1});
}

TEST(Optimize, ARunThatFailsDoesNotKeepTheTargetAway) {
  StudySpec spec = spec_of();
  spec.search.reevaluate = 3;
  Study study(spec);
  std::map<std::uint64_t, int> runs;
  const Objective objective = [&](ActiveTrial& trial) {
    if (++runs[trial.point().fingerprint()] == 2) throw std::runtime_error("no memory");
    return trial.number() == 0 || runs[trial.point().fingerprint()] > 1 ? 1.0 : 10.0;
  };
  const auto result = study.optimize(objective, {.trials = 60, .target = 2});
  EXPECT_EQ(result.ending, Ending::target);
}

TEST(Optimize, StopsWhereNothingImproves) {
  // Trials 3 and 6 improve, 6 by too little where half a unit is wanted.
  const auto objective = [](ActiveTrial& trial) {
    return trial.number() < 3 ? 5.0 : trial.number() < 6 ? 3.0 : 2.75;
  };
  Study study(spec_of());
  auto result = study.optimize(objective, {.trials = 100, .patience = 5});
  EXPECT_EQ(result.ending, Ending::patience);
  EXPECT_EQ(result.ran, 12);
  EXPECT_EQ(study.optimize(objective, {.trials = 100, .patience = 5}).ran, 0);
  Study other(spec_of());
  result = other.optimize(objective, {.trials = 100, .patience = 5, .improvement = 0.5});
  EXPECT_EQ(result.ran, 9);
}

// In order: the decision before trial n is that of the trials up to n − jobs, whatever the timing.
TEST(Optimize, StopsAtTheSameTrialHoweverManyRun) {
  for (int repeat = 0; repeat < 5; ++repeat) {
    Study study(spec_of());
    const auto result = study.optimize(
        [&](ActiveTrial& trial) {
          for (int k = 0; k < (trial.number() * 7 + repeat) % 5; ++k) std::this_thread::yield();
          return trial.number() < 4 ? 10.0 - trial.number() : 9;
        },
        {.trials = 100, .jobs = 4, .patience = 6, .deterministic = true});
    EXPECT_EQ(result.ending, Ending::patience);
    EXPECT_EQ(study.history().trials().size(), 4U + 6 + 3);
  }
}

TEST(Optimize, StopsWhereNothingIsToBeGained) {
  StudySpec spec = spec_of("gp");
  Study study(spec);
  const auto result = study.optimize(square, {.trials = 60, .expected_gain = 1e-3});
  EXPECT_EQ(result.ending, Ending::gain);
  ASSERT_TRUE(result.expected_gain);
  EXPECT_LT(*result.expected_gain, 1e-3);
  EXPECT_LT(result.ran, 45);
  EXPECT_LT(study.best()->values.front(), 0.05);
  // A game of chance never promises nothing.
  Study noise(spec_of());
  EXPECT_EQ(noise
                .optimize([](ActiveTrial& trial) { return trial.number() * 7 % 11; },
                          {.trials = 25, .expected_gain = 1e-3})
                .ending,
            Ending::trials);
}

TEST(Optimize, PatienceCountsWhatJoinsTheFront) {
  StudySpec spec = spec_of();
  spec.goal = {"a", {Direction::minimize, Direction::minimize}, {"b"}};
  Study study(spec);
  const auto result = study.optimize(
      [](ActiveTrial& trial) {
        const int n = std::min(trial.number(), 4);  // from the fifth on as good as the fifth
        trial.set_metric("b", -n);
        return n;
      },
      {.trials = 100, .patience = 3});
  EXPECT_EQ(result.ending, Ending::patience);
  EXPECT_EQ(result.ran, 8);
}

TEST(Optimize, ATimeThatHasPassedStartsNothing) {
  Study study(spec_of());
  const auto result = study.optimize(square, {.trials = 5, .time_s = 0});
  EXPECT_EQ(result.ending, Ending::time);
  EXPECT_EQ(study.history().trials().size(), 0U);
}

TEST(Optimize, TheEndOfTheTimeMayEndWhatRuns) {
  Study study(spec_of());
  const auto result = study.optimize(
      [](ActiveTrial& trial) {
        while (!trial.interrupted()) std::this_thread::yield();
        return -1.0;
      },
      {.trials = 5, .time_s = 0.1, .stop_running = true, .jobs = 2});
  EXPECT_EQ(result.ending, Ending::time);
  EXPECT_EQ(study.history().count(TrialState::interrupted), 2U);
  EXPECT_EQ(study.history().queue().size(), 2U);
}

TEST(Optimize, AFinishedSpaceEndsTheRun) {
  StudySpec spec;
  spec.space = Space({{"a", Int{1, 7}}});
  for (const char* sampler : {"random", "grid"}) {
    spec.search.sampler = sampler;
    for (const int jobs : {1, 4}) {
      Study study(spec);
      const auto result = study.optimize(
          [](ActiveTrial& trial) -> double {
            if (trial.number() % 2 == 0) throw std::runtime_error("always");
            return 1;
          },
          {.jobs = jobs});
      EXPECT_EQ(result.ending, Ending::exhausted);
      EXPECT_EQ(result.ran, 7);
    }
  }
}

TEST(Optimize, AnInterruptEndsRunningTrialsAndTheyRunAgain) {
  Study study(spec_of());
  std::atomic<bool> interrupt = false;
  std::latch both(2);
  const auto result = study.optimize(
      [&](ActiveTrial& trial) {
        if (trial.number() < 4) return square(trial);
        both.arrive_and_wait();
        interrupt = true;
        while (!trial.interrupted()) std::this_thread::yield();
        return -1.0;
      },
      {.trials = 20, .jobs = 2, .interrupt = &interrupt});
  EXPECT_EQ(result.ending, Ending::interrupted);
  EXPECT_EQ(result.ran, 4);
  History history = study.history();
  EXPECT_EQ(history.count(TrialState::interrupted), 2U);
  EXPECT_EQ(history.count(TrialState::running), 0U);
  EXPECT_EQ(history.queue().size(), 2U);

  study.optimize(square, {.trials = 20});
  history = study.history();
  EXPECT_EQ(history.count(TrialState::complete), 20U);
  std::multiset<std::string> points;
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::complete) points.insert(trial.point.key());
  }
  for (const Trial& trial : history.trials()) EXPECT_EQ(points.count(trial.point.key()), 1U);
}

TEST(Optimize, ReportsAnswerStopOnAnInterrupt) {
  Study study(spec_of());
  std::atomic<bool> interrupt = false;
  study.optimize(
      [&](ActiveTrial& trial) {
        EXPECT_EQ(trial.report(1, 1), Flow::go);
        EXPECT_FALSE(trial.should_prune());
        interrupt = true;
        EXPECT_EQ(trial.report(2, 1), Flow::stop);
        EXPECT_TRUE(trial.should_prune());
        throw std::runtime_error("left in a hurry");
        return 0.0;
      },
      {.trials = 3, .interrupt = &interrupt});
  EXPECT_EQ(study.trial(0).state, TrialState::interrupted);
}

TEST(Optimize, AnObjectiveThatDoesNotListenIsLetFinish) {
  Study study(spec_of());
  std::atomic<bool> interrupt = false;
  const auto result = study.optimize(
      [&](ActiveTrial& trial) {
        interrupt = true;
        return square(trial);
      },
      {.trials = 3, .interrupt = &interrupt});
  EXPECT_EQ(result.ran, 1);
  EXPECT_EQ(study.trial(0).state, TrialState::complete);
}

TEST(Optimize, AStoppedTrialIsPruned) {
  StudySpec spec = spec_of();
  spec.pruner =
      Node::parse_json(R"({"pruner": "median", "startup_trials": 2, "protect": 2})", "test");
  Study study(spec);
  study.optimize(
      [](ActiveTrial& trial) {
        for (int epoch = 1; epoch <= 4; ++epoch) {
          if (trial.report(epoch, trial.number()) == Flow::stop) break;
        }
        trial.set_metric("seen", trial.number());
        return static_cast<double>(trial.number());
      },
      {.trials = 4});
  EXPECT_EQ(study.trial(1).state, TrialState::complete);
  EXPECT_EQ(study.trial(2).state, TrialState::pruned);
  EXPECT_EQ(study.trial(2).reports.size(), 1U);
  EXPECT_EQ(study.trial(2).metrics.at("seen"), 2);
}

TEST(Optimize, TheObserverSeesTheLogInOrderOneEventAtATime) {
  Study study(spec_of());
  std::atomic<int> inside = 0;
  std::vector<std::size_t> kinds;
  std::map<int, std::size_t> stage;  // of each trial: the index of its last event
  study.optimize(
      [](ActiveTrial& trial) {
        trial.report(1, 0.5);
        return square(trial);
      },
      {.trials = 40, .jobs = 6},
      [&](const Event& event) {
        EXPECT_EQ(++inside, 1);
        kinds.push_back(event.index());
        if (const auto* asked = std::get_if<Asked>(&event)) {
          EXPECT_TRUE(stage.emplace(asked->trial, 0).second);
          EXPECT_EQ(study.trial(asked->trial).number, asked->trial) << "the study is not locked";
        }
        if (const auto* reported = std::get_if<Reported>(&event)) {
          EXPECT_EQ(stage.at(reported->trial)++, 0U);
        }
        if (const auto* ended = std::get_if<Ended>(&event)) {
          EXPECT_EQ(stage.at(ended->trial)++, 1U);
        }
        --inside;
      });
  EXPECT_EQ(kinds.size(), 120U);
  EXPECT_EQ(kinds.size(), study.history().events());
}

TEST(Optimize, AnObserverMaySteer) {
  Study study(spec_of());
  study.optimize(
      [](ActiveTrial& trial) {
        while (trial.report(1, 1) == Flow::go) {
        }
        return 0.0;
      },
      {.trials = 2, .jobs = 2},
      [&](const Event& event) {
        if (const auto* asked = std::get_if<Asked>(&event)) study.stop_trial(asked->trial);
      });
  EXPECT_EQ(study.history().count(TrialState::pruned), 2U);
}

TEST(Optimize, WhatTheObserverThrowsComesOut) {
  Study study(spec_of());
  const Objective objective = [](ActiveTrial& trial) {
    while (trial.number() > 5 && !trial.interrupted()) std::this_thread::yield();
    return square(trial);
  };
  EXPECT_THROW(study.optimize(objective, {.trials = 50, .jobs = 3},
                              [&](const Event& event) {
                                const auto* ended = std::get_if<Ended>(&event);
                                if (ended != nullptr && ended->trial == 5) {
                                  throw std::logic_error("enough");
                                }
                              }),
               std::logic_error);
  EXPECT_LE(study.history().trials().size(), 9U);
  EXPECT_EQ(study.optimize(square, {.trials = 50, .jobs = 3}).ending, Ending::trials);
}

TEST(Optimize, ADiskThatRefusesEndsTheRunWithItsReason) {
  Study study(spec_of(), std::make_shared<FullStorage>(20));
  try {
    study.optimize(square, {.trials = 50, .jobs = 4});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::io);
    EXPECT_STREQ(error.what(), "the disk is full");
  }
}

TEST(Optimize, OneCallAtATime) {
  Study study(spec_of());
  study.optimize(
      [&](ActiveTrial& trial) {
        EXPECT_THROW(study.optimize(square), Error);
        return square(trial);
      },
      {.trials = 1});
  EXPECT_THROW(study.optimize(square, {.jobs = 0}), Error);
}

// Define by run.

StudySpec undeclared() {
  StudySpec spec;
  spec.search = {"random", 5, {}};
  return spec;
}

double branching(ActiveTrial& trial) {
  const double rate = trial.suggest_float("rate", 1e-4, 1, Scale::log);
  const std::string optimizer = trial.suggest_categorical("optimizer", {"sgd", "adam"});
  double loss = std::abs(std::log10(rate) + 2);
  if (optimizer == "adam") loss -= trial.suggest_float("beta", 0.9, 0.999, Scale::reverse_log);
  const auto layers = trial.suggest_int("layers", 1, 3);
  for (int layer = 0; layer < layers; ++layer) {
    trial.suggest_int("units" + std::to_string(layer), 16, 256, Scale::log, 2);
  }
  EXPECT_EQ(trial.suggest_float("rate", 1e-4, 1, Scale::log), rate) << "asked for again";
  return loss;
}

TEST(DefineByRun, TheSpaceGrowsWithWhatIsAskedFor) {
  Study study(undeclared());
  study.optimize(branching, {.trials = 40, .jobs = 4});
  const History history = study.history();
  EXPECT_EQ(history.space().size(), 7U);
  EXPECT_EQ(history.count(TrialState::complete), 40U);
  std::set<double> rates;
  for (const Trial& trial : history.trials()) {
    rates.insert(std::get<double>(trial.point.at("rate")));
    const bool adam = trial.point.at("optimizer") == Value(std::string("adam"));
    EXPECT_EQ(trial.point.find("beta") != nullptr, adam) << "only what was asked for is kept";
    const auto layers = std::get<std::int64_t>(trial.point.at("layers"));
    EXPECT_EQ(trial.point.find("units2") != nullptr, layers == 3);
    EXPECT_EQ(trial.unit.size(), 7U);
  }
  EXPECT_EQ(rates.size(), 40U);
}

TEST(DefineByRun, IsRepeatable) {
  Study a(undeclared()), b(undeclared());
  for (Study* study : {&a, &b}) study->optimize(branching, {.trials = 12});
  const History left = a.history(), right = b.history();
  for (int n = 0; n < 12; ++n) {
    EXPECT_EQ(left.trials()[static_cast<std::size_t>(n)].point,
              right.trials()[static_cast<std::size_t>(n)].point);
  }
}

TEST(DefineByRun, ContinuesFromAFile) {
  const TempFolder folder;
  for (const int trials : {5, 9}) {
    Study study(undeclared(), open_storage(folder.file("study.db")));
    study.optimize(branching, {.trials = trials});
    EXPECT_EQ(study.history().trials().size(), static_cast<std::size_t>(trials));
  }
  const Study study = Study::open("study", open_existing_storage(folder.file("study.db")));
  EXPECT_TRUE(study.history().space().index("rate"));
}

TEST(DefineByRun, AnotherDistributionFailsTheTrialAndSaysSo) {
  Study study(undeclared());
  study.optimize(
      [](ActiveTrial& trial) { return trial.suggest_float("x", 0, trial.number() == 0 ? 1 : 2); },
      {.trials = 2});
  EXPECT_EQ(study.trial(1).state, TrialState::failed);
  EXPECT_THAT(study.trial(1).why, HasSubstr("parameter 'x'"));
}

TEST(DefineByRun, AnEnqueuedValueIsTaken) {
  Study study(undeclared());
  study.enqueue(Point{{"rate", 0.01}, {"layers", std::int64_t{3}}});
  study.enqueue(Point{{"rate", 99.0}});
  study.optimize(branching, {.trials = 2});
  EXPECT_EQ(study.trial(0).point.at("rate"), Value(0.01));
  EXPECT_EQ(study.trial(0).point.at("layers"), Value(std::int64_t{3}));
  EXPECT_TRUE(study.trial(0).point.find("units2"));
  EXPECT_EQ(study.trial(1).state, TrialState::failed);
  EXPECT_THAT(study.trial(1).why, HasSubstr("99"));
  EXPECT_THROW(study.enqueue(Point{{"rate", 99.0}}), Error);
}

TEST(DefineByRun, AnInterruptedTrialRunsAgainWithTheValuesItUsed) {
  Study study(undeclared());
  std::atomic<bool> interrupt = false;
  double first = 0;
  study.optimize(
      [&](ActiveTrial& trial) {
        first = trial.suggest_float("x", 0, 1);
        interrupt = true;
        trial.report(1, 1);
        return 0.0;
      },
      {.trials = 2, .interrupt = &interrupt});
  study.optimize([&](ActiveTrial& trial) { return trial.suggest_float("x", 0, 1); }, {.trials = 1});
  EXPECT_EQ(study.best()->values, std::vector{first});
}

TEST(DefineByRun, ADeclaredSpaceCanBeAskedByName) {
  StudySpec spec = spec_of();
  spec.space = Space({{"x", Float{-1, 1}},
                      {"kind", Choice{{std::string("a"), std::string("b")}}},
                      {"only_a", Float{0, 1}, {{"kind", Comparison::one_of, {std::string("a")}}}}});
  Study study(spec);
  study.enqueue(Point{{"x", 0.5}, {"kind", std::string("b")}});
  study.optimize(
      [](ActiveTrial& trial) {
        EXPECT_EQ(trial.suggest_categorical("kind", {"a", "b"}), "b");
        EXPECT_THROW(trial.suggest_float("only_a", 0, 1), Error) << "it is not active";
        EXPECT_THROW(trial.suggest_float("x", -1, 2), Error) << "declared otherwise";
        return trial.suggest_float("x", -1, 1) + trial.suggest_float("new", 3, 4);
      },
      {.trials = 1});
  const Trial trial = study.trial(0);
  EXPECT_EQ(trial.point.size(), 3U);
  EXPECT_EQ(trial.point.at("x"), Value(0.5));
  EXPECT_GE(trial.values.at(0), 3.5);
}

}  // namespace
}  // namespace caviar
