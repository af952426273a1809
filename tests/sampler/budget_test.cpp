// Budgets: who goes on, with what, and what a search learns from.
#include "caviar/sampler/budget.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "tests/sampler/driver.hpp"

namespace caviar::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Budget budget_of(const std::string& text) { return parse_budget(yaml(text)); }

SearchSpec search(const std::string& budget, const std::string& sampler = "random") {
  SearchSpec spec{sampler, 1, {}};
  spec.budget = yaml(budget);
  return spec;
}

Space plane() {
  return space_of("{x: {type: float, low: 0, high: 1}, y: {type: float, low: 0, high: 1}}");
}

// Falls with the budget; where it falls to hangs on x.
double loss_at(const Point& point, double budget) {
  return std::abs(number(point, "x") - 0.7) + 1 / budget;
}

void finish(History& history, int number, double value) {
  Ended ended;
  ended.trial = number;
  const Note& note = history.trials()[static_cast<std::size_t>(number)].note;
  ended.state = std::isnan(value)  ? TrialState::failed
                : is_partial(note) ? TrialState::pruned
                                   : TrialState::complete;
  if (!std::isnan(value)) ended.values = {value};
  history.apply(ended);
}

double budget_in(const Trial& trial) { return number_in(trial.note, budget_note).value_or(-1); }

// `pending` at once, the newest told first.
History spend(const SearchSpec& spec, int trials, std::size_t pending = 1, int failing = 0) {
  const Space space = plane();
  const Sampler sampler = make_search(spec, space);
  History history(space, {});
  const auto tell_one = [&] {
    const int number = history.pending().back();
    const Trial& trial = history.trials()[static_cast<std::size_t>(number)];
    const bool fails = failing > 0 && number % failing == failing - 1;
    finish(history, number, fails ? std::nan("") : loss_at(trial.point, budget_in(trial)));
  };
  for (int n = 0; n < trials; ++n) {
    Rng rng(spec.seed, static_cast<std::uint64_t>(n));
    std::optional<Proposal> proposal = sampler(history, rng);
    while (!proposal && !history.pending().empty()) {
      tell_one();
      proposal = sampler(history, rng);
    }
    if (!proposal) break;
    ask(history, *proposal);
    if (history.pending().size() >= pending) tell_one();
  }
  while (!history.pending().empty()) tell_one();
  return history;
}

TEST(Budget, RungsGrowFromLowToHigh) {
  EXPECT_THAT(rungs_of(budget_of("{low: 1, high: 81, factor: 3}")), ElementsAre(1, 3, 9, 27, 81));
  EXPECT_THAT(rungs_of(budget_of("{low: 2, high: 60, factor: 3}")), ElementsAre(2, 7, 20, 60));
  EXPECT_THAT(factors_of(budget_of("{low: 1, high: 3, factor: 3}")), ElementsAre(3));
  EXPECT_THAT(factors_of(budget_of("{low: 1, high: 16, factor: 4}")),
              ElementsAre(testing::DoubleNear(2.83, 0.01), testing::DoubleNear(5.66, 0.01)));
  EXPECT_THAT(rungs_of(budget_of("{low: 0.1, high: 1, factor: 2}")),
              ElementsAre(0.125, 0.25, 0.5, 1));
  EXPECT_THAT(rungs_of(budget_of("{method: pbt, low: 5, high: 12}")), ElementsAre(5, 12));
  EXPECT_THAT(rungs_of(budget_of("{method: pbt, low: 5, high: 13}")), ElementsAre(5, 10, 13));
  EXPECT_THAT(rungs_of(budget_of("{method: pbt, low: 0.1, high: 1}")), testing::SizeIs(10));
}

TEST(Budget, RefusesWhatMakesNoSense) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      budget_of(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refusal("{low: 1}"), HasSubstr("high is needed"));
  EXPECT_THAT(refusal("{low: 9, high: 10}"), HasSubstr("at least 38.7"));
  EXPECT_THAT(refusal("{high: 10, factor: 1}"), HasSubstr("factor"));
  EXPECT_THAT(refusal("{method: pbt, low: 8, high: 10}"), HasSubstr("at least 12"));
  EXPECT_THAT(refusal("{method: pbt, low: 1e-9, high: 10}"), HasSubstr("at most 100000"));
  EXPECT_THAT(refusal("{high: 10, method: ahsa}"), HasSubstr("asha"));
  EXPECT_THAT(refusal("{high: 10, hihg: 1}"), HasSubstr("hihg"));
}

// Each trial of a larger budget continues one of the budget below, with the same configuration;
// none is continued twice; of those that came to a rung before only the best go on, one in the
// rung's factor.
void check_promotions(const History& history, const Budget& budget) {
  const std::vector<double> rungs = rungs_of(budget), factors = factors_of(budget);
  std::set<int> continued;
  std::map<int, double> bracket;
  for (const Trial& trial : history.trials()) {
    const std::optional<int> parent = parent_of(trial.note);
    if (!parent) continue;
    EXPECT_TRUE(continued.insert(*parent).second) << *parent;
    const Trial& before = history.trials()[static_cast<std::size_t>(*parent)];
    EXPECT_EQ(before.point, trial.point);
    const auto rung = std::ranges::find(rungs, budget_in(before));
    ASSERT_NE(rung, rungs.end());
    EXPECT_EQ(*(rung + 1), budget_in(trial));
    EXPECT_FALSE(before.values.empty());
    double better = 0, came = 0;
    for (const Trial& other : history.trials().first(static_cast<std::size_t>(trial.number))) {
      if (budget_in(other) != budget_in(before)) continue;
      if (number_in(other.note, "bracket") != number_in(before.note, "bracket")) continue;
      ++came;
      if (!other.values.empty() && other.values[0] < before.values[0]) ++better;
    }
    const double factor = factors[static_cast<std::size_t>(rung - rungs.begin())];
    EXPECT_LT(better, std::max(1.0, std::floor(came / factor))) << trial.number;
  }
}

TEST(Halving, TheBestGoOn) {
  const History history = spend(search("{low: 1, high: 27, factor: 3}"), 120);
  check_promotions(history, budget_of("{low: 1, high: 27, factor: 3}"));
  std::map<double, int> at;
  for (const Trial& trial : history.trials()) ++at[budget_in(trial)];
  EXPECT_GT(at[1], 50);
  EXPECT_NEAR(at[3], at[1] / 2.08, 8);  // of three rungs the first has 3 to the power 2/3
  EXPECT_NEAR(at[9], at[3] / 3.0, 5);
  EXPECT_GE(at[27], 1);
  EXPECT_EQ(history.count(TrialState::complete), static_cast<std::size_t>(at[27]));
}

// The loss pulls beyond the bound; what is known to break it stands behind all that keeps it.
TEST(Halving, WhatKeepsTheBoundsGoesOnFirst) {
  const Space space = plane();
  Goal goal;
  goal.bounds = {{"latency", true, 0.4}};
  for (const std::string method : {"asha", "hyperband"}) {
    const SearchSpec spec = search("{method: " + method + ", low: 1, high: 27, factor: 3}");
    History history(space, goal);
    const Sampler sampler = make_search(spec, space);
    std::size_t promoted = 0, beyond = 0;
    for (int n = 0; n < 90; ++n) {
      Rng rng(spec.seed, static_cast<std::uint64_t>(n));
      ask(history, *sampler(history, rng));
      const Trial& trial = history.trials().back();
      if (parent_of(trial.note)) {
        ++promoted;
        beyond += number(trial.point, "x") > 0.4 ? 1 : 0;
      }
      Ended ended;
      ended.trial = n;
      ended.state = is_partial(trial.note) ? TrialState::pruned : TrialState::complete;
      ended.values = {loss_at(trial.point, budget_in(trial))};
      ended.metrics["latency"] = number(trial.point, "x");
      history.apply(ended);
    }
    EXPECT_GT(promoted, 10U) << method;
    EXPECT_LT(beyond, promoted / 4) << method;
  }
}

TEST(Halving, WhatWasNotMeasuredYetCountsAsKept) {
  Goal goal;
  goal.bounds = {{"latency", true, 0.4}, {"loss", false, 0}};
  goal.metric = "loss";
  History history(plane(), goal);
  const auto judged = [&](TrialState state, double loss, std::map<std::string, double> metrics) {
    ask(history, {Point{{"x", 0.5}, {"y", 0.5}}, "random", {}});
    Ended ended;
    ended.trial = static_cast<int>(history.trials().size()) - 1;
    ended.state = state;
    ended.values = {loss};
    ended.metrics = std::move(metrics);
    history.apply(ended);
    return standing_of(history, history.trials().back());
  };
  const Standing unknown = judged(TrialState::pruned, 3, {});
  EXPECT_EQ(unknown, (Standing{0, 3}));
  const Standing near = judged(TrialState::pruned, 1, {{"latency", 0.5}});
  EXPECT_LT(unknown, near);
  EXPECT_LT(near, judged(TrialState::pruned, 0, {{"latency", 0.9}}));
  EXPECT_LT(near, judged(TrialState::complete, 0, {}));  // it can no longer be measured
  EXPECT_LT(near, Standing{});
}

TEST(Halving, WithManyAtOnceAndFailuresNobodyGoesOnTwice) {
  const History history = spend(search("{low: 1, high: 27, factor: 3}"), 150, 7, 5);
  std::set<int> continued;
  for (const Trial& trial : history.trials()) {
    const std::optional<int> parent = parent_of(trial.note);
    if (!parent) continue;
    EXPECT_TRUE(continued.insert(*parent).second);
    EXPECT_NE(history.trials()[static_cast<std::size_t>(*parent)].state, TrialState::failed);
  }
  EXPECT_GT(continued.size(), 20U);
}

TEST(Halving, HyperbandBeginsAtEveryRung) {
  const History history = spend(search("{method: hyperband, low: 1, high: 27, factor: 3}"), 200);
  check_promotions(history, budget_of("{method: hyperband, low: 1, high: 27, factor: 3}"));
  std::map<double, double> spent;  // by where the configuration began
  for (const Trial& trial : history.trials()) {
    const std::optional<int> parent = parent_of(trial.note);
    const double before =
        parent ? budget_in(history.trials()[static_cast<std::size_t>(*parent)]) : 0;
    spent[*number_in(trial.note, "bracket")] += budget_in(trial) - before;
  }
  ASSERT_EQ(spent.size(), 4U);
  for (const auto& [bracket, budget] : spent) EXPECT_GT(budget, 100) << bracket;
}

TEST(Halving, AnInterruptedPromotionRunsAgainBeforeItsParentIsPromotedAgain) {
  const Space space = plane();
  const Sampler sampler = make_search(search("{low: 1, high: 9, factor: 3}"), space);
  History history(space, {});
  Rng rng(1);
  ask(history, *sampler(history, rng));
  finish(history, 0, 0.5);
  const Proposal promoted = *sampler(history, rng);
  ASSERT_EQ(parent_of(promoted.note), 0);
  ask(history, promoted);
  history.apply(Ended{1, TrialState::interrupted, {}, {}, "", {}, 0});
  history.apply(Queued{promoted.point, promoted.by, 0, promoted.note});
  EXPECT_FALSE(parent_of(sampler(history, rng)->note));
}

TEST(Halving, ASamplerLearnsFromTheHighestBudgetWithEnough) {
  const std::vector<double> rungs = {1, 3, 9};
  History history(plane(), {});
  const auto add = [&](double budget, double value, std::optional<int> parent = {}) {
    Proposal proposal{
        Point{{"x", 0.5}, {"y", 0.5}}, "random", {{budget_note, budget}, {full_budget_note, 9}}};
    if (parent) proposal.note[continues_note] = *parent;
    ask(history, proposal);
    finish(history, static_cast<int>(history.trials().size()) - 1, value);
  };
  for (int i = 0; i < 30; ++i) add(1, i);
  for (int i = 0; i < 9; ++i) add(3, 100 + i, i);
  EXPECT_EQ(budget_to_learn_from(history, rungs), 1);
  add(3, 109, 9);
  EXPECT_EQ(budget_to_learn_from(history, rungs), 3);
  const History view = configurations_at(history, 3, 9);
  ASSERT_EQ(view.trials().size(), 30U);  // each configuration once
  EXPECT_EQ(view.count(TrialState::complete), 10U);
  EXPECT_EQ(view.trials()[4].values, std::vector<double>{104});
  // Tried, though nothing is known at this budget.
  EXPECT_EQ(view.trials()[20].state, TrialState::pruned);
  EXPECT_EQ(view.seen(Point{{"x", 0.5}, {"y", 0.5}}), 30);
}

TEST(Halving, NoConfigurationBeginsTwice) {
  for (const char* sampler : {"auto", "gp", "tpe", "sobol", "zoom", "cmaes", "nsga2"}) {
    for (const char* method : {"asha", "hyperband"}) {
      const std::string budget =
          "{method: " + std::string(method) + ", low: 1, high: 27, factor: 3}";
      const History history = spend(search(budget, sampler), 60, 2);
      std::set<std::string> begun;
      for (const Trial& trial : history.trials()) {
        if (parent_of(trial.note)) continue;
        EXPECT_TRUE(begun.insert(to_text(trial.point)).second)
            << sampler << ", " << method << ": trial " << trial.number;
      }
      EXPECT_GT(begun.size(), 15U) << sampler << ", " << method;
    }
  }
}

TEST(Halving, AFiniteSpaceIsRunThroughOnceAndPromotedToItsEnd) {
  const Space space = space_of("{x: {type: int, low: 1, high: 9}}");
  SearchSpec spec = search("{low: 1, high: 9, factor: 3}", "grid");
  const Sampler sampler = make_search(spec, space);
  History history(space, {});
  for (int n = 0; n < 100; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = sampler(history, rng);
    if (!proposal) break;
    ask(history, *proposal);
    finish(history, n, number(proposal->point, "x"));
  }
  std::map<double, std::set<double>> values;
  for (const Trial& trial : history.trials()) values[budget_in(trial)].insert(trial.values[0]);
  EXPECT_EQ(values[1].size(), 9U);
  EXPECT_TRUE(values[3].contains(1));
  EXPECT_TRUE(values[9].contains(1));
  EXPECT_LT(history.trials().size(), 30U);
}

TEST(Population, EveryMemberHasATrialAtEveryRungAndTheWorstTakeOver) {
  for (const std::string method : {"pbt", "pb2"}) {
    const SearchSpec spec = search("{method: " + method + ", low: 2, high: 10, population: 8}");
    EXPECT_EQ(planned_search(spec, plane()), 40U);
    const History history = spend(spec, 1000, 3);
    ASSERT_EQ(history.trials().size(), 40U) << method;
    EXPECT_EQ(history.count(TrialState::complete), 8U);
    int replaced = 0;
    for (const Trial& trial : history.trials()) {
      const std::optional<int> parent = parent_of(trial.note);
      EXPECT_EQ(parent.has_value(), budget_in(trial) > 2);
      if (!parent) continue;
      const Trial& before = history.trials()[static_cast<std::size_t>(*parent)];
      EXPECT_EQ(budget_in(before), budget_in(trial) - 2);
      const std::optional<double> own = number_in(trial.note, "replaced");
      if (!own) {
        EXPECT_EQ(before.point, trial.point);
        continue;
      }
      ++replaced;
      EXPECT_EQ(trial.by, method);
      EXPECT_LE(before.values[0], history.trials()[static_cast<std::size_t>(*own)].values[0]);
    }
    EXPECT_EQ(replaced, 2 * 4) << method;
  }
}

// Of a training the value is that of its best epoch, which a copy takes over.
TEST(Population, TellsACopyFromItsOriginalByItsOwnReports) {
  const SearchSpec spec = search("{method: pbt, low: 1, high: 3, population: 4}");
  const Sampler sampler = make_search(spec, plane());
  History history(plane(), {});
  int copy = -1, original = -1;
  for (int n = 0; n < 12; ++n) {
    Rng rng(1, static_cast<std::uint64_t>(n));
    const Proposal proposal = *sampler(history, rng);
    ask(history, proposal);
    const std::optional<int> parent = parent_of(proposal.note);
    double value = 3 - n;  // the last member is the best
    if (parent) {          // nobody becomes better
      value = history.trials()[static_cast<std::size_t>(*parent)].values[0];
      const bool replaces = proposal.note.contains("replaced");
      if (n < 8 && replaces) copy = n;
      if (n < 8 && !replaces && value == 0) original = n;
      history.apply(Reported{n, {1, replaces ? 0.9 : 0.1 + value}, 0});
    }
    finish(history, n, value);
    if (n >= 8 && proposal.note.contains("replaced")) {
      EXPECT_EQ(*parent, original);
    }
  }
  EXPECT_GE(copy, 0);
  EXPECT_GE(original, 0);
}

TEST(Population, MakesNoSecondCopyOfTheSameParameters) {
  const Space space = space_of("{kind: {type: ordinal, choices: [1, 2, 3, 4, 5, 6]}}");
  const Sampler sampler =
      make_search(search("{method: pbt, low: 1, high: 2, population: 4}"), space);
  History history(space, {});
  std::set<std::string> seen;
  for (int n = 0; n < 8; ++n) {
    Rng rng(5, static_cast<std::uint64_t>(n));
    const Proposal proposal = *sampler(history, rng);
    ask(history, proposal);
    if (const auto parent = parent_of(proposal.note)) {
      EXPECT_TRUE(seen.insert(std::to_string(*parent) + to_text(proposal.point)).second);
    }
    finish(history, n, n);
  }
}

TEST(Population, LosesNoMemberToFailures) {
  const History history =
      spend(search("{method: pbt, low: 1, high: 6, population: 6}"), 1000, 2, 4);
  EXPECT_EQ(history.trials().size(), 36U);
  for (const Trial& trial : history.trials()) {
    const std::optional<int> parent = parent_of(trial.note);
    if (!parent) continue;
    EXPECT_FALSE(history.trials()[static_cast<std::size_t>(*parent)].values.empty());
  }
}

TEST(Population, WhatIsKeptComesFromTheParentAndTheRestStaysInsideTheSpace) {
  const Space space = space_of(R"({
    rate: {type: float, low: 1e-4, high: 1, scale: log},
    momentum: {type: float, low: 0.5, high: 0.999, scale: reverse_log},
    units: {type: int, low: 8, high: 64},
    batch: {type: int, low: 16, high: 128, scale: log, step: 2},
    kind: {type: categorical, choices: [a, b, c]},
    depth: {type: ordinal, choices: [1, 2, 4], when: {kind: [a, b]}}
  })");
  for (const std::string method : {"pbt", "pb2"}) {
    const SearchSpec spec =
        search("{method: " + method + ", low: 1, high: 8, population: 8, keep: [units, kind]}");
    const Sampler sampler = make_search(spec, space);
    History history(space, {});
    std::set<std::string> rates;
    for (int n = 0; n < 64; ++n) {
      Rng rng(1, static_cast<std::uint64_t>(n)), again(1, static_cast<std::uint64_t>(n));
      const Proposal proposal = *sampler(history, rng);
      EXPECT_EQ(proposal.point, make_search(spec, space)(history, again)->point);
      EXPECT_NO_THROW(checked(space, proposal.point, "trial")) << to_text(proposal.point);
      if (const std::optional<int> parent = parent_of(proposal.note)) {
        const Point& before = history.trials()[static_cast<std::size_t>(*parent)].point;
        EXPECT_EQ(before.at("units"), proposal.point.at("units"));
        EXPECT_EQ(before.at("kind"), proposal.point.at("kind"));
        rates.insert(to_text(proposal.point.at("rate")));
      }
      ask(history, proposal);
      finish(history, n, std::abs(number(proposal.point, "rate") - 0.01) + 1.0 / (1 + n));
    }
    EXPECT_GT(rates.size(), 12U) << method;
  }
}

}  // namespace
}  // namespace caviar::test
