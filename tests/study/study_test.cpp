#include "caviar/study/study.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

StudySpec spec_of(const std::string& sampler = "random", std::uint64_t seed = 7) {
  StudySpec spec;
  spec.space = Space({{"x", Float{-1, 1}}, {"units", Int{1, 64, Scale::log}}});
  spec.search = {sampler, seed, {}};
  return spec;
}

StudySpec finite_spec(const std::string& sampler) {
  StudySpec spec;
  spec.space = Space({{"a", Int{0, 2}}, {"b", Choice{{std::string("p"), std::string("q")}}}});
  spec.search = {sampler, 1, {}};
  return spec;
}

double value_of(const Trial& trial) {
  double sum = 0;
  for (const auto& [name, value] : trial.point.entries()) {
    sum += as_number(value).value_or(static_cast<double>(to_text(value).size()));
  }
  return sum;
}

template <class Act>
std::string refusal(Act act, Fault fault) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

std::vector<std::string> keys(const Study& study) {
  std::vector<std::string> keys;
  study.inspect([&](const History& history) {
    for (const Trial& trial : history.trials()) keys.push_back(trial.point.key());
  });
  return keys;
}

TEST(Study, AskAndTellFindTheBest) {
  Study study(spec_of());
  EXPECT_FALSE(study.best());
  double best = INFINITY;
  for (int n = 0; n < 20; ++n) {
    const Trial trial = *study.ask();
    EXPECT_EQ(trial.number, n);
    EXPECT_EQ(trial.state, TrialState::running);
    best = std::min(best, value_of(trial));
    EXPECT_EQ(study.tell(n, value_of(trial), {{"extra", 2.0 * n}}), TrialState::complete);
  }
  EXPECT_EQ(study.best()->values, std::vector{best});
  EXPECT_EQ(study.trial(3).metrics, (std::map<std::string, double>{{"extra", 6}}));
  EXPECT_EQ(study.history().count(TrialState::complete), 20U);
  EXPECT_GT(study.trial(0).ended_at, 1.6e9);
}

TEST(Study, TrialsMayOverlapAndEndInAnyOrder) {
  Study study(spec_of());
  const Trial a = *study.ask(), b = *study.ask();
  EXPECT_NE(a.point, b.point);
  study.tell(b.number, 1);
  study.tell(a.number, 2);
  EXPECT_EQ(study.best()->number, b.number);
}

TEST(Study, NanAndInfinityFailTheTrial) {
  Study study(spec_of());
  for (const double bad : {double{NAN}, double{INFINITY}, -double{INFINITY}}) {
    const Trial trial = *study.ask();
    EXPECT_EQ(study.tell(trial.number, bad), TrialState::failed);
    EXPECT_EQ(study.trial(trial.number).state, TrialState::failed);
    EXPECT_THAT(study.trial(trial.number).why, HasSubstr(std::isnan(bad) ? "nan" : "inf"));
  }
  EXPECT_FALSE(study.best());
  EXPECT_TRUE(study.ask());
}

TEST(Study, OneValueForEachObjective) {
  StudySpec spec = spec_of();
  spec.goal = {"error", {Direction::minimize, Direction::maximize}};
  Study study(spec);
  study.ask();
  EXPECT_THAT(refusal([&] { study.tell(0, 1.0); }, Fault::input), HasSubstr("2 wanted"));
  EXPECT_EQ(study.tell(0, {1.0, 2.0}), TrialState::complete);
  EXPECT_EQ(study.trial(0).values, (std::vector{1.0, 2.0}));
}

// The first is returned, the others are metrics of their names.
TEST(Study, AnObjectiveMeasuresSeveralValues) {
  StudySpec spec = spec_of("nsga2");
  spec.goal = {"error", {Direction::minimize, Direction::maximize}, {"speed"}};
  Study study(spec);
  study.optimize(
      [](ActiveTrial& trial) {
        if (trial.number() == 1) return 1.0;  // and forgets the other
        trial.set_metric("speed", trial.number() == 2 ? std::nan("") : 7);
        return 0.5;
      },
      {.trials = 3});
  EXPECT_EQ(study.trial(0).values, (std::vector{0.5, 7.0}));
  EXPECT_EQ(study.trial(1).state, TrialState::failed);
  EXPECT_THAT(study.trial(1).why, HasSubstr("'speed'"));
  EXPECT_EQ(study.trial(2).state, TrialState::failed);
  EXPECT_THAT(study.trial(2).why, HasSubstr("speed is nan"));
}

TEST(Study, RefusesWhatCannotServeSeveralObjectives) {
  StudySpec spec = spec_of("cmaes");
  spec.goal = {"error", {Direction::minimize, Direction::minimize}, {"speed"}};
  EXPECT_THAT(refusal([&] { Study{spec}; }, Fault::input), HasSubstr("nsga2"));
  spec.search.sampler = "random";
  spec.search.budget = Node::parse_json(R"({"low": 1, "high": 9})", "test");
  EXPECT_THAT(refusal([&] { Study{spec}; }, Fault::input), HasSubstr("search.budget"));
  spec.search.budget = {};
  spec.goal.others = {"error"};
  EXPECT_THAT(refusal([&] { Study{spec}; }, Fault::input), HasSubstr("twice"));
}

TEST(Study, RefusesUnknownAndEndedTrials) {
  Study study(spec_of());
  EXPECT_THAT(refusal([&] { study.tell(0, 1); }, Fault::missing), HasSubstr("trial 0"));
  EXPECT_THAT(refusal([&] { study.trial(-1); }, Fault::missing), HasSubstr("trial -1"));
  study.ask();
  study.tell(0, 1);
  for (const auto& again : std::vector<std::function<void()>>{
           [&] { study.tell(0, 2); }, [&] { study.fail(0, "late"); }, [&] { study.prune(0); },
           [&] { study.interrupt(0); }, [&] { study.report(0, 1, 1); },
           [&] { study.stop_trial(0); }}) {
    EXPECT_THAT(refusal(again, Fault::conflict), HasSubstr("complete"));
  }
  EXPECT_EQ(study.trial(0).values, std::vector{1.0});
}

TEST(Study, FailedAndPrunedTrialsAreKept) {
  Study study(spec_of());
  study.ask();
  study.ask();
  study.fail(0, "out of memory");
  study.report(1, 1, 0.5);
  study.prune(1);
  EXPECT_EQ(study.trial(0).why, "out of memory");
  EXPECT_EQ(study.trial(0).state, TrialState::failed);
  EXPECT_EQ(study.trial(1).state, TrialState::pruned);
  EXPECT_EQ(study.trial(1).reports.size(), 1U);
}

TEST(Study, TheQueueComesFirst) {
  Study study(spec_of());
  EXPECT_EQ(study.enqueue(Point{{"units", std::int64_t{5}}, {"x", std::int64_t{1}}}), 0);
  EXPECT_EQ(study.enqueue(Point{{"x", 0.5}, {"units", 7.0}}, "a person"), 1);
  const Trial first = *study.ask();
  EXPECT_EQ(first.point, (Point{{"x", 1.0}, {"units", std::int64_t{5}}}));
  EXPECT_EQ(first.by, "enqueued");
  EXPECT_EQ(first.ticket, 0);
  const Trial second = *study.ask();
  EXPECT_EQ(second.by, "a person");
  EXPECT_EQ(study.ask()->by, "random");
}

TEST(Study, AnEnqueuedPointMustFitTheSpace) {
  Study study(spec_of());
  for (const Point& point : {Point{{"x", 2.0}}, Point{{"x", 2.0}, {"units", std::int64_t{3}}},
                             Point{{"x", 0.5}, {"units", std::int64_t{3}}, {"z", 1.0}}}) {
    EXPECT_THAT(refusal([&] { study.enqueue(point); }, Fault::input), HasSubstr("enqueue"));
  }
  EXPECT_TRUE(study.history().queue().empty());
}

TEST(Study, AnEnqueuedPointMustBePossible) {
  StudySpec spec = spec_of();
  spec.space = Space({{"x", Float{0, 1}},
                      {"y", Float{0, 1}},
                      {"z", Float{0, 1}},
                      {"kind", Choice{{std::string("a"), std::string("b")}}},
                      {"b", Float{0, 1}, {{"kind", Comparison::one_of, {std::string("b")}}}}},
                     {parse_constraint("x < y", "test"), parse_constraint("y < 0.5", "test")});
  Study study(spec);
  const auto said = [&](const Point& point) {
    return refusal([&] { study.enqueue(point); }, Fault::input);
  };
  EXPECT_THAT(said({{"b", 0.5}, {"kind", std::string("a")}}),
              HasSubstr("b exists only where kind = b, and kind=a is given"));
  EXPECT_THAT(said({{"x", 0.4}, {"y", 0.3}}), HasSubstr("breaks the constraint x < y"));
  EXPECT_THAT(said({{"x", 0.7}}), HasSubstr("no configuration was found"));
  EXPECT_TRUE(study.history().queue().empty());
  EXPECT_EQ(study.enqueue({{"x", 0.4}, {"b", 0.5}}), 0);
}

TEST(Study, WhatAPersonLeavesOpenIsProposed) {
  StudySpec spec = spec_of("gp");
  spec.space = Space({{"x", Float{-1, 1}},
                      {"kind", Choice{{std::string("a"), std::string("b")}}},
                      {"depth", Int{1, 8}, {{"kind", Comparison::one_of, {std::string("b")}}}}},
                     {parse_constraint("x <= 0.1 * depth", "test")});
  Study study(spec);
  study.enqueue(Point{{"depth", std::int64_t{2}}});
  study.enqueue(Point{{"kind", std::string("a")}});
  study.enqueue(Point{});
  const Trial first = *study.ask();
  EXPECT_EQ(first.point.at("depth"), Value(std::int64_t{2}));
  EXPECT_EQ(first.point.at("kind"), Value(std::string("b")));  // or there were no depth
  EXPECT_NO_THROW(checked(spec.space, first.point, "trial"));
  EXPECT_EQ(first.by, "enqueued");
  EXPECT_TRUE(first.note.contains("completed"));
  const Trial second = *study.ask();
  EXPECT_EQ(second.point.find("depth"), nullptr);
  EXPECT_NE(second.point.find("x"), nullptr);
  EXPECT_NO_THROW(checked(spec.space, study.ask()->point, "trial"));
  EXPECT_FALSE(study.ask()->ticket.has_value());
}

TEST(Study, ThreadsThatEndTrialsTogetherEndEachOnce) {
  constexpr int threads = 8, each = 40;
  Study study(spec_of());
  for (int n = 0; n < threads * each; ++n) study.ask();
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> workers;
    for (int w = 0; w < 2 * threads; ++w) {  // every trial is told by two of them
      workers.emplace_back([&, w] {
        for (int k = 0; k < each; ++k) {
          try {
            study.tell(w % threads * each + k, w);
          } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::conflict);
            ++refused;
          }
        }
      });
    }
  }
  EXPECT_EQ(refused, threads * each);
  EXPECT_EQ(study.history().count(TrialState::complete), std::size_t{threads * each});
}

TEST(Study, LearnsFromAnotherOneOnce) {
  Study old(spec_of());
  for (int n = 0; n < 20; ++n) {
    const Trial trial = *old.ask();
    old.tell(trial.number, 1e6 * std::abs(std::get<double>(trial.point.at("x")) - 0.5));
  }
  StudySpec spec = spec_of("gp");
  spec.space = Space({{"x", Float{0, 4}}, {"units", Int{1, 64, Scale::log}}, {"new", Float{0, 1}}});
  Study study(spec);
  EXPECT_TRUE(study.learn_from(old.history(), "old"));
  EXPECT_FALSE(study.learn_from(old.history(), "old"));
  // Its best configuration runs once it is seen that the two are alike.
  std::optional<Trial> taught;
  for (int n = 0; n < 20; ++n) {
    const Trial trial = *study.ask();
    study.tell(trial.number, std::abs(std::get<double>(trial.point.at("x")) - 0.5));
    if (trial.by != "lessons") continue;
    EXPECT_FALSE(taught);
    taught = trial;
  }
  ASSERT_TRUE(taught);
  EXPECT_GE(taught->number, 3);
  EXPECT_EQ(taught->point.at("x"), old.best()->point.at("x"));
  EXPECT_NE(taught->point.find("new"), nullptr);
}

TEST(Study, TakesNothingFromOneThatMisleads) {
  Study old(spec_of());
  const auto loss = [](const Trial& trial) {
    return std::abs(std::get<double>(trial.point.at("x")) - 0.5);
  };
  for (int n = 0; n < 20; ++n) {
    const Trial trial = *old.ask();
    old.tell(trial.number, -loss(trial));
  }
  Study study(spec_of("gp"));
  EXPECT_TRUE(study.learn_from(old.history(), "old"));
  for (int n = 0; n < 20; ++n) {
    const Trial trial = *study.ask();
    study.tell(trial.number, loss(trial));
    EXPECT_NE(trial.by, "lessons");
  }
}

TEST(Study, AnInterruptedTrialRunsAgain) {
  Study study(spec_of());
  const Trial broken = *study.ask();
  study.interrupt(broken.number);
  EXPECT_EQ(study.trial(0).state, TrialState::interrupted);
  const Trial again = *study.ask();
  EXPECT_EQ(again.point, broken.point);
  EXPECT_EQ(again.by, broken.by);
  EXPECT_EQ(again.number, 1);
  EXPECT_TRUE(study.history().queue().empty());
}

TEST(Study, AFiniteSpaceIsRunThroughOnce) {
  for (const char* sampler : {"random", "grid"}) {
    Study study(finite_spec(sampler));
    std::set<std::string> seen;
    while (const auto trial = study.ask()) {
      EXPECT_TRUE(seen.insert(trial->point.key()).second) << sampler;
      if (trial->number == 3) {
        study.fail(3, "always");
      } else {
        study.tell(trial->number, 1);
      }
    }
    EXPECT_EQ(seen.size(), 6U) << sampler;
  }
}

TEST(Study, APersonCanStopATrial) {
  Study study(spec_of());
  study.ask();
  EXPECT_EQ(study.report(0, 1, 1), Flow::go);
  study.stop_trial(0);
  EXPECT_EQ(study.report(0, 2, 1), Flow::stop);
}

TEST(Study, ThePrunerStopsABadTrial) {
  StudySpec spec = spec_of();
  spec.pruner =
      Node::parse_json(R"({"pruner": "median", "startup_trials": 2, "protect": 2})", "test");
  Study study(spec);
  for (int n = 0; n < 2; ++n) {
    study.ask();
    study.report(n, 1, 0.5);
    study.tell(n, 0.5);
  }
  study.ask();
  EXPECT_EQ(study.report(2, 1, 0.4), Flow::go);
  study.ask();
  EXPECT_EQ(study.report(3, 1, 0.6), Flow::stop);
  EXPECT_TRUE(study.trial(3).stop_wanted);
}

TEST(Study, SeveralObjectivesArePrunedByTheFront) {
  StudySpec spec = spec_of("random");
  spec.goal = {"error", {Direction::minimize, Direction::minimize}, {"size"}};
  spec.pruner = Node::parse_json("\"leaders\"", "test");
  Study study(spec);
  for (int n = 0; n < 3; ++n) {
    study.ask();
    study.report(n, 1, std::vector{3.0 - n, 1.0 + n});
    study.tell(n, std::vector{3.0 - n, 1.0 + n});
  }
  study.ask();
  EXPECT_EQ(study.report(3, 1, 9), Flow::go) << "of its size nothing is known";
  EXPECT_EQ(study.report(3, 2, std::vector{9.0, 3.5}), Flow::stop);
  EXPECT_EQ(study.trial(3).reports[1].others, std::vector{3.5});
  study.ask();
  EXPECT_EQ(study.report(4, 1, std::vector{9.0, 0.5}), Flow::go) << "smaller than all there is";
  EXPECT_THAT(refusal([&] { study.report(3, 4, std::vector{1.0}); }, Fault::input),
              HasSubstr("1 values given, 2 wanted"));
}

TEST(Study, NotesAreKeptByKey) {
  Study study(spec_of());
  study.note("test", R"({"accuracy": 0.9})");
  study.note("test", R"({"accuracy": 0.95})");
  EXPECT_EQ(study.history().notes().at("test"), R"({"accuracy": 0.95})");
}

TEST(Study, SameSeedSameProposals) {
  for (const char* sampler : {"random", "sobol", "zoom"}) {
    Study a(spec_of(sampler)), b(spec_of(sampler)), c(spec_of(sampler, 8));
    for (int n = 0; n < 8; ++n) {
      for (Study* study : {&a, &b, &c}) study->tell(n, value_of(*study->ask()));
    }
    EXPECT_EQ(keys(a), keys(b)) << sampler;
    EXPECT_NE(keys(a), keys(c)) << sampler;
  }
}

class Stored : public testing::Test {
 protected:
  TempFolder folder_;
  std::string url_ = "sqlite:" + folder_.file("study.db");
};

TEST_F(Stored, AResumedStudyProposesWhatAnUnbrokenOneDoes) {
  for (const char* sampler : {"random", "sobol", "zoom", "gp"}) {
    StudySpec spec = spec_of(sampler);
    spec.name = sampler;
    Study unbroken(spec);
    for (int n = 0; n < 14; ++n) unbroken.tell(n, value_of(*unbroken.ask()));
    for (int n = 0; n < 14;) {
      Study study(spec, open_storage(url_));
      for (int some = 0; some < 5 && n < 14; ++some, ++n) study.tell(n, value_of(*study.ask()));
    }
    EXPECT_EQ(keys(Study::open(sampler, open_storage(url_))), keys(unbroken)) << sampler;
  }
}

// Where trials are interrupted and run again, nothing is left out and nothing comes twice.
TEST_F(Stored, AnInterruptedStudyRunsWhatAnUnbrokenOneDoes) {
  for (const char* sampler : {"random", "sobol", "grid"}) {
    StudySpec spec = spec_of(sampler);
    if (sampler == std::string("grid")) {
      spec.search.options = Node::parse_json(R"({"points": 4})", "test");
    }
    Study unbroken(spec), broken(spec);
    for (int n = 0; n < 12; ++n) unbroken.tell(n, value_of(*unbroken.ask()));
    std::set<std::string> complete;
    while (complete.size() < 12) {
      const Trial a = *broken.ask(), b = *broken.ask(), c = *broken.ask();
      broken.interrupt(b.number);
      for (const Trial& trial : {c, a}) {
        broken.tell(trial.number, value_of(trial));
        EXPECT_TRUE(complete.insert(trial.point.key()).second) << sampler;
      }
    }
    std::vector<std::string> wanted = keys(unbroken);
    wanted.resize(11);  // the twelfth may still be in the queue
    for (const std::string& key : wanted) EXPECT_TRUE(complete.contains(key)) << sampler;
  }
}

TEST_F(Stored, EverythingIsThereAfterReopening) {
  {
    Study study(spec_of(), open_storage(url_));
    study.ask();
    study.report(0, 1, 0.75);
    study.tell(0, 0.5, {{"accuracy", 0.9}});
    study.ask();
    study.fail(1, "größer als erlaubt");
    study.enqueue(Point{{"x", 0.25}, {"units", std::int64_t{3}}});
  }
  const History history = Study::open("study", open_existing_storage(url_)).history();
  ASSERT_EQ(history.trials().size(), 2U);
  EXPECT_EQ(history.trials()[0].values, std::vector{0.5});
  EXPECT_EQ(history.trials()[0].reports.at(0).value, 0.75);
  EXPECT_EQ(history.trials()[0].metrics.at("accuracy"), 0.9);
  EXPECT_EQ(history.trials()[1].why, "größer als erlaubt");
  EXPECT_EQ(history.queue().size(), 1U);
}

TEST_F(Stored, TrialsOfALivingProgramAreLeftAlone) {
  Study one(spec_of(), open_storage(url_));
  one.ask();
  Study two(spec_of(), open_storage(url_));
  EXPECT_EQ(two.trial(0).state, TrialState::running);
  EXPECT_EQ(two.ask()->number, 1);
}

TEST_F(Stored, TwoStudiesSeeEachOther) {
  Study one(spec_of(), open_storage(url_)), two(spec_of(), open_storage(url_));
  EXPECT_EQ(one.ask()->number, 0);
  EXPECT_EQ(two.ask()->number, 1);
  EXPECT_EQ(two.tell(0, 0.5), TrialState::complete) << "asked by the other";
  EXPECT_THAT(refusal([&] { one.tell(0, 0.1); }, Fault::conflict), HasSubstr("complete"));
  EXPECT_EQ(one.best()->values, std::vector{0.5});
  one.stop_trial(1);
  EXPECT_EQ(two.report(1, 1, 0.3), Flow::stop);
  EXPECT_EQ(one.enqueue(Point{{"x", 0.5}, {"units", std::int64_t{3}}}), 0);
  EXPECT_EQ(two.enqueue(Point{{"x", 0.6}, {"units", std::int64_t{3}}}), 1);
  EXPECT_EQ(two.ask()->ticket, 0);
  EXPECT_EQ(one.ask()->ticket, 1);
}

TEST_F(Stored, ManyThreadsOfTwoStudiesAskEveryNumberOnce) {
  Study one(spec_of(), open_storage(url_)), two(spec_of(), open_storage(url_));
  {
    std::vector<std::jthread> pool;
    for (Study* study : {&one, &two, &one, &two}) {
      pool.emplace_back([study] {
        for (int n = 0; n < 15; ++n) {
          const Trial trial = *study->ask();
          study->report(trial.number, 1, 0.5);
          study->tell(trial.number, value_of(trial));
        }
      });
    }
  }
  const History history = one.history();
  EXPECT_EQ(history.trials().size(), 60U);
  EXPECT_EQ(history.count(TrialState::complete), 60U);
  const std::vector<std::string> points = keys(two);
  EXPECT_EQ(std::set(points.begin(), points.end()).size(), 60U);
}

TEST_F(Stored, AnotherSpaceIsTakenOver) {
  const Choice ab{{std::string("a"), std::string("b")}};
  StudySpec spec = spec_of("gp");
  spec.space = Space({{"x", Float{-1, 1}}, {"c", ab}});
  {
    Study study(spec, open_storage(url_));
    study.enqueue(Point{{"x", -0.9}, {"c", std::string("a")}});
    study.enqueue(Point{{"x", 0.2}, {"c", std::string("b")}});
    study.tell(study.ask()->number, -5);  // the best of all, but soon outside
    study.tell(study.ask()->number, 1);
    for (int n = 0; n < 8; ++n) study.tell(study.ask()->number, 2);
    study.enqueue(Point{{"x", 0.5}, {"c", std::string("a")}});
  }
  spec.space = Space({{"x", Float{0, 3}},
                      {"c", Choice{{std::string("b"), std::string("d")}}},
                      {"late", Int{1, 9}, {}, 0, {}, Value(std::int64_t{4})}});
  Study study(spec, open_storage(url_));
  EXPECT_THAT(study.edits(), testing::Contains("x: low was -1, now 0"));
  EXPECT_EQ(study.best()->number, 1);
  study.inspect([&](const History& history) {
    ASSERT_EQ(history.edits().size(), 1U);
    EXPECT_EQ(history.edits()[0].trials, 10U);
    EXPECT_TRUE(history.trials()[0].outside);
    EXPECT_FALSE(history.trials()[1].outside);
    EXPECT_NEAR(history.trials()[1].unit[0], 0.2 / 3, 1e-9);
    EXPECT_NEAR(history.trials()[1].unit[2], 3.5 / 9, 1e-9);  // `before`
  });
  const Trial queued = *study.ask();  // what was in the queue runs, completed
  EXPECT_EQ(queued.point.at("x"), Value(0.5));
  EXPECT_NE(queued.point.find("late"), nullptr);
  const Trial next = *study.ask();
  EXPECT_NO_THROW(checked(spec.space, next.point, "trial"));
  // Opened again as it is, nothing is new; what another program opened sees the edit.
  EXPECT_TRUE(Study(spec, open_storage(url_)).edits().empty());
  EXPECT_EQ(Study::open("study", open_storage(url_)).history().edits().size(), 1U);
}

TEST_F(Stored, AProgramThatRunsSeesTheSpaceEdited) {
  StudySpec spec = spec_of("random");
  Study running(spec, open_storage(url_));
  running.tell(running.ask()->number, 1);
  spec.space = Space({{"x", Float{5, 6}}, {"units", Int{1, 64, Scale::log}}});
  const Study editing(spec, open_storage(url_));
  const Trial next = *running.ask();
  EXPECT_GE(std::get<double>(next.point.at("x")), 5);
  EXPECT_FALSE(running.best().has_value());
}

TEST_F(Stored, AnotherSpaceGoalOrObjectiveIsAConflict) {
  StudySpec stored = spec_of();
  stored.objective = Node::parse_json(R"({"train": {"data": "a.csv", "epochs": 60}})", "test");
  {
    Study study(stored, open_storage(url_));
  }

  StudySpec wanted = stored;
  wanted.space = Space({{"y", Float{-1, 2}}, {"x", Choice{{1.0, 2.0}}}});  // nothing in common
  std::string text = refusal([&] { Study study(wanted, open_storage(url_)); }, Fault::conflict);
  EXPECT_THAT(text, HasSubstr("study 'study'"));
  EXPECT_THAT(text, HasSubstr("x: was float"));

  wanted = stored;
  wanted.goal.directions = {Direction::maximize};
  text = refusal([&] { Study study(wanted, open_storage(url_)); }, Fault::conflict);
  EXPECT_THAT(text, HasSubstr("maximize"));

  wanted = stored;
  wanted.objective = Node::parse_json(R"({"train": {"epochs": 90, "data": "a.csv"}})", "test");
  text = refusal([&] { Study study(wanted, open_storage(url_)); }, Fault::conflict);
  EXPECT_THAT(text, HasSubstr("/train/epochs was 60, now 90"));
  EXPECT_THAT(text, testing::Not(HasSubstr("a.csv")));
}

StudySpec with_command(const Space& space, const std::string& objective) {
  StudySpec spec = spec_of("random");
  spec.space = space;
  spec.objective = Node::parse_json(objective, "test");
  return spec;
}

TEST_F(Stored, TheCommandMayChangeWithTheSpace) {
  const Parameter lr{"lr", Float{0, 1}}, old{"old", Float{0, 1}};
  const Parameter depth{"depth", Int{1, 9}, {}, 0, {}, Value(std::int64_t{3})};
  const StudySpec before = with_command(
      Space({lr, old}), R"({"command": ["train", "--lr", "{lr}", "--old", "{old}", "--fast"],
                            "environment": {"A": "1"}})");
  Study running(before, open_storage(url_));
  running.tell(running.ask()->number, 1);
  const StudySpec after =
      with_command(Space({lr, depth}), R"({"environment": {"A": "1", "D": "{depth}"},
                              "command": ["train", "--lr", "{lr}", "--depth", "{depth}", "--fast"]})");
  Study edited(after, open_storage(url_));
  EXPECT_THAT(edited.edits(),
              testing::Contains("the command: was train --lr {lr} --old {old} --fast, "
                                "now train --lr {lr} --depth {depth} --fast"));
  EXPECT_THAT(edited.edits(),
              testing::Contains("the command's environment: D was not set, now {depth}"));
  EXPECT_NEAR(edited.trial(0).unit[1], 2.5 / 9, 1e-9);  // the default for old trials
  EXPECT_NE(edited.ask()->point.find("depth"), nullptr);
  EXPECT_EQ(Study::open("study", open_storage(url_)).spec().objective.json(),
            after.objective.json());

  // A program with the old command must not go on; one with the new command is not in its way.
  const std::string text = refusal([&] { running.ask(); }, Fault::conflict);
  EXPECT_THAT(text, HasSubstr("start this one again"));
  Study again(after, open_storage(url_));
  EXPECT_TRUE(again.edits().empty());
  EXPECT_TRUE(again.ask().has_value());
}

TEST_F(Stored, TheCommandMayNotChangeOtherwise) {
  const Space one({{"lr", Float{0, 1}}});
  const Space two({{"lr", Float{0, 1}}, {"depth", Int{1, 9}}});
  {
    Study study(with_command(one, R"({"command": ["train", "{lr}", "x"], "value": "last"})"),
                open_storage(url_));
  }
  const char* refused[] = {
      R"({"command": ["other", "{lr}", "x", "{depth}"], "value": "last"})",   // another program
      R"({"command": ["train", "{lr}", "y", "{lr}"], "value": "last"})",      // names nothing new
      R"({"command": ["train", "{lr}", "x", "{depth}"], "value": "best"})"};  // and something else
  for (const char* objective : refused) {
    const std::string text = refusal(
        [&] { Study study(with_command(two, objective), open_storage(url_)); }, Fault::conflict);
    EXPECT_THAT(text, HasSubstr("another objective")) << objective;
    EXPECT_THAT(text, HasSubstr("a parameter that comes or goes")) << objective;
  }
  // Without an edit of the space there is nothing to follow.
  EXPECT_THROW(Study(with_command(one, R"({"command": ["train", "{lr}", "x", "{depth}"],
                                           "value": "last"})"),
                     open_storage(url_)),
               Error);
  EXPECT_TRUE(Study::open("study", open_storage(url_)).history().edits().empty());
}

TEST_F(Stored, AnotherSearchIsTakenOverAndRemembered) {
  {
    Study study(spec_of("random", 7), open_storage(url_));
  }
  {
    Study study(spec_of("sobol", 9), open_storage(url_));
  }
  const Study study = Study::open("study", open_storage(url_));
  EXPECT_EQ(study.spec().search.sampler, "sobol");
  EXPECT_EQ(study.spec().search.seed, 9U);
}

TEST_F(Stored, OpenFindsTheOnlyStudyOrSaysWhichThereAre) {
  EXPECT_THROW(Study::open("", open_storage(url_)), Error);
  StudySpec spec = spec_of();
  spec.name = "digits";
  {
    Study study(spec, open_storage(url_));
  }
  EXPECT_EQ(Study::open("", open_storage(url_)).spec().name, "digits");
  std::string text = refusal([&] { Study::open("digist", open_storage(url_)); }, Fault::missing);
  EXPECT_THAT(text, HasSubstr("digits"));
  spec.name = "wine";
  {
    Study study(spec, open_storage(url_));
  }
  text = refusal([&] { Study::open("", open_storage(url_)); }, Fault::missing);
  EXPECT_THAT(text, HasSubstr("digits, wine"));
}

TEST_F(Stored, ABadSpecStoresNothing) {
  StudySpec spec = spec_of("no such sampler");
  EXPECT_THROW(Study(spec, open_storage(url_)), Error);
  spec = spec_of();
  spec.pruner = Node::parse_json("\"meidan\"", "test");
  EXPECT_THROW(Study(spec, open_storage(url_)), Error);
  spec = spec_of();
  spec.name = "";
  EXPECT_THROW(Study(spec, open_storage(url_)), Error);
  EXPECT_TRUE(open_storage(url_)->list().empty());
}

TEST(StudySpecJson, ComesBackTheSame) {
  StudySpec spec = spec_of("zoom", 0xffff'ffff'ffff'fff1ULL);
  spec.name = "größe";
  spec.goal = {"accuracy", {Direction::maximize, Direction::minimize}, {"latency"}};
  spec.goal.bounds = {{"latency", true, 20.25}, {"memory", false, -1e-300}};
  spec.search.options = Node::parse_json(R"({"per_round": 12})", "test");
  spec.pruner = Node::parse_json("\"median\"", "test");
  spec.objective = Node::parse_json(R"({"train": {"epochs": 3}})", "test");
  const StudySpec back = spec_from_json(spec_to_json(spec));
  EXPECT_EQ(spec_to_json(back), spec_to_json(spec));
  EXPECT_EQ(back.space, spec.space);
  EXPECT_EQ(back.goal, spec.goal);
  EXPECT_EQ(back.search.seed, spec.search.seed);
  EXPECT_EQ(back.name, "größe");
}

// As every study before several objectives was stored.
TEST(StudySpecJson, OneObjectiveIsWrittenAsItAlwaysWas) {
  EXPECT_THAT(spec_to_json(spec_of()),
              HasSubstr(R"("goal":{"metric":"value","directions":["minimize"]})"));
}

TEST(StudySpecJson, RefusesWhatItCannotRead) {
  for (const char* text : {"", "{}", "[1]", R"({"name": 3})"}) {
    EXPECT_EQ(refusal([&] { spec_from_json(text); }, Fault::io).empty(), false) << text;
  }
}

}  // namespace
}  // namespace caviar
