// Programs on other machines that share a study: who is there, who has died, whose result counts.
#include "caviar/study/leases.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/study/study.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using namespace std::chrono_literals;

TEST(Leases, OnlyWhatIsHeardCounts) {
  Leases leases;
  leases.set_heartbeat(10s);
  const Leases::Clock::time_point begin;
  using Word = Leases::Word;
  EXPECT_EQ(leases.judge("never", 0, begin + 1000h), Word::alive) << "it never promised to speak";
  EXPECT_EQ(leases.judge("a", 5, begin), Word::unsure);
  EXPECT_EQ(leases.judge("a", 5, begin + 39s), Word::unsure);
  EXPECT_EQ(leases.judge("a", 6, begin + 39s), Word::alive);
  EXPECT_EQ(leases.judge("a", 6, begin + 78s), Word::alive);
  EXPECT_EQ(leases.judge("b", 1, begin + 78s), Word::unsure);
  EXPECT_EQ(leases.judge("a", 6, begin + 80s), Word::expired);
  EXPECT_EQ(leases.judge("a", 7, begin + 81s), Word::alive) << "it was only slow";
}

class Elsewhere : public testing::Test {
 protected:
  static constexpr const char* worker = "elsewhere/boot/space/1/2";

  StudySpec spec() const {
    StudySpec spec;
    spec.space = Space({{"x", Float{-1, 1}}});
    spec.search = {"random", 11, {}};
    return spec;
  }
  // A program on another machine has begun trial 0.
  void begin_elsewhere(bool speaks) {
    Study study(spec(), storage_);
    std::vector<Event> events;
    if (speaks) events.emplace_back(Alive{worker, unix_time()});
    events.emplace_back(Asked{0, {Point{{"x", 0.5}}, "random", {}}, worker, {}, unix_time()});
    append(events);
  }
  void append(const std::vector<Event>& events) {
    ASSERT_TRUE(storage_->append(storage_->find("study")->id, events).has_value());
  }
  History run(const Objective& objective, int trials) {
    Study study(spec(), storage_);
    study.optimize(objective, {.trials = trials, .jobs = 2, .heartbeat_s = 0.05});
    return study.history();
  }
  static double value(ActiveTrial& trial) { return std::get<double>(trial.point().at("x")); }

  TempFolder folder_;
  std::shared_ptr<Storage> storage_ = open_storage("sqlite:" + folder_.file("study.db"));
};

TEST_F(Elsewhere, WhoFallsSilentHasItsTrialsRunAgain) {
  begin_elsewhere(true);
  const History history = run(value, 3);
  EXPECT_EQ(history.trials()[0].state, TrialState::interrupted);
  EXPECT_EQ(history.count(TrialState::complete), 3U);
  EXPECT_EQ(history.seen(Point{{"x", 0.5}}), 1);
}

TEST_F(Elsewhere, WhoSpeaksKeepsItsTrial) {
  begin_elsewhere(true);
  std::jthread heart([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      append({Alive{worker, unix_time()}});
      std::this_thread::sleep_for(5ms);
    }
  });
  const History history = run(value, 3);
  EXPECT_EQ(history.trials()[0].state, TrialState::running);
  EXPECT_EQ(history.count(TrialState::complete), 2U);
}

TEST_F(Elsewhere, WhoNeverSpokeIsLeftAlone) {
  begin_elsewhere(false);
  EXPECT_EQ(run(value, 3).trials()[0].state, TrialState::running);
}

TEST_F(Elsewhere, AProgramThatRunsTrialsSaysThatItIsThere) {
  const History history = run(value, 1);
  EXPECT_GE(history.beats(history.trials()[0].worker), 1);
}

TEST_F(Elsewhere, TheLateResultOfOneTakenForDeadIsRefused) {
  int refused = 0;
  const History history = run(
      [&](ActiveTrial& trial) {
        if (trial.number() == 0) {  // another program takes it over
          append({Ended{0, TrialState::interrupted, {}, {}, "", {}, unix_time()},
                  Queued{trial.point(), "random", unix_time(), {}}});
          if (trial.report(1, 0.5) == Flow::stop && trial.should_prune()) ++refused;
          return 1000.0;
        }
        return value(trial);
      },
      3);
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(history.trials()[0].state, TrialState::interrupted);
  EXPECT_EQ(history.count(TrialState::complete), 3U);
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::complete) {
      EXPECT_LE(trial.values.front(), 1);
    }
  }
}

TEST_F(Elsewhere, TheLateEndOfOneTakenForDeadIsRefused) {
  const History history = run(
      [&](ActiveTrial& trial) {
        if (trial.number() == 0)
          append({Ended{0, TrialState::failed, {}, {}, "", {}, unix_time()}});
        return value(trial);
      },
      2);
  EXPECT_EQ(history.trials()[0].state, TrialState::failed);
  EXPECT_EQ(history.trials()[1].state, TrialState::complete);
}

TEST(Steering, ReachesTheTrialOnceAndOnlyWhatItCanBe) {
  StudySpec spec;
  spec.space = Space({{"lr", Float{1e-4, 1, Scale::log}},
                      {"decay", Float{0.9, 0.99, Scale::reverse_log}},
                      {"n", Int{1, 9}},
                      {"kind", Choice{{std::string("a"), std::string("b")}, false}}});
  spec.search = {"random", 1, {}};
  Study study(spec);
  const auto refuses = [&](const Point& change) {
    try {
      study.steer(0, {Steering::Kind::change, change});
      return false;
    } catch (const Error& error) {
      return error.fault() == Fault::input;
    }
  };
  study.optimize(
      [&](ActiveTrial& trial) {
        EXPECT_TRUE(trial.steering().empty());
        study.steer(0, {Steering::Kind::pause, {}});
        study.steer(0, {Steering::Kind::change, Point{{"lr", 5.0}, {"n", 3.0}}});
        const std::vector<Steering> wishes = trial.steering();
        EXPECT_EQ(wishes.size(), 2U);
        EXPECT_EQ(wishes[0].kind, Steering::Kind::pause);
        EXPECT_EQ(wishes[1].change.at("n"), Value(std::int64_t{3}));
        EXPECT_TRUE(trial.steering().empty());
        EXPECT_TRUE(refuses(Point{{"momentum", 0.5}}));
        EXPECT_TRUE(refuses(Point{{"n", 1.5}}));
        EXPECT_TRUE(refuses(Point{{"lr", std::string("high")}}));
        EXPECT_TRUE(refuses(Point{{"lr", -5.0}})) << "off its scale";
        EXPECT_TRUE(refuses(Point{{"decay", 1.0}}));
        EXPECT_FALSE(refuses(Point{{"decay", 0.999}})) << "outside its range alone";
        EXPECT_TRUE(refuses(Point{{"kind", std::string("c")}}));
        EXPECT_FALSE(refuses(Point{{"kind", std::string("b")}}));
        return 0.0;
      },
      {.trials = 1});
  EXPECT_THROW(study.steer(0, {Steering::Kind::pause, {}}), Error) << "it has ended";
}

// Of a trial that was changed the search learns what it had reported before, no pruner stops it,
// and its value still is the study's best.
TEST(Steering, IsNotTakenForTheWorthOfTheConfiguration) {
  for (const bool deterministic : {false, true}) {
    StudySpec spec;
    spec.space = Space({{"x", Float{0, 1}}});
    spec.search = {"tpe", 1, {}};
    spec.pruner = Node::parse_yaml("{pruner: threshold, upper: 0.5}", "pruner");
    const auto run = [&](bool touched) {
      Study study(spec);
      study.optimize(
          [&](ActiveTrial& trial) {
            EXPECT_EQ(trial.report(1, 0.4), Flow::go);
            if (trial.number() == 3 && touched) {
              trial.touched({{"x", 0.5}}, "x changed");
              EXPECT_EQ(trial.report(2, 0.9), Flow::go) << "the pruner leaves it to the person";
              return -1.0;
            }
            if (trial.number() == 3) study.stop_trial(3);
            trial.look();
            return std::get<double>(trial.point().at("x"));
          },
          {.trials = 30, .deterministic = deterministic});
      return study.history();
    };
    const History touched = run(true), stopped = run(false);
    EXPECT_EQ(touched.trials()[3].state, TrialState::complete);
    EXPECT_EQ(touched.best()->number, 3);
    EXPECT_EQ(touched.trials()[3].steering.at(0).reports, 1U);
    EXPECT_EQ(stopped.trials()[3].state, TrialState::pruned);
    for (std::size_t i = 0; i < 30; ++i) {
      EXPECT_EQ(touched.trials()[i].point, stopped.trials()[i].point) << i;
    }
  }
}

TEST(Steering, OutlivesTheProgram) {
  const TempFolder folder;
  const auto storage = [&] { return open_storage("sqlite:" + folder.file("s.db")); };
  StudySpec spec;
  spec.space = Space({{"x", Float{0, 1}}});
  spec.search = {"random", 1, {}};
  {
    Study study(spec, storage());
    study.optimize(
        [](ActiveTrial& trial) {
          trial.report(1, 2);
          trial.touched({{"x", 0.5}}, "x 0.1 → 0.5 after epoch 1");
          return 1.0;
        },
        {.trials = 1});
  }
  const Trial trial = Study::open("study", storage()).trial(0);
  ASSERT_EQ(trial.steering.size(), 1U);
  EXPECT_EQ(trial.steering[0].text, "x 0.1 → 0.5 after epoch 1");
  EXPECT_EQ(trial.steering[0].change.at("x"), Value(0.5));
  EXPECT_GT(trial.steering[0].time, 1e9);
}

}  // namespace
}  // namespace caviar
