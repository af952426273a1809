// How much memory there is.
#pragma once

#include <cstdint>
#include <string>

namespace caviar {

// Bytes that this program may use at most: the machine's memory, or less where a container
// (/sys/fs/cgroup/memory.max) says so. 0: not known.
std::uint64_t machine_memory();

// "1.5 GB": of 1024 × 1024 × 1024 bytes, to three digits.
std::string bytes_text(double bytes);

}  // namespace caviar
