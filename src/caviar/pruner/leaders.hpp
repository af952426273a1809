// Who leads, and what looked like them: the safeguard of the pruners that compare trials.
#pragma once

#include <cstdint>

#include "caviar/pruner/front_view.hpp"

namespace caviar {

// Whether the trial stands worse than every leader did at its step: their best reports up to then
// are compared. Leaders are the best complete trials, a tenth of all that ran (stopped ones
// included) and at least `least` (1 or more). False where fewer than `least` are complete, or where
// of a leader no finite report by then is known: it may have stood as badly.
bool is_behind_leaders(const History& history, const Trial& trial, std::int64_t least);

// Whether a trial under several objectives is further from the front than each of its members was
// at its step: it can no longer enter, as far as they tell. `view` is that of front_view.hpp.
bool is_behind_front(const FrontView& view, const Trial& trial);

}  // namespace caviar
