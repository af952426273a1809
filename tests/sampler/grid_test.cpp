// The grid: which combinations, how many, in what order, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

SearchSpec grid(const std::string& options = "") {
  return {"grid", 0, options.empty() ? Node() : yaml(options)};
}

std::vector<std::string> combinations(const SearchSpec& spec, const Space& space) {
  const History history =
      run(make_sampler(spec, space), space, 1000, [](const Point&) { return 0.0; });
  std::vector<std::string> texts;
  for (const Trial& trial : history.trials()) texts.push_back(to_text(trial.point));
  return texts;
}

TEST(Grid, RunsEveryCombinationTheLastParameterFastest) {
  const Space space =
      space_of("{a: {type: int, low: 1, high: 2}, b: {type: categorical, choices: [x, y]}}");
  EXPECT_EQ(combinations(grid(), space),
            (std::vector<std::string>{"a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y"}));
}

TEST(Grid, TakesLogSpacedPointsOnLogScales) {
  const Space space = space_of("{rate: {type: float, low: 1e-4, high: 1, scale: log}}");
  const History history =
      run(make_sampler(grid("{points: 5}"), space), space, 9, [](const Point&) { return 0.0; });
  ASSERT_EQ(history.trials().size(), 5U);
  for (int i = 0; i < 5; ++i) {
    EXPECT_NEAR(
        number(history.trials()[static_cast<std::size_t>(i)].point, "rate") * std::pow(10, 4 - i),
        1, 1e-9);
  }
}

TEST(Grid, RespectsConditionsAndConstraints) {
  const Space space = space_of(R"({
    late: {type: int, low: 1, high: 2, when: {kind: b}},
    kind: {type: categorical, choices: [a, b]},
    size: {type: int, low: 1, high: 3}
  })",
                               "['late < size']");
  EXPECT_EQ(planned_trials(grid(), space), 6U);
  EXPECT_THAT(combinations(grid(), space),
              testing::UnorderedElementsAre("kind=a size=1", "kind=a size=2", "kind=a size=3",
                                            "late=1 kind=b size=2", "late=1 kind=b size=3",
                                            "late=2 kind=b size=3"));
}

TEST(Grid, PointsMayBeGivenByName) {
  const Space space = space_of(
      "{x: {type: float, low: 0, high: 1}, n: {type: int, low: 1, high: 9}, k: {type: int, low: 1, "
      "high: 4}}");
  EXPECT_EQ(planned_trials(grid("{points: {x: 3, n: 2}}"), space), 24U);
  EXPECT_EQ(planned_trials(grid("{points: 3}"), space), 27U);
}

TEST(Grid, GoesOnWhereTheHistoryEnds) {
  const Space space = space_of("{a: {type: int, low: 1, high: 5}}");
  History history(space, {});
  ask(history, {Point{{"a", std::int64_t{1}}}, "grid", {}});
  ask(history, {Point{{"a", std::int64_t{2}}}, "enqueued", {}});
  Rng rng(0);
  EXPECT_EQ(to_text(make_sampler(grid(), space)(history, rng)->point), "a=3");
}

TEST(Grid, RefusesWhatHasNoEnd) {
  const Space space = space_of("{rate: {type: float, low: 0.1, high: 1}}");
  EXPECT_THAT([&] { make_sampler(grid(), space); },
              ThrowsMessage<Error>(testing::AllOf(HasSubstr("rate"), HasSubstr("infinite"),
                                                  HasSubstr("points: 5"))));
}

TEST(Grid, RefusesAbsurdSizesAndSaysHowLarge) {
  const Space tens =
      space_of("{a: {type: int, low: 1, high: 1000}, b: {type: int, low: 1, high: 2000}}");
  EXPECT_THAT([&] { make_sampler(grid(), tens); }, ThrowsMessage<Error>(HasSubstr("2000000")));
  const Space vast = space_of("{a: {type: int, low: 0, high: 1000000000000}}");
  EXPECT_THAT([&] { make_sampler(grid(), vast); },
              ThrowsMessage<Error>(HasSubstr("1000000000001")));
  // Conditions can make a grid far smaller than the product of its parts.
  std::string text = "{top: {type: int, low: 1, high: 12}";
  for (int i = 1; i <= 12; ++i) {
    text += ", p" + std::to_string(i) +
            ": {type: int, low: 1, high: 10, when: {top: " + std::to_string(i) + "}}";
  }
  EXPECT_EQ(planned_trials(grid(), space_of(text + "}")), 120U);
}

TEST(Grid, RefusesBadPoints) {
  const Space space = space_of("{rate: {type: float, low: 0.1, high: 1}}");
  EXPECT_THAT([&] { make_sampler(grid("{points: 0}"), space); },
              ThrowsMessage<Error>(HasSubstr("1 to")));
  EXPECT_THAT([&] { make_sampler(grid("{points: {rat: 3}}"), space); },
              ThrowsMessage<Error>(HasSubstr("rate")));
}

}  // namespace
}  // namespace caviar::test
