// What trials have reported, as losses of the first objective; NaN counts as the worst there is.
#pragma once

#include <cstdint>
#include <optional>

#include "caviar/trial/history.hpp"

namespace caviar {

double loss_of(const Goal& goal, const Report& report);

// Where the trial stood at the step: its latest report up to then; nullopt where it had none yet.
// One that ended before (by early stopping, say) stands where it ended.
std::optional<double> loss_at(const Goal& goal, const Trial& trial, std::int64_t step);

// The smallest loss that it reported up to the step; infinity where none.
double best_loss_by(const Goal& goal, const Trial& trial, std::int64_t step);

// What a trial that was stopped would have come to, to be compared with complete ones: its best
// report, and what complete trials still gained from that step on, the median of those that ended
// before it (of the last hundred; with fewer than three nothing). nullopt where it reported
// nothing.
std::optional<double> expected_loss(const History& history, const Trial& stopped);

}  // namespace caviar
