#include "caviar/base/machine_memory.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

namespace caviar {

std::uint64_t machine_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGE_SIZE);
  std::uint64_t bytes = 0;
  if (pages > 0 && size > 0) {
    bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size);
  }
  // "max" where the container has no limit, which is no number.
  std::ifstream file("/sys/fs/cgroup/memory.max");
  std::uint64_t limit = 0;
  if (file >> limit && limit > 0) bytes = bytes == 0 ? limit : std::min(bytes, limit);
  return bytes;
}

std::string bytes_text(double bytes) {
  constexpr std::array<const char*, 5> units = {"bytes", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return fmt::format("{:.3g} {}", bytes, units[unit]);
}

}  // namespace caviar
