#include "caviar/sampler/budget.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/sampler/foresight.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

constexpr int most_legs = 100000;

bool is_whole(double x) { return x == std::floor(x); }

bool is_population(const Budget& budget) {
  return budget.method == "pbt" || budget.method == "pb2";
}

void fields(Budget& o, auto&& field) {
  field("method", o.method, "who gets more", {"asha", "hyperband", "pbt", "pb2"});
  field("low", o.low, "what every configuration gets at first", 1e-12, 1e12);
  field("high", o.high, "what a configuration gets at most", 0, 1e12);
  field("factor", o.factor,
        "one in so many goes on, more of the first and fewer of the last, with so many times the "
        "budget",
        1.5, 1000);
  field("population", o.population, "members of a population", 4, 10000);
  field("share", o.share, "of the worst members that are replaced, and of the best", 0.01, 0.5);
}

}  // namespace

Budget parse_budget(const Node& node) {
  Budget budget;
  Fields keys(node);
  budget.of = keys.text("of", budget.of);
  if (const Node* keep = keys.find("keep")) {
    for (const Node& name : keep->items()) budget.keep.push_back(name.text());
  }
  const Node rest = node.without({"of", "keep"});
  OptionReader reader(rest);
  fields(budget, reader);
  reader.done();
  if (budget.high == 0) node.fail("high is needed: what a configuration gets at most");
  // A population is judged once at least before it ends.
  const double least = budget.low * (is_population(budget) ? 1.5 : budget.factor);
  if (budget.high < least) {
    node.fail("high is " + number_text(budget.high) +
              ", which leaves nothing to choose; at least " + rounded_text(least) + " expected");
  }
  if (is_population(budget) && budget.high / budget.low > most_legs) {
    node.fail(fmt::format(
        "low is {} of high, {}: a population would be judged {:.0f} times; at "
        "most {} expected",
        number_text(budget.low), number_text(budget.high), budget.high / budget.low, most_legs));
  }
  return budget;
}

std::vector<double> rungs_of(const Budget& budget) {
  const bool whole = is_whole(budget.low) && is_whole(budget.high);
  std::vector<double> rungs;
  if (is_population(budget)) {
    // What is left over is a leg of its own, or where it is less than half of one part of the last.
    const double legs = std::floor(budget.high / budget.low + 0.5);
    for (double leg = 1; leg < legs; ++leg) rungs.push_back(leg * budget.low);
    rungs.push_back(budget.high);
    return rungs;
  }
  for (double exact = budget.high; exact >= budget.low * (1 - 1e-9); exact /= budget.factor) {
    const double rung = whole ? std::max(1.0, std::round(exact)) : exact;
    if (rungs.empty() || rung < rungs.back()) rungs.push_back(rung);
  }
  std::ranges::reverse(rungs);
  return rungs;
}

std::size_t rung_of(double budget, std::span<const double> rungs) {
  const auto at = std::ranges::lower_bound(rungs, budget) - rungs.begin();
  return std::min(static_cast<std::size_t>(at), rungs.size() - 1);
}

std::vector<double> factors_of(const Budget& budget) {
  const auto count = static_cast<double>(rungs_of(budget).size() - 1);
  std::vector<double> factors;
  for (double i = 0; i < count; ++i) {
    factors.push_back(std::pow(budget.factor, 0.5 + (i + 0.5) / count));
  }
  return factors;
}

double budget_to_learn_from(const History& history, const std::vector<double>& rungs) {
  // A model of d parameters needs more than d points; fewer than ten teach none of the samplers.
  const std::size_t enough = std::max<std::size_t>(10, history.space().size() + 3);
  return comparable_budget(history, rungs, enough);
}

Standing standing_of(const History& history, const Trial& trial) {
  if (trial.values.empty()) return {};
  const Goal& goal = history.goal();
  const double loss = history.loss(trial);
  return {
      trial.state == TrialState::complete ? violation(goal, trial) : violation_so_far(goal, trial),
      std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss};
}

Sampler with_budget(const Budget& budget, Sampler fresh) {
  const std::vector<double> rungs = rungs_of(budget);
  // The parameters of a population's members are not those that they began with.
  const auto foresight = is_population(budget) ? nullptr : std::make_shared<Foresight>(rungs);
  // Whether a configuration is new is asked of all trials, what it may come to of comparable ones.
  Sampler comparing = [rungs, foresight, fresh = std::move(fresh)](const History& history,
                                                                   Rng& rng) {
    if (foresight != nullptr) {
      if (const std::optional<History> foreseen = foresight->foresee(history)) {
        return fresh(*foreseen, rng);
      }
    }
    const double at = budget_to_learn_from(history, rungs);
    return fresh(configurations_at(history, at, rungs.back()), rng);
  };
  comparing = without_repeats(std::move(comparing));
  return is_population(budget) ? population(budget, std::move(comparing))
                               : halving(budget, std::move(comparing));
}

Sampler make_search(const SearchSpec& spec, const Space& space) {
  Sampler sampler = make_sampler(spec, space);
  if (spec.budget.is_null()) {
    sampler = without_repeats(std::move(sampler));
    return spec.reevaluate > 1 ? with_reevaluation(spec.reevaluate, std::move(sampler)) : sampler;
  }
  return with_budget(parse_budget(spec.budget), std::move(sampler));
}

std::optional<std::uint64_t> planned_search(const SearchSpec& spec, const Space& space) {
  const std::optional<std::uint64_t> planned = planned_trials(spec, space);
  if (spec.budget.is_null()) return planned;
  const Budget budget = parse_budget(spec.budget);
  if (!is_population(budget)) return std::nullopt;
  return static_cast<std::uint64_t>(budget.population) * rungs_of(budget).size();
}

}  // namespace caviar
