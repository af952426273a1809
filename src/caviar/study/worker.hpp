// Which program runs a trial, so that another one can tell whether it is still there.
#pragma once

#include <string>

namespace caviar {

// This program: "host/boot/pid namespace/pid/start time". The start time tells it from a later
// program with the same pid, the boot from one before a restart of the machine.
std::string this_worker();

// What is known of it. Of one on another machine or in another container nothing is.
enum class Fate { alive, gone, unknown };
Fate fate_of(const std::string& worker);
inline bool surely_gone(const std::string& worker) { return fate_of(worker) == Fate::gone; }

}  // namespace caviar
