// Processes that lost their guardian: found by a mark in their environment.
#pragma once

#include <string>

namespace caviar {

inline constexpr const char* mark_variable = "CAVIAR_MARK";

// A mark that no other command on this machine has; it says which program runs the command.
std::string new_mark();

// Kills every process of this user that has the mark, until none is left.
void kill_marked(const std::string& mark);

// Kills what is left of commands whose program has ended: their guardians do so, unless somebody
// killed them in the same moment. How many processes that were.
int kill_orphans();

}  // namespace caviar
