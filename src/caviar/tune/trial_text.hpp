// One trial for people: how it stands, who proposed it and why, what it ran with and came to.
#pragma once

#include <string>

#include "caviar/trial/history.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar {

// `number` must be one of the history's trials.
std::string trial_text(const History& history, int number, const Terminal& terminal);

}  // namespace caviar
