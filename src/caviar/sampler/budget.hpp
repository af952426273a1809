// Budgets: every configuration gets a little, and what does well gets more. A trial that spent its
// partial budget is continued by another one, of a number of its own, from its checkpoint; what is
// spent may be epochs, rows, folds or anything else.
#pragma once

#include <compare>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/trial/configurations.hpp"

namespace caviar {

// search: {budget: {method: asha, low: 1, high: 81, factor: 3}}
struct Budget {
  std::string method = "asha";
  std::string of = "epochs";  // what is spent
  double low = 1, high = 0;   // what every configuration gets at first, and what one gets at most
  // asha, hyperband: one in `factor` goes on, to so many times the budget; see factors_of().
  double factor = 4.3;
  // pbt, pb2: so many members, each judged whenever it has spent `low` more; of the worst `share`
  // each goes on with the checkpoint and the parameters of one of the best, these changed.
  int population = 16;
  double share = 0.25;
  std::vector<std::string> keep;  // parameters that cannot change in what runs already
};

// Throws Error{input} with the place of what is wrong.
Budget parse_budget(const Node& node);

// Ascending; the last is `high`, the first at least `low`. For asha and hyperband each is the next
// one divided by `factor`; whole numbers where low and high are.
std::vector<double> rungs_of(const Budget& budget);

// Which of them a trial with that budget spent; one beyond the last counts as the last.
std::size_t rung_of(double budget, std::span<const double> rungs);

// For asha and hyperband: one in how many goes on from each rung but the last. `factor` is their
// geometric mean: the first lets more through and the last fewer, since the order of what was
// judged early says less. Of m the i-th, from 0, is factor to the power 1/2 + (i + 1/2) / m.
std::vector<double> factors_of(const Budget& budget);

// The search of a budget over configurations that `fresh` proposes. `fresh` sees a history of
// configurations, so that it learns from comparable numbers: each with what it is expected to come
// to at the full budget (sampler/foresight.hpp); where that cannot be foreseen, with what it came
// to at one budget, the highest that enough of them reached (as BOHB does, Falkner et al. 2018).
Sampler with_budget(const Budget& budget, Sampler fresh);

// Where a trial that was judged stands among others of its budget, the best first: what keeps the
// goal's bounds as far as they were measured, by its loss, then the others, the one that breaks
// them least first (Deb 2000). A trial without a value stands behind all.
struct Standing {
  double violation = std::numeric_limits<double>::infinity();
  double loss = std::numeric_limits<double>::infinity();

  auto operator<=>(const Standing&) const = default;
};
Standing standing_of(const History& history, const Trial& trial);

// Its two kinds.
//
// Asynchronous successive halving in its promoting form (Li et al. 2020, algorithm 2), and
// Hyperband on it: as many halvings that begin at different budgets.
Sampler halving(const Budget& budget, Sampler fresh);
// Population based training (Jaderberg et al. 2017) and its bandit form PB2 (Parker-Holder et al.
// 2020), generation by generation.
Sampler population(const Budget& budget, Sampler fresh);

// The budget at which enough configurations were judged to learn from.
double budget_to_learn_from(const History& history, const std::vector<double>& rungs);

}  // namespace caviar
