#include "caviar/process/strays.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <functional>
#include <random>
#include <sstream>
#include <thread>

#include <unistd.h>

#include "caviar/base/proc.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

// The mark in a process's environment, which is a row of texts, each with a zero; "": it has none,
// or is another user's.
std::string mark_of(const fs::path& process) {
  const std::string all = '\0' + proc_file(process / "environ");
  const std::string begin = '\0' + std::string(mark_variable) + '=';
  const std::size_t at = all.find(begin);
  if (at == std::string::npos) return "";
  const std::size_t first = at + begin.size();
  return all.substr(first, all.find('\0', first) - first);
}

// How many were found.
int kill_once(const std::function<bool(const std::string&)>& wanted) {
  int found = 0;
  std::error_code ended;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc", ended)) {
    const std::string name = process.path().filename();
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size() || number == ::getpid()) continue;
    const std::string mark = mark_of(process.path());
    if (mark.empty() || !wanted(mark)) continue;
    ++found;
    ::kill(number, SIGKILL);
  }
  return found;
}

// Until none is left; how many the first look found.
int kill_all(const std::function<bool(const std::string&)>& wanted) {
  const int first = kill_once(wanted);
  int found = first;
  for (int attempt = 0; attempt < 1000 && found > 0; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    found = kill_once(wanted);
  }
  return first;
}

// A mark is "PID-START-NAMESPACE-RANDOM-COUNT". Of another namespace nothing is known.
bool is_orphan(const std::string& mark) {
  std::istringstream words(mark);
  std::string pid, start, place;
  std::getline(words, pid, '-');
  std::getline(words, start, '-');
  std::getline(words, place, '-');
  return !place.empty() && place == pid_namespace() && process_start(pid) != start;
}

}  // namespace

std::string new_mark() {
  const std::string pid = std::to_string(::getpid());
  static const std::string chance = std::to_string(std::random_device{}());
  static std::atomic<int> commands = 0;
  return pid + '-' + process_start(pid).value_or("0") + '-' + pid_namespace() + '-' + chance + '-' +
         std::to_string(++commands);
}

void kill_marked(const std::string& mark) {
  kill_all([&](const std::string& other) { return other == mark; });
}

int kill_orphans() { return kill_all(is_orphan); }

}  // namespace caviar
