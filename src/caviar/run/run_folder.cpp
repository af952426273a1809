#include "caviar/run/run_folder.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

// A name is a folder's name and a word of a command line.
void check_name(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (plain && !name.empty() && name[0] != '.' && name[0] != '-' && name.size() <= 100) return;
  throw Error(Fault::input, "'" + name +
                                "' is no name for a run; up to 100 letters, digits, '-', '_' and "
                                "'.' were expected, beginning with a letter or digit");
}

}  // namespace

std::string RunFolder::name() const { return title.empty() ? file_name(path) : title; }

RunFolder create_run(const std::string& runs, const std::string& name) {
  check_name(name);
  const RunFolder run{runs + "/" + name};
  std::error_code error;
  fs::create_directories(runs, error);
  // Of two that try at once, one makes the folder.
  const bool made = !error && fs::create_directory(run.path, error);
  if (!made && !error) {
    throw Error(Fault::conflict, "there is a run '" + name + "' in " + runs +
                                     " already; give another name, or remove its folder");
  }
  if (!error) fs::create_directory(run.inbox(), error);
  if (!error) fs::create_directory(run.snapshots(), error);
  if (error) throw Error(Fault::io, run.path + ": cannot make the folder: " + error.message());
  return run;
}

RunFolder find_run(const std::string& runs, const std::string& name) {
  const RunFolder run{runs + "/" + name};
  if (!name.empty() && name.find('/') == std::string::npos && fs::exists(run.log())) return run;
  std::vector<std::string> known;
  for (const RunFolder& other : list_runs(runs)) known.push_back(other.name());
  throw Error(Fault::missing, "there is no run '" + name + "' in " + runs +
                                  (known.empty() ? "" : suggestion(name, known)));
}

std::vector<RunFolder> list_runs(const std::string& runs) {
  std::vector<RunFolder> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(runs, error)) {
    const RunFolder run{runs + "/" + entry.path().filename().string()};
    if (fs::exists(run.log(), error)) found.push_back(run);
  }
  std::sort(found.begin(), found.end(),
            [](const RunFolder& a, const RunFolder& b) { return a.path < b.path; });
  return found;
}

}  // namespace caviar
