// Stops a trial that has not got better for a while: alone, or only where another pruner wants it
// stopped as well, which gives curves with bumps the time to recover.
#include <algorithm>
#include <limits>

#include "caviar/pruner/entry.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

struct Patient {
  std::int64_t patience = 10;
  double min_delta = 0;
  std::int64_t protect = usual_protection;
  Node wrapped;
  Pruner pruner;
};

void fields(Patient& o, auto&& field) {
  field("patience", o.patience, "reports without a gain before a trial may be stopped", 1, 1e9);
  field("min_delta", o.min_delta, "a smaller gain is none", 0, 1e300);
  field("wrapped", o.wrapped, "a pruner that must agree; without it patience alone decides");
  protect_field(o, field);
}

void prepare(Patient& o, const Node&) {
  if (!o.wrapped.is_null()) o.pruner = make_pruner(o.wrapped);
}

Flow judge(const Patient& o, const History& history, const Trial& trial) {
  double best = std::numeric_limits<double>::infinity();
  std::int64_t without_gain = 0;
  for (const Report& report : trial.reports) {
    const double loss = loss_of(history.goal(), report);
    const bool gained = loss < best - o.min_delta;
    without_gain = gained ? 0 : without_gain + 1;
    if (gained) best = loss;
  }
  if (without_gain < o.patience) return Flow::go;
  return o.pruner ? o.pruner(history, trial) : Flow::stop;
}

}  // namespace

PrunerEntry patient_pruner() {
  return pruner_entry<Patient>("patient", "stops a trial that no longer gets better");
}

}  // namespace caviar
