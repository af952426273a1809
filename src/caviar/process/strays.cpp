#include "caviar/process/strays.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

namespace caviar {
namespace {

namespace fs = std::filesystem;

// The entry "NAME=value" of a process's environment, which is a row of texts, each with a zero.
bool has_entry(const fs::path& process, const std::string& entry) {
  std::ifstream file(process / "environ", std::ios::binary);
  const std::string all(std::istreambuf_iterator<char>(file), {});
  return ('\0' + all).find('\0' + entry + '\0') != std::string::npos;
}

// How many were found.
int kill_once(const std::string& entry) {
  int found = 0;
  std::error_code ended;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc", ended)) {
    const std::string name = process.path().filename();
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size()) continue;
    if (!has_entry(process.path(), entry)) continue;
    ++found;
    ::kill(number, SIGKILL);
  }
  return found;
}

}  // namespace

std::string new_mark() {
  static const std::string program = std::to_string(std::random_device{}());
  static std::atomic<int> commands = 0;
  return program + "-" + std::to_string(++commands);
}

void kill_marked(const std::string& mark) {
  const std::string entry = std::string(mark_variable) + '=' + mark;
  for (int attempt = 0; attempt < 1000 && kill_once(entry) > 0; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace caviar
