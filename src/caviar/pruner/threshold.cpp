// Stops a trial whose reports leave the range that a person finds acceptable.
#include <cmath>
#include <limits>

#include "caviar/pruner/entry.hpp"

namespace caviar {
namespace {

constexpr double unset = std::numeric_limits<double>::quiet_NaN();

struct Threshold {
  static constexpr bool first_objective_alone = true;
  double lower = unset, upper = unset;
  std::int64_t warmup_steps = 0;
};

void fields(Threshold& o, auto&& field) {
  field("lower", o.lower, "a value below this ends the trial", -1e300, 1e300);
  field("upper", o.upper, "a value above this ends the trial", -1e300, 1e300);
  field("warmup_steps", o.warmup_steps, "steps that are not judged", 0, 1e15);
}

void prepare(Threshold& o, const Node& spec) {
  if (std::isnan(o.lower) && std::isnan(o.upper)) spec.fail("lower, upper or both are needed");
  if (o.lower >= o.upper) spec.fail("lower must be below upper");
}

Flow judge(const Threshold& o, const History&, const Trial& trial) {
  const Report& last = trial.reports.back();
  if (last.step <= o.warmup_steps) return Flow::go;
  // A bound that is not set is NaN, and nothing is below or above it.
  const bool outside = std::isnan(last.value) || last.value < o.lower || last.value > o.upper;
  return outside ? Flow::stop : Flow::go;
}

}  // namespace

PrunerEntry threshold_pruner() {
  return pruner_entry<Threshold>("threshold", "stops a trial whose value leaves a range");
}

}  // namespace caviar
