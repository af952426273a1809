// Asynchronous successive halving (ASHA): at steps 1, 3, 9, 27, … the best go on, two thirds from
// the first, half from the second, and from the fourth on a third.
#include "caviar/pruner/entry.hpp"
#include "caviar/pruner/rungs.hpp"

namespace caviar {
namespace {

struct SuccessiveHalving {
  std::int64_t min_steps = 1;
  std::int64_t factor = 3;
  std::int64_t protect = 0;  // the gentle first rungs protect enough
};

void fields(SuccessiveHalving& o, auto&& field) {
  field("min_steps", o.min_steps, "the first step at which trials are compared", 1, 1e12);
  field("factor", o.factor, "up to one in so many goes on, for so many times the steps", 2, 1e6);
  protect_field(o, field);
}

Flow judge(const SuccessiveHalving& o, const History& history, const Trial& trial) {
  return judge_on_rungs({o.min_steps, o.factor}, history, trial, [](const Trial&) { return true; });
}

}  // namespace

PrunerEntry successive_halving_pruner() {
  return pruner_entry<SuccessiveHalving>("successive_halving",
                                         "lets the best go on at steps 1, 3, 9, … (ASHA)");
}

}  // namespace caviar
