// The rungs of successive halving: steps at which a trial must be among the best to go on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "caviar/base/flow.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

struct Rungs {
  std::int64_t first = 1;   // the first rung's step, at least 1
  std::int64_t factor = 3;  // from rung to rung, at least 2
  std::int64_t before = 0;  // rungs that others were judged at before the first one
};

// The rung that the trial reached with its latest report; nullopt where it passed none with it.
std::optional<std::int64_t> rung_reached(const Rungs& rungs, const Trial& trial);

// Stops unless the trial is among the best of all that have come to its rung so far (the first of
// them always is): one in 1.5 goes on from the first rung, one in 2 from the second, and so on, up
// to one in `factor`, since what is stopped is gone, and the earlier the less its place says. Only
// trials that `competes` accepts are compared; failed and interrupted ones never are. Li et al., "A
// system for massively parallel hyperparameter tuning" (2020): asynchronous, nobody waits for a
// rung to fill.
Flow judge_on_rungs(const Rungs& rungs, const History& history, const Trial& trial,
                    const std::function<bool(const Trial&)>& competes);

}  // namespace caviar
