// What ask() gives to a program that runs its trials itself: values that it fixes, limits.
#include <cmath>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/study/study.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

Study study_of(Space space, const std::string& sampler = "random") {
  StudySpec spec;
  spec.space = std::move(space);
  spec.search = {sampler, 7, {}};
  return Study(std::move(spec));
}

Space two_numbers() { return Space({{"x", Float{-1, 1}}, {"units", Int{1, 64}}}); }

TEST(Asking, AFixedValueComesBeforeTheQueue) {
  Study study = study_of(two_numbers());
  study.enqueue(Point{{"x", 0.5}});
  const Trial fixed = *study.ask(Point{{"units", std::int64_t{9}}});
  EXPECT_EQ(fixed.point.at("units"), Value(std::int64_t{9}));
  EXPECT_NE(fixed.point.at("x"), Value(0.5));
  EXPECT_EQ(fixed.by, "enqueued");
  EXPECT_EQ(study.ask()->point.at("x"), Value(0.5));
}

TEST(Asking, RefusesWhatNoConfigurationHas) {
  Study study = study_of(
      Space({{"kind", Choice{{std::string("a"), std::string("b")}}},
             {"depth", Int{1, 3}, {{.parameter = "kind", .values = {std::string("b")}}}}}));
  try {
    study.ask(Point{{"kind", std::string("a")}, {"depth", std::int64_t{2}}});
    ADD_FAILURE() << "it was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    EXPECT_THAT(error.what(), HasSubstr("ask: "));
  }
  EXPECT_TRUE(study.history().trials().empty());
  // What hangs on another value has that chosen with it.
  EXPECT_EQ(study.ask(Point{{"depth", std::int64_t{2}}})->point.at("kind"),
            Value(std::string("b")));
}

TEST(Asking, KeepsToLimits) {
  Study study = study_of(two_numbers());
  study.keep_to({.trials = 3, .target = 0.5});
  EXPECT_EQ(study.finished(), std::nullopt);
  for (int trial = 0; trial < 3; ++trial) EXPECT_TRUE(study.ask());
  EXPECT_FALSE(study.ask());
  EXPECT_EQ(study.finished(), Ending::trials);
  study.interrupt(0);  // it is to run again
  EXPECT_EQ(study.finished(), std::nullopt);
  EXPECT_TRUE(study.ask());
  study.keep_to({.target = 0.5});
  study.tell(1, 0.75);
  EXPECT_EQ(study.finished(), std::nullopt);
  study.tell(2, 0.25);
  EXPECT_EQ(study.finished(), Ending::target);
  EXPECT_FALSE(study.ask());
  study.keep_to({});
  EXPECT_TRUE(study.ask());
}

TEST(Asking, KeepsToLimitsAroundARunOfItsOwn) {
  Study study = study_of(two_numbers());
  study.keep_to({.patience = 1});
  const auto result = study.optimize([](ActiveTrial&) { return 1.0; }, {.trials = 4});
  EXPECT_EQ(result.ending, Ending::trials);  // optimize has limits of its own
  EXPECT_EQ(study.finished(), Ending::patience);
  EXPECT_FALSE(study.ask());
}

TEST(Asking, SaysThatAFiniteSpaceIsUsedUp) {
  Study study = study_of(Space({{"k", Int{1, 2}}}));
  EXPECT_TRUE(study.ask() && study.ask());
  EXPECT_EQ(study.finished(), std::nullopt);
  EXPECT_FALSE(study.ask());
  EXPECT_EQ(study.finished(), Ending::exhausted);
}

// A range of a few doubles is run through like any finite space.
TEST(Asking, RunsThroughANarrowRange) {
  const double high = std::nextafter(std::nextafter(1.0, 2.0), 2.0);
  for (const std::string sampler :
       {"random", "sobol", "gp", "tpe", "de", "cmaes", "zoom", "grid"}) {
    Study study = study_of(Space({{"x", Float{1, high}}}), sampler);
    std::set<double> seen;
    while (const auto trial = study.ask()) {
      EXPECT_TRUE(seen.insert(std::get<double>(trial->point.at("x"))).second) << sampler;
      study.tell(trial->number, 1);
    }
    EXPECT_EQ(seen.size(), 3U) << sampler;
  }
}

// Where configurations ran again, the best is that of the best mean, not of the luckiest run.
TEST(Asking, TheBestIsTheOneRecommended) {
  Study study = study_of(two_numbers());
  const Point lucky{{"x", 0.25}, {"units", std::int64_t{1}}};
  const Point steady{{"x", -0.25}, {"units", std::int64_t{2}}};
  for (const auto& [point, value] : {std::pair(lucky, 0.0),
                                     {steady, 0.5},
                                     {lucky, 3.0},
                                     {steady, 0.6},
                                     {lucky, 3.1},
                                     {steady, 0.4},
                                     {Point{{"x", 0.5}, {"units", std::int64_t{3}}}, 9.0}}) {
    study.tell(study.ask(point)->number, value);
  }
  EXPECT_EQ(study.best()->number, 1);
}

}  // namespace
}  // namespace caviar
