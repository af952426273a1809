#include "caviar/study/worker.hpp"

#include <array>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "caviar/base/proc.hpp"

namespace caviar {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string host() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string boot() {
  return proc_file("/proc/sys/kernel/random/boot_id").substr(0, 8);  // of a random UUID
}

}  // namespace

std::string this_worker() {
  const std::string pid = std::to_string(getpid());
  return host() + '/' + boot() + '/' + pid_namespace() + '/' + pid + '/' +
         process_start(pid).value_or("");
}

Fate fate_of(const std::string& worker) {
  const auto parts = split(worker, '/');
  if (parts.size() != 5 || parts[0] != host() || parts[1].empty()) return Fate::unknown;
  if (parts[1] != boot()) return Fate::gone;
  if (parts[2] != pid_namespace()) return Fate::unknown;
  return process_start(parts[3]) == parts[4] ? Fate::alive : Fate::gone;
}

}  // namespace caviar
