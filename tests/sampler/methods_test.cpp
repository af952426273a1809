// What is particular to one method each: the manual list, Sobol's evenness, the boxes of zoom, the
// fallbacks of gp, and how the catalog answers mistakes.
#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/sampler/method_text.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

Space square() {
  return space_of("{x: {type: float, low: 0, high: 1}, y: {type: float, low: 0, high: 1}}");
}
double bowl(const Point& p) {
  return std::pow(number(p, "x") - 0.7, 2) + std::pow(number(p, "y") - 0.2, 2);
}

TEST(Catalog, ReadsAMethodWithItsOptions) {
  EXPECT_EQ(parse_method("gp").sampler, "gp");
  EXPECT_TRUE(parse_method("gp").options.is_null());
  const SearchSpec spec = parse_method("gp:acquisition=thompson:startup=7");
  EXPECT_EQ(spec.sampler, "gp");
  EXPECT_EQ(spec.options.find("acquisition")->text(), "thompson");
  EXPECT_EQ(spec.options.find("startup")->integer(), 7);
  make_sampler(spec, square());
  for (const char* wrong : {"gp:", "gp:startup", "gp:=5", "gp:startup=", "gp:startup=5:"}) {
    EXPECT_THAT([&] { parse_method(wrong); },
                ThrowsMessage<Error>(HasSubstr("expected METHOD:OPTION=VALUE")))
        << wrong;
  }
  EXPECT_THAT([] { make_sampler(parse_method("gp:acquisition=luck"), square()); },
              ThrowsMessage<Error>(AllOf(HasSubstr("acquisition"), HasSubstr("thompson"))));
}

TEST(Catalog, KnowsItsMethodsAndTheirOptions) {
  const std::vector<std::string> names = sampler_names();
  EXPECT_THAT(names, testing::IsSupersetOf({"manual", "grid", "random", "sobol", "zoom", "gp",
                                            "tpe", "cmaes", "auto"}));
  for (const SamplerInfo& info : list_samplers()) {
    EXPECT_FALSE(info.summary.empty());
    if (info.name != "zoom") continue;
    ASSERT_FALSE(info.options.empty());
    EXPECT_EQ(info.options[0].name, "per_round");
    EXPECT_EQ(info.options[0].default_value, "10");
  }
}

TEST(Catalog, SuggestsTheNearestName) {
  EXPECT_THAT([] { make_sampler({"sobel", 0, {}}, square()); },
              ThrowsMessage<Error>(AllOf(HasSubstr("sobel"), HasSubstr("sobol"))));
}

TEST(Catalog, RefusesBadOptionsWithTheirPlace) {
  EXPECT_THAT([] { make_sampler({"zoom", 0, yaml("{shrink: 3}")}, square()); },
              ThrowsMessage<Error>(AllOf(HasSubstr("shrink"), HasSubstr("3"))));
  EXPECT_THAT([] { make_sampler({"zoom", 0, yaml("{per_rond: 3}")}, square()); },
              ThrowsMessage<Error>(HasSubstr("per_round")));
  EXPECT_THROW(make_sampler({"gp", 0, yaml("{startup: many}")}, square()), Error);
}

TEST(Manual, RunsItsListInOrderOnceEach) {
  const SearchSpec spec{
      "manual", 0, yaml("{configurations: [{x: 0.5, y: 1}, {x: 0.1, y: 0}, {x: 0.5, y: 1.0}]}")};
  EXPECT_EQ(planned_trials(spec, square()), 2U);
  const History history = run(make_sampler(spec, square()), square(), 9, bowl);
  ASSERT_EQ(history.trials().size(), 2U);
  EXPECT_EQ(to_text(history.trials()[0].point), to_text(Point{{"x", 0.5}, {"y", 1.0}}));
  EXPECT_EQ(number(history.trials()[1].point, "x"), 0.1);
}

TEST(Manual, RefusesWhatIsNotInTheSpace) {
  const auto make = [](const std::string& options) {
    make_sampler({"manual", 0, options.empty() ? Node() : yaml(options)}, square());
  };
  EXPECT_THAT([&] { make(""); }, ThrowsMessage<Error>(HasSubstr("configurations")));
  EXPECT_THAT([&] { make("{configurations: [{x: 0.5, y: 1}, {x: 7, y: 0}]}"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("configurations[1]"), HasSubstr("7"))));
}

TEST(Sobol, LeavesNoQuarterEmpty) {
  const History history = run(make_sampler({"sobol", 3, {}}, square()), square(), 64, bowl);
  std::set<std::pair<int, int>> cells;
  for (const Trial& trial : history.trials()) {
    cells.emplace(static_cast<int>(trial.unit[0] * 8), static_cast<int>(trial.unit[1] * 8));
  }
  EXPECT_EQ(cells.size(), 64U);
}

TEST(Sobol, GoesOnWithItsSequenceAfterOtherTrials) {
  const Sampler next = make_sampler({"sobol", 3, {}}, square());
  const History plain = run(next, square(), 3, bowl);
  History mixed(square(), {});
  for (int n = 0; n < 6; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    if (n % 2 == 0) {
      ask(mixed, *next(mixed, rng));
    } else {
      ask(mixed, {*draw(square(), rng), "enqueued", {}});
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(plain.trials()[k].point, mixed.trials()[2 * k].point);
  }
}

TEST(Zoom, ShrinksABoxAroundTheBestTrialAndShowsIt) {
  const SearchSpec spec{"zoom", 5, yaml("{per_round: 8, shrink: 0.25}")};
  const History history = run(make_sampler(spec, square()), square(), 32, bowl);
  for (const Trial& trial : history.trials()) {
    EXPECT_EQ(trial.note.at("round"), trial.number / 8);
    const double low = trial.note.at("box.x.low"), high = trial.note.at("box.x.high");
    EXPECT_NEAR(high - low, std::pow(0.25, trial.note.at("level")), 1e-12);
    EXPECT_GE(trial.unit[0], low - 1e-9);
    EXPECT_LE(trial.unit[0], high + 1e-9);
  }
  EXPECT_LT(history.loss(*history.best()), 3e-3);
}

TEST(Zoom, MovesItsBoxWhereTheBestLiesAtTheEdge) {
  // A slope: every round finds its best at the low edge of its box, until that is the range's.
  const auto slope = [](const Point& p) { return number(p, "x") + number(p, "y"); };
  const SearchSpec spec{"zoom", 5, yaml("{per_round: 6, shrink: 0.3}")};
  const History history = run(make_sampler(spec, square()), square(), 60, slope);
  bool moved = false;
  for (const Trial& trial : history.trials()) moved = moved || trial.note.at("edges") > 0;
  EXPECT_TRUE(moved);
  EXPECT_LT(history.best()->unit[0] + history.best()->unit[1], 0.13);
}

TEST(Zoom, BeginsAnewWhereItFindsNothingBetter) {
  // Two valleys of which the wide one is the worse.
  const auto valleys = [](const Point& p) {
    const double x = number(p, "x"), y = number(p, "y");
    const double wide = std::hypot(x - 0.3, y - 0.3), narrow = std::hypot(x - 0.8, y - 0.8);
    return std::min(0.5 + wide, 4 * narrow);
  };
  const SearchSpec spec{"zoom", 5, yaml("{per_round: 8, smallest: 0.01}")};
  const History history = run(make_sampler(spec, square()), square(), 400, valleys);
  EXPECT_GT(history.trials().back().note.at("descent"), 1);
  int whole = 0;  // trials drawn from all over the space
  for (const Trial& trial : history.trials()) whole += trial.note.at("level") == 0 ? 1 : 0;
  EXPECT_GE(whole, 24);
  EXPECT_LT(history.loss(*history.best()), 0.5);
}

TEST(Zoom, FavoursTheBestChoiceButTriesTheOthers) {
  const Space space = space_of(
      "{c: {type: categorical, choices: [a, b, c, d]}, x: {type: float, low: 0, high: 1}}");
  const auto loss = [](const Point& p) {
    return (std::get<std::string>(p.at("c")) == "c" ? 0 : 1) + number(p, "x");
  };
  const SearchSpec spec{"zoom", 5, yaml("{per_round: 40, shrink: 0.4}")};
  const History history = run(make_sampler(spec, space), space, 80, loss);
  int favoured = 0;
  for (const Trial& trial : history.trials().subspan(40)) {
    favoured += std::get<std::string>(trial.point.at("c")) == "c" ? 1 : 0;
  }
  EXPECT_GE(favoured, 22);  // 0.6 + 0.4 / 4 of 40 are 28
  EXPECT_LE(favoured, 36);
}

TEST(Zoom, WaitsForAFirstResultBeforeItZooms) {
  const SearchSpec spec{"zoom", 5, yaml("{per_round: 4}")};
  const History history =
      run(make_sampler(spec, square()), square(), 12, [](const Point&) { return std::nan(""); });
  EXPECT_EQ(history.trials().back().note.at("box.x.high"), 1);
}

TEST(Gp, StartsWithEvenlySpreadPoints) {
  const History history =
      run(make_sampler({"gp", 3, yaml("{startup: 16}")}, square()), square(), 16, bowl);
  std::set<std::pair<int, int>> cells;
  for (const Trial& trial : history.trials()) {
    EXPECT_EQ(trial.note.count("startup"), 1U);
    cells.emplace(static_cast<int>(trial.unit[0] * 4), static_cast<int>(trial.unit[1] * 4));
  }
  // The first stands in the middle, and the Sobol point whose place it takes leaves a cell empty.
  EXPECT_GE(cells.size(), 15U);
  EXPECT_NEAR(history.trials()[0].unit[0], 0.5, 1e-9);
}

TEST(Gp, FindsTheFloorOfABowl) {
  const History history = run(make_sampler({"gp", 3, {}}, square()), square(), 25, bowl);
  EXPECT_LT(history.loss(*history.best()), 3e-4);  // chance: 1e-2
  EXPECT_EQ(history.trials().back().note.count("fallback"), 0U);
}

TEST(Gp, KeepsAwayFromWhereTrialsFail) {
  const auto half = [](const Point& p) {
    return number(p, "x") > 0.5 ? std::nan("") : 1 - number(p, "x");
  };
  const History history = run(make_sampler({"gp", 4, {}}, square()), square(), 40, half);
  int failed = 0;
  for (const Trial& trial : history.trials().subspan(20)) {
    failed += trial.state == TrialState::failed ? 1 : 0;
  }
  EXPECT_LE(failed, 12);  // a model that ignored them would go to x = 1 every time
  EXPECT_GT(number(history.best()->point, "x"), 0.4);
}

TEST(Tpe, FindsTheFloorOfABowl) {
  const History history = run(make_sampler({"tpe", 3, {}}, square()), square(), 60, bowl);
  EXPECT_LT(history.loss(*history.best()), 2e-3);
  EXPECT_EQ(history.trials()[9].note.count("startup"), 1U);
  EXPECT_TRUE(history.trials()[10].note.empty());
}

TEST(Tpe, LearnsWhichChoiceGoesWithWhichValue) {
  const Space space = space_of(R"({
    kind: {type: categorical, choices: [a, b, c, d]},
    x: {type: float, low: 0, high: 1, when: {kind: [a, b]}},
    depth: {type: int, low: 1, high: 8, when: {kind: [c, d]}}
  })");
  const auto loss = [](const Point& p) {
    const std::string kind = std::get<std::string>(p.at("kind"));
    if (kind == "b") return std::abs(number(p, "x") - 0.9);
    return 0.5 + (p.find("x") != nullptr ? number(p, "x") : number(p, "depth") / 8);
  };
  const History history =
      run(without_repeats(make_sampler({"tpe", 1, {}}, space)), space, 80, loss);
  int near = 0;
  for (const Trial& trial : history.trials().last(40)) near += loss(trial.point) < 0.2 ? 1 : 0;
  EXPECT_GE(near, 20);  // chance: 3
}

TEST(Tpe, KeepsRunningTrialsApart) {
  const Sampler next = make_sampler({"tpe", 5, {}}, square());
  History history = run(next, square(), 40, bowl);
  std::vector<std::vector<double>> batch;
  for (int n = 40; n < 56; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    ask(history, *next(history, rng));
    batch.push_back(history.trials().back().unit);
  }
  double spread = 0;
  for (const auto& unit : batch) spread += std::hypot(unit[0] - 0.7, unit[1] - 0.2) / 16;
  EXPECT_GT(spread, 0.05);
}

TEST(Cmaes, GoesToTheFloorAlsoWithManyRunningTrials) {
  for (const std::size_t pending : {1, 8}) {
    const History history =
        run(make_sampler({"cmaes", 3, {}}, square()), square(), 400, bowl, 1, pending);
    EXPECT_LT(history.loss(*history.best()), 1e-8) << pending;  // chance: 1e-3
  }
}

TEST(Cmaes, LearnsChoicesAndIntegers) {
  const Space space = space_of(R"({
    c: {type: categorical, choices: [a, b, c, d, e]},
    k: {type: int, low: 0, high: 100},
    x: {type: float, low: -3, high: 5}
  })");
  const auto loss = [](const Point& p) {
    return (std::get<std::string>(p.at("c")) == "d" ? 0 : 1) + std::abs(number(p, "k") - 83) / 20 +
           std::pow(number(p, "x") - 1, 2);
  };
  const History history =
      run(without_repeats(make_sampler({"cmaes", 1, {}}, space)), space, 400, loss);
  EXPECT_LT(history.loss(*history.best()), 1e-3);
}

TEST(Cmaes, StartsAgainElsewhereWhenItHasComeToRest) {
  const History history = run(make_sampler({"cmaes", 1, {}}, square()), square(), 200,
                              [](const Point&) { return 1.0; });
  EXPECT_EQ(history.trials()[0].note.at("run"), 0);
  EXPECT_GE(history.trials().back().note.at("run"), 1);
}

TEST(Auto, SaysWhichMethodMadeAProposalAndByWhichRule) {
  const auto asked_after = [](const Space& space, int trials) {
    History history = run(make_sampler({"random", 1, {}}, space), space, trials,
                          [&](const Point& p) { return number(p, "x"); });
    Rng rng(1);
    return *make_sampler({"auto", 1, {}}, space)(history, rng);
  };
  const Space branching = space_of(
      "{x: {type: float, low: 0, high: 1}, c: {type: categorical, choices: [a, b]}, "
      "z: {type: float, low: 0, high: 1, when: {c: a}}}");
  const Space five = space_of(
      "{x: {type: float, low: 0, high: 1}, a: {type: float, low: 0, high: 1}, b: {type: float, "
      "low: 0, high: 1}, c: {type: float, low: 0, high: 1}, d: {type: float, low: 0, high: 1}}");
  const std::vector<std::tuple<const Space*, int, std::string, int>> cases = {
      {&branching, 11, "gp", 1}, {&branching, 19, "gp", 1},    {&branching, 21, "tpe", 2},
      {&branching, 23, "gp", 1}, {&branching, 1001, "tpe", 3}, {&five, 61, "gp", 1},
      {&five, 1001, "cmaes", 4}};
  for (const auto& [space, trials, by, rule] : cases) {
    const Proposal proposal = asked_after(*space, trials);
    EXPECT_EQ(proposal.by, by) << trials;
    EXPECT_EQ(proposal.note.at("auto"), rule) << trials;
  }
}

TEST(Auto, TakesMoreSecondLooksWhereNothingBetterCame) {
  const Space space =
      space_of("{x: {type: float, low: 0, high: 1}, c: {type: categorical, choices: [a, b]}}");
  for (const double sign : {1.0, -1.0}) {
    double count = 0;  // the first trial is the best one, or the last
    const History history = run(make_sampler({"random", 1, {}}, space), space, 24,
                                [&](const Point&) { return sign * ++count; });
    Rng rng(1);
    const Proposal proposal = *make_sampler({"auto", 1, {}}, space)(history, rng);
    EXPECT_EQ(proposal.by, sign > 0 ? "tpe" : "gp");
    EXPECT_EQ(proposal.note.at("auto"), sign > 0 ? 2 : 1);
  }
}

TEST(Auto, LeavesSeveralObjectivesToMethodsThatTakeThem) {
  const Space five = space_of(
      "{x: {type: float, low: 0, high: 1}, a: {type: float, low: 0, high: 1}, b: {type: float, "
      "low: 0, high: 1}, c: {type: float, low: 0, high: 1}, d: {type: float, low: 0, high: 1}}");
  History history(five, {.directions = {Direction::minimize, Direction::minimize}});
  Rng rng(1);
  for (int n = 0; n < 1001; ++n) {
    const Point point = uniform_point(five, rng);
    ask(history, {point, "random", {}});
    history.apply(
        Ended{n, TrialState::complete, {number(point, "x"), number(point, "a")}, {}, "", {}, 0});
  }
  EXPECT_EQ(make_sampler({"auto", 1, {}}, five)(history, rng)->by, "tpe");
}

TEST(Ledger, FollowsAHistoryAndStartsAnewOnAnother) {
  int calls = 0;
  const auto loss = [&](const Point& p) {
    return ++calls % 4 == 0 ? std::nan("") : number(p, "x");
  };
  const Sampler random = make_sampler({"random", 1, {}}, square());
  const History one = run(random, square(), 30, loss, 1, 4),
                two = run(random, square(), 20, loss, 2);
  Ledger kept, fresh;
  kept.follow(two);
  kept.follow(one);
  fresh.follow(one);
  ASSERT_EQ(kept.rows(), 30U);
  EXPECT_EQ(kept.complete(), 23U);
  EXPECT_TRUE(std::ranges::equal(kept.order(), fresh.order()));
  for (std::size_t k = 1; k < kept.complete(); ++k) {
    EXPECT_LE(kept.loss(kept.order()[k - 1]), kept.loss(kept.order()[k]));
  }
  EXPECT_TRUE(std::isnan(kept.loss(kept.order().back())));
}

TEST(WithoutRepeats, TakesWhatIsLeftWhenTheMethodInsists) {
  const Space space = space_of("{a: {type: int, low: 1, high: 300}}");
  const Sampler stubborn = [](const History&, Rng&) {
    return std::optional<Proposal>({Point{{"a", std::int64_t{5}}}, "stubborn", {}});
  };
  const History history =
      run(without_repeats(stubborn), space, 400, [](const Point&) { return 1.0; });
  EXPECT_EQ(history.trials().size(), 300U);
  EXPECT_EQ(history.distinct(), 300U);
  EXPECT_EQ(history.trials()[0].by, "stubborn");
  EXPECT_EQ(history.trials()[1].by, "random");
}

TEST(Constraints, ThatLeaveNothingAreAnErrorThatSaysSo) {
  const Space space = space_of(
      "{x: {type: float, low: 0, high: 1}, y: {type: float, low: 0, high: 1}}", "['x + y <= -1']");
  Rng rng(1);
  for (const char* name : {"random", "sobol", "gp", "zoom"}) {
    const Sampler next = make_sampler({name, 1, {}}, space);
    EXPECT_THAT([&] { next(History(space, {}), rng); },
                ThrowsMessage<Error>(HasSubstr("constraints")));
  }
}

}  // namespace
}  // namespace caviar::test
