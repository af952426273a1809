// What the system tells about processes.
#pragma once

#include <optional>
#include <string>

namespace caviar {

// Everything in a small file of /proc; empty where there is none.
std::string proc_file(const std::string& path);

// When the process began, in clock ticks since boot: tells it from a later one with its number.
// nullopt where it has ended (or is a zombie).
std::optional<std::string> process_start(const std::string& pid);

// The number of this process's pid namespace: processes see each other's pids only within one.
std::string pid_namespace();

}  // namespace caviar
