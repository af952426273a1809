// How long the program takes to start: to its version, and to its first proposal over
// `ask-tell`. An empty program is the limit.
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "caviar/base/file.hpp"

extern char** environ;

namespace caviar {
namespace {

const char* const space =
    R"({"learning_rate": {"type": "float", "low": 1e-5, "high": 0.1, "scale": "log"},
        "units": {"type": "int", "low": 16, "high": 256}})";

// Runs the program to its end; its input is the file, its output nowhere. The exit status.
int run(std::vector<std::string> words, const std::string& input) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = posix_spawn(&child, arguments[0], &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (status == 0) waitpid(child, &status, 0);
  return status;
}

void start(benchmark::State& state, const std::vector<std::string>& words,
           const std::string& input = "/dev/null") {
  for (auto _ : state) {
    if (run(words, input) != 0) state.SkipWithError("the program failed");
  }
}

void start_empty_program(benchmark::State& state) { start(state, {"/bin/true"}); }
void start_to_version(benchmark::State& state) { start(state, {CAVIAR_PROGRAM, "--version"}); }

void start_to_first_proposal(benchmark::State& state, const std::string& sampler) {
  std::string folder = (std::filesystem::temp_directory_path() / "caviar-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no temporary folder");
  write_file(folder + "/space.json", space);
  write_file(folder + "/requests", "{\"op\":\"ask\"}\n");
  start(state,
        {CAVIAR_PROGRAM, "ask-tell", "--space", folder + "/space.json", "--sampler", sampler},
        folder + "/requests");
  std::filesystem::remove_all(folder);
}

constexpr auto unit = benchmark::kMillisecond;
BENCHMARK(start_empty_program)->Unit(unit)->UseRealTime();
BENCHMARK(start_to_version)->Unit(unit)->UseRealTime();
BENCHMARK_CAPTURE(start_to_first_proposal, random, "random")->Unit(unit)->UseRealTime();
BENCHMARK_CAPTURE(start_to_first_proposal, gp, "gp")->Unit(unit)->UseRealTime();

}  // namespace
}  // namespace caviar
