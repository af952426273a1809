// What trials have reported, as losses; NaN counts as the worst there is.
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

}  // namespace caviar
