#include "caviar/process/command.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <unistd.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::string named_by_path(const std::string& name, const std::string& home,
                          const std::string& where) {
  const fs::path path = home.empty() ? fs::path(name) : fs::path(home) / name;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw Error(Fault::missing, where + ": there is no program '" + path.string() + "'");
  }
  if (!is_program(path)) {
    throw Error(Fault::input, where + ": '" + path.string() +
                                  "' cannot be executed: allow it with chmod +x, or name the "
                                  "program that reads it before it");
  }
  return fs::absolute(path).string();
}

}  // namespace

std::string find_program(const std::string& name, const std::string& home,
                         const std::string& where) {
  if (name.find('/') != std::string::npos) return named_by_path(name, home, where);
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  while (!name.empty() && !rest.empty()) {
    const std::size_t end = rest.find(':');
    const fs::path candidate = fs::path(rest.substr(0, end)) / name;
    if (is_program(candidate)) return fs::absolute(candidate).string();
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
  }
  const bool beside = is_program((home.empty() ? fs::path(".") : fs::path(home)) / name);
  throw Error(Fault::missing,
              where + ": there is no program '" + name + "' in PATH" +
                  (beside ? "; the one beside the study file is './" + name + "'" : ""));
}

}  // namespace caviar
