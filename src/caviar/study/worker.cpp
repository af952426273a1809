#include "caviar/study/worker.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace caviar {
namespace {

// Everything in a small file of /proc; empty where there is none.
std::string proc_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

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

// "pid:[4026531836]" → "4026531836": processes see each other's pids only within one.
std::string pid_namespace() {
  std::array<char, 64> link{};
  const ssize_t size = readlink("/proc/self/ns/pid", link.data(), link.size());
  const std::string text(link.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t begin = text.find('[');
  return begin == std::string::npos ? "" : text.substr(begin + 1, text.find(']') - begin - 1);
}

// When the process began, in clock ticks since boot; nullopt where it has ended (or is a zombie).
std::optional<std::string> start_of(const std::string& pid) {
  const std::string stat = proc_file("/proc/" + pid + "/stat");
  const std::size_t name_end = stat.rfind(')');  // a name may itself hold blanks and brackets
  if (name_end == std::string::npos) return std::nullopt;
  const auto fields = split(std::string_view(stat).substr(name_end + 1), ' ');
  constexpr std::size_t state = 1, start = 20;  // fields 3 and 22 of the whole line
  if (fields.size() <= start || fields[state] == "Z" || fields[state] == "X") return std::nullopt;
  return fields[start];
}

}  // namespace

std::string this_worker() {
  const std::string pid = std::to_string(getpid());
  return host() + '/' + boot() + '/' + pid_namespace() + '/' + pid + '/' +
         start_of(pid).value_or("");
}

Fate fate_of(const std::string& worker) {
  const auto parts = split(worker, '/');
  if (parts.size() != 5 || parts[0] != host() || parts[1].empty()) return Fate::unknown;
  if (parts[1] != boot()) return Fate::gone;
  if (parts[2] != pid_namespace()) return Fate::unknown;
  return start_of(parts[3]) == parts[4] ? Fate::alive : Fate::gone;
}

}  // namespace caviar
