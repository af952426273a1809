#include "caviar/base/proc.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include <unistd.h>

namespace caviar {

std::string proc_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<std::string> process_start(const std::string& pid) {
  const std::string stat = proc_file("/proc/" + pid + "/stat");
  const std::size_t name_end = stat.rfind(')');  // a name may itself hold blanks and brackets
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(stat.substr(name_end + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
  constexpr std::size_t state = 0, start = 19;  // fields 3 and 22 of the whole line
  if (fields.size() <= start || fields[state] == "Z" || fields[state] == "X") return std::nullopt;
  return fields[start];
}

// "pid:[4026531836]" → "4026531836"
std::string pid_namespace() {
  std::array<char, 64> link{};
  const ssize_t size = readlink("/proc/self/ns/pid", link.data(), link.size());
  const std::string text(link.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t begin = text.find('[');
  return begin == std::string::npos ? "" : text.substr(begin + 1, text.find(']') - begin - 1);
}

}  // namespace caviar
