// Which program runs a trial, so that another one can tell whether it is still there.
#pragma once

#include <string>

namespace caviar {

// This program: "host/boot/pid namespace/pid/start time". The start time tells it from a later
// program with the same pid, the boot from one before a restart of the machine.
std::string this_worker();

// Whether it ran on this machine and has ended. False for one on another machine or in another
// container, of which nothing can be known.
bool surely_gone(const std::string& worker);

}  // namespace caviar
