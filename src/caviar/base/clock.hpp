// The time of day as stored: seconds since 1970.
#pragma once

#include <chrono>

namespace caviar {

inline double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace caviar
