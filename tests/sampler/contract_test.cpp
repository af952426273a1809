// What every search method must do, whatever it is: run over each entry of the catalog.
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

const char* const mixed_text = R"({
  learning_rate: {type: float, low: 1e-5, high: 1, scale: log, tier: 1},
  momentum: {type: float, low: 0.5, high: 0.999, scale: reverse_log},
  units: {type: int, low: 8, high: 512, scale: log, step: 2},
  half: {type: int, low: 1, high: 9},
  optimizer: {type: categorical, choices: [sgd, momentum, adam]},
  beta: {type: float, low: 0.9, high: 0.9999, scale: reverse_log, when: {optimizer: adam}},
  depth: {type: ordinal, choices: [1, 2, 4], when: {optimizer: [sgd, adam]}}
})";

Space mixed_space() { return space_of(mixed_text, "['units >= 20 * half']"); }
Space finite_space() {
  return space_of(R"({
    a: {type: int, low: 1, high: 4},
    b: {type: categorical, choices: [x, y, z]},
    c: {type: float, low: 0, high: 1, step: 0.5, when: {b: z}}
  })",
                  "['a + 2 * c <= 5']");
}

double smooth(const Point& point) {
  double sum = 0;
  for (const double u : encode(mixed_space(), point)) {
    if (!std::isnan(u)) sum += (u - 0.3) * (u - 0.3);
  }
  return sum;
}

// Populations are so small that a few trials are several generations.
SearchSpec small_spec(const std::string& name, const Space& space, std::uint64_t seed) {
  SearchSpec spec = spec_for(name, space, seed);
  if (name == "de" || name == "nsga2") spec.options = yaml("{population: 6}");
  return spec;
}

class Contract : public testing::TestWithParam<std::string> {
 protected:
  Sampler sampler(const Space& space, std::uint64_t seed = 1) const {
    return without_repeats(make_sampler(small_spec(GetParam(), space, seed), space));
  }
  // Runs and checks that every proposal is one that the space allows.
  History valid_run(const Space& space, int trials, const Function& f,
                    std::size_t pending = 1) const {
    const History history = run(sampler(space), space, trials, f, 1, pending);
    EXPECT_FALSE(history.trials().empty());
    for (const Trial& trial : history.trials()) {
      EXPECT_NO_THROW(checked(space, trial.point, "trial")) << to_text(trial.point);
      EXPECT_FALSE(trial.by.empty());
    }
    return history;
  }
};

INSTANTIATE_TEST_SUITE_P(Samplers, Contract, testing::ValuesIn(sampler_names()),
                         [](const auto& instance) { return instance.param; });

TEST_P(Contract, StaysInsideBoundsConditionsAndConstraints) {
  valid_run(mixed_space(), 30, smooth);
}

TEST_P(Contract, SameSeedSameProposals) {
  const Space space = mixed_space();
  const History a = run(sampler(space), space, 24, smooth),
                b = run(sampler(space), space, 24, smooth);
  ASSERT_EQ(a.trials().size(), b.trials().size());
  for (std::size_t n = 0; n < a.trials().size(); ++n) {
    EXPECT_EQ(a.trials()[n].point, b.trials()[n].point) << n;
    EXPECT_EQ(a.trials()[n].note, b.trials()[n].note) << n;
  }
}

TEST_P(Contract, OtherSeedOtherProposals) {
  if (GetParam() == "grid" || GetParam() == "manual") GTEST_SKIP() << "leaves nothing to chance";
  const Space space = mixed_space();
  const History a = run(sampler(space, 1), space, 5, smooth, 1);
  const History b = run(sampler(space, 2), space, 5, smooth, 2);
  EXPECT_NE(a.trials()[0].point, b.trials()[0].point);
}

// What a sampler remembers may save time and nothing else.
TEST_P(Contract, AFreshSamplerProposesTheSame) {
  const Space space = mixed_space();
  const Sampler kept = sampler(space);
  History history(space, {});
  for (int n = 0; n < 24; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n)), again(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = kept(history, rng);
    if (!proposal) break;
    if (n % 4 == 3) {
      const std::optional<Proposal> fresh = sampler(space)(history, again);
      ASSERT_TRUE(fresh);
      ASSERT_EQ(proposal->point, fresh->point) << n;
    }
    ask(history, *proposal);
    tell(history, n, n % 7 == 5 ? std::nan("") : smooth(proposal->point));
  }
}

TEST_P(Contract, RunsAFiniteSpaceThroughOnceAndEnds) {
  const Space space = finite_space();
  std::set<std::string> all;
  enumerate(space, [&](const Point& point) { return all.insert(point.key()).second; });
  const History history = valid_run(space, 100, [](const Point& p) { return number(p, "a"); });
  std::set<std::string> proposed;
  for (const Trial& trial : history.trials()) {
    EXPECT_TRUE(proposed.insert(trial.point.key()).second) << to_text(trial.point);
  }
  if (GetParam() == "manual") {
    EXPECT_LE(history.trials().size(), 40U);
  } else {
    EXPECT_EQ(proposed, all);
  }
  Rng rng(5);
  EXPECT_FALSE(sampler(space)(history, rng));
}

TEST_P(Contract, RunsAFiniteSpaceThroughOnceWithEightPendingAndFailures) {
  const Space space = finite_space();
  std::size_t size = 0;
  enumerate(space, [&](const Point&) { return ++size > 0; });
  int calls = 0;
  const History history = valid_run(
      space, 100, [&](const Point& p) { return ++calls % 3 == 0 ? NAN : number(p, "a"); }, 8);
  std::set<std::string> proposed;
  for (const Trial& trial : history.trials()) {
    EXPECT_TRUE(proposed.insert(trial.point.key()).second) << to_text(trial.point);
  }
  if (GetParam() != "manual") {
    EXPECT_EQ(proposed.size(), size);
  }
}

TEST_P(Contract, ManyPendingTrialsAreDifferent) {
  const Space space = mixed_space();
  const History history = valid_run(space, 32, smooth, 8);
  std::set<std::string> points;
  for (const Trial& trial : history.trials()) points.insert(trial.point.key());
  EXPECT_EQ(points.size(), history.trials().size());
}

TEST_P(Contract, LivesWithFailures) {
  const auto never = [](const Point&) { return std::nan(""); };
  valid_run(mixed_space(), 14, never);
  int calls = 0;
  valid_run(mixed_space(), 24,
            [&](const Point& p) { return ++calls % 3 == 0 ? smooth(p) : std::nan(""); });
}

TEST_P(Contract, LivesWithEqualValues) {
  valid_run(mixed_space(), 18, [](const Point&) { return 3.5; });
  valid_run(mixed_space(), 18, [](const Point&) { return 3.5; }, 8);
}

TEST_P(Contract, LivesWithValuesOfEverySize) {
  int calls = 0;
  valid_run(mixed_space(), 20, [&](const Point& p) {
    ++calls;
    return smooth(p) * std::pow(10.0, 4 * (calls % 7) - 12) * (calls % 2 == 0 ? 1 : -1);
  });
  calls = 0;
  valid_run(mixed_space(), 18, [&](const Point&) { return ++calls % 2 == 0 ? 1.7e308 : -1.7e308; });
  // Infinities are failures to a study; a history that holds one all the same must do no harm.
  calls = 0;
  valid_run(mixed_space(), 18,
            [&](const Point& p) { return ++calls % 5 == 0 ? INFINITY : smooth(p); });
  calls = 0;
  valid_run(mixed_space(), 18,
            [&](const Point& p) { return ++calls % 5 == 0 ? -INFINITY : smooth(p); });
}

History a_thousand_trials() {
  History history(mixed_space(), {});
  Rng chance(11);
  for (int n = 0; n < 1010; ++n) {
    ask(history, {*draw(history.space(), chance), "random", {}});
    tell(history, n, n % 9 == 5 ? NAN : smooth(history.trials().back().point));
  }
  return history;
}

// Beyond what models hold, and what `auto` leaves to one of them.
TEST_P(Contract, GoesOnAfterAThousandTrials) {
  static const History thousand = a_thousand_trials();
  History history = thousand;
  const Sampler next = sampler(history.space());
  for (int n = 1010; n < 1012; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n)), again(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = next(history, rng);
    if (!proposal) return;  // the end of a grid or list
    EXPECT_NO_THROW(checked(history.space(), proposal->point, "trial"));
    if (n == 1010) {
      EXPECT_EQ(proposal->point, sampler(history.space())(history, again)->point);
    }
    ask(history, *proposal);
    tell(history, n, smooth(proposal->point));
  }
}

TEST_P(Contract, LivesWithPrunedAndInterruptedTrials) {
  const Space space = mixed_space();
  const Sampler next = sampler(space);
  History history(space, {});
  for (int n = 0; n < 24; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = next(history, rng);
    if (!proposal) break;
    ASSERT_NO_THROW(checked(space, proposal->point, "trial"));
    ask(history, *proposal);
    if (n % 3 == 0) {
      if (n % 2 == 0) history.apply(Reported{n, {1, smooth(proposal->point)}, 0});
      history.apply(Ended{n, TrialState::pruned, {}, {}, "", {}, 0});
    } else if (n % 3 == 1 && n % 4 == 0) {
      history.apply(Ended{n, TrialState::interrupted, {}, {}, "", {}, 0});
    } else {
      tell(history, n, smooth(proposal->point));
    }
  }
}

TEST_P(Contract, LivesWithTrialsOfAPerson) {
  const Space space = mixed_space();
  const Sampler next = sampler(space);
  History history(space, {});
  Rng person(3);
  for (int n = 0; n < 24; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    std::optional<Proposal> proposal = next(history, rng);
    if (n % 2 == 0) proposal = Proposal{*draw(space, person), "enqueued", {}};
    // One outside the space as it is now, and one with a parameter missing.
    if (n == 4) proposal->point.set("learning_rate", 50.0);
    if (n == 6) proposal->point = Point{{"half", std::int64_t{2}}};
    if (!proposal) break;
    ask(history, *proposal);
    tell(history, n, n == 4 || n == 6 ? 0.0 : smooth(proposal->point));
    if (n % 2 == 1) {
      EXPECT_NO_THROW(checked(space, proposal->point, "trial"));
    }
  }
}

TEST_P(Contract, BeginsAnewWhereEveryTrialLiesOutsideOfTheEditedSpace) {
  const std::string parameters =
      "{x: {type: float, low: LOW, high: HIGH}, k: {type: int, low: 1, high: 9}}";
  const auto plane = [&](const std::string& low, const std::string& high) {
    std::string text = parameters;
    text.replace(text.find("LOW"), 3, low).replace(text.find("HIGH"), 4, high);
    return space_of(text);
  };
  const auto f = [](const Point& point) { return number(point, "x") + number(point, "k"); };
  History history = run(sampler(plane("0", "1")), plane("0", "1"), 12, f);
  const int before = static_cast<int>(history.trials().size());
  const Space edited = plane("2", "3");
  history.apply(Edited{.space = edited});
  const Sampler search = sampler(edited);
  for (int n = before; n < before + 30; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = search(history, rng);
    if (!proposal) break;
    EXPECT_NO_THROW(checked(edited, proposal->point, "trial")) << to_text(proposal->point);
    ask(history, *proposal);
    tell(history, n, f(proposal->point));
  }
}

TEST_P(Contract, LivesWithNothingToChoose) {
  const Space space({{"only", Choice{{std::string("one")}}, {}, 0},
                     {"fixed", Float{0.25, 0.25}, {}, 0},
                     {"count", Int{7, 7}, {}, 0},
                     {"free", Float{0, 1}, {}, 0}});
  const History history = valid_run(space, 14, [](const Point& p) { return number(p, "free"); });
  EXPECT_EQ(number(history.trials()[0].point, "fixed"), 0.25);
  const Space single({{"fixed", Float{3, 3}, {}, 0}, {"count", Int{7, 7, Scale::log}, {}, 0}});
  EXPECT_EQ(valid_run(single, 5, [](const Point&) { return 1.0; }).trials().size(), 1U);
}

TEST_P(Contract, LivesWithScalesFromTinyToHuge) {
  const Space space({{"wide", Float{1e-300, 1e300, Scale::log}, {}, 0},
                     {"tiny", Float{-1e-300, 1e-300}, {}, 0},
                     {"huge", Float{-8e307, 8e307}, {}, 0},
                     {"near", Float{1e6, 1e6 + 1e-3}, {}, 0},
                     {"count", Int{0, std::int64_t{1} << 53}, {}, 0},
                     {"ratio", Int{1, 1'000'000'000'000, Scale::log}, {}, 0}});
  if (GetParam() == "grid") {
    SearchSpec spec{"grid", 1, yaml("{points: 3}")};
    const History history =
        run(make_sampler(spec, space), space, 9, [](const Point&) { return 1.0; });
    for (const Trial& trial : history.trials()) EXPECT_NO_THROW(checked(space, trial.point, ""));
    return;
  }
  valid_run(space, 18, [](const Point& p) { return std::log10(number(p, "wide")); });
}

TEST_P(Contract, LivesWithTwoHundredParameters) {
  std::vector<Parameter> parameters;
  for (int i = 0; i < 200; ++i) {
    parameters.push_back({"p" + std::to_string(i), Float{0, 1}, {}, 0});
    if (i % 4 == 3) parameters.back().distribution = Choice{{1.0, 2.0, 3.0}};
  }
  if (GetParam() == "grid") {
    for (Parameter& parameter : parameters) {
      if (!is_continuous(parameter.distribution)) parameter.distribution = Choice{{1.0}};
    }
  }
  valid_run(Space(parameters), 24,
            [](const Point& p) { return number(p, "p0") + number(p, "p199"); });
}

TEST_P(Contract, MaximisingIsMinimisingTheOpposite) {
  const Space space = mixed_space();
  const History low = run(sampler(space), space, 20, smooth);
  const History high = run(
      sampler(space), space, 20, [](const Point& p) { return -smooth(p); }, 1, 1,
      Goal{"value", {Direction::maximize}});
  for (std::size_t n = 0; n < low.trials().size(); ++n) {
    EXPECT_EQ(low.trials()[n].point, high.trials()[n].point) << n;
  }
}

TEST_P(Contract, PlannedTrialsAreTheOnesThatItProposes) {
  const Space space = finite_space();
  const std::optional<std::uint64_t> planned = planned_trials(spec_for(GetParam(), space), space);
  const bool ends = GetParam() == "grid" || GetParam() == "manual";
  ASSERT_EQ(planned.has_value(), ends);
  if (!ends) return;
  const Sampler bare = make_sampler(spec_for(GetParam(), space), space);
  EXPECT_EQ(run(bare, space, 200, [](const Point&) { return 0.0; }).trials().size(), *planned);
}

TEST_P(Contract, RefusesOptionsThatItDoesNotHave) {
  SearchSpec spec = spec_for(GetParam(), finite_space());
  spec.options = yaml("{no_such_option: 3}");
  EXPECT_THROW(make_sampler(spec, finite_space()), Error);
}

TEST_P(Contract, GrowsWithASpaceThatIsDeclaredAsItGoes) {
  if (GetParam() == "grid" || GetParam() == "manual") GTEST_SKIP() << "needs a declared space";
  const Sampler next = without_repeats(make_sampler({GetParam(), 1, {}}, Space()));
  History history(Space(), {});
  for (int n = 0; n < 20; ++n) {
    if (n == 1) history.apply(Grown{{"x", Float{0, 1}, {}, 0}, 0});
    if (n == 13) history.apply(Grown{{"c", Choice{{1.0, 2.0}}, {}, 0}, 0});
    Rng rng(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = next(history, rng);
    ASSERT_TRUE(proposal) << n;
    EXPECT_NO_THROW(checked(history.space(), proposal->point, "trial")) << n;
    ask(history, *proposal);
    tell(history, n, n == 0 ? 1 : number(proposal->point, "x"));
  }
}

}  // namespace
}  // namespace caviar::test
