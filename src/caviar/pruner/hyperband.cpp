// Hyperband (Li et al., JMLR 2018): successive halving in several brackets at once, of which one
// halves from the first step on and one not at all, because how early a trial can be judged is not
// known beforehand. A trial's bracket follows from its number.
#include <cmath>
#include <string>
#include <vector>

#include "caviar/pruner/entry.hpp"
#include "caviar/pruner/rungs.hpp"

namespace caviar {
namespace {

struct Hyperband {
  std::int64_t min_steps = 1;
  std::int64_t max_steps = 0;
  std::int64_t factor = 3;
  std::int64_t protect = 0;    // as Li et al. have it: the gentle first rungs protect enough
  std::vector<double> shares;  // up to which share of the numbers bracket s goes
};

void fields(Hyperband& o, auto&& field) {
  field("max_steps", o.max_steps, "the steps of a trial that is never stopped; needed", 1, 1e12);
  field("min_steps", o.min_steps, "the first step at which trials are compared", 1, 1e12);
  field("factor", o.factor, "up to one in so many goes on, for so many times the steps", 2, 1e6);
  protect_field(o, field);
}

// Bracket s begins with ⌈(S + 1) / (s' + 1) · factor^s'⌉ trials, s' = S − s: see the paper's
// algorithm 1, whose brackets count downwards. All get about the same number of steps that way.
void prepare(Hyperband& o, const Node& spec) {
  if (o.max_steps == 0) spec.fail("max_steps is needed: how long a trial runs at most");
  if (o.max_steps < o.min_steps * o.factor) {
    spec.fail("max_steps is " + std::to_string(o.max_steps) +
              ", which leaves one bracket that stops nothing; at least min_steps · factor = " +
              std::to_string(o.min_steps * o.factor) + " expected");
  }
  std::int64_t most = 0;
  for (std::int64_t step = o.min_steps; step <= o.max_steps / o.factor; step *= o.factor) ++most;
  double sum = 0;
  for (std::int64_t s = most; s >= 0; --s) {
    sum += std::ceil(static_cast<double>(most + 1) / static_cast<double>(s + 1) *
                     std::pow(static_cast<double>(o.factor), static_cast<double>(s)));
    o.shares.push_back(sum);
  }
  for (double& share : o.shares) share /= sum;
}

// Spreads the numbers 0, 1, 2, … evenly over the brackets: multiples of the golden ratio fill
// [0, 1) without gaps.
std::size_t bracket_of(const Hyperband& o, int number) {
  const double place = std::fmod(number * 0.61803398874989485, 1.0);
  std::size_t bracket = 0;
  while (bracket + 1 < o.shares.size() && place >= o.shares[bracket]) ++bracket;
  return bracket;
}

Flow judge(const Hyperband& o, const History& history, const Trial& trial) {
  const std::size_t bracket = bracket_of(o, trial.number);
  if (bracket + 1 == o.shares.size()) return Flow::go;
  Rungs rungs{o.min_steps, o.factor};
  for (std::size_t i = 0; i < bracket; ++i) rungs.first *= o.factor;
  rungs.before = static_cast<std::int64_t>(bracket);
  return judge_on_rungs(rungs, history, trial,
                        [&](const Trial& other) { return bracket_of(o, other.number) == bracket; });
}

}  // namespace

PrunerEntry hyperband_pruner() {
  return pruner_entry<Hyperband>("hyperband",
                                 "successive halving in brackets that begin at different steps");
}

}  // namespace caviar
