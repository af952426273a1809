// How fast a study is stored, and how fast a long one is opened.
//
// Each trial has six parameters and a few metrics, as a tuned network has; the folder is the
// system's temporary one (TMPDIR chooses another disk).
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include "caviar/space/unit.hpp"
#include "caviar/study/study.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

class TempFolder {
 public:
  TempFolder() : path_((fs::temp_directory_path() / "caviar-bench-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw fs::filesystem_error(path_, {});
  }
  ~TempFolder() { fs::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

StudySpec spec() {
  StudySpec spec;
  spec.space = Space({{"learning_rate", Float{1e-4, 1, Scale::log}},
                      {"momentum", Float{0.9, 0.999, Scale::reverse_log}},
                      {"hidden_units", Int{16, 256, Scale::log}},
                      {"batch_size", Int{16, 256, Scale::log, 2}},
                      {"layers", Int{1, 4}},
                      {"optimizer", Choice{{std::string("momentum"), std::string("adam")}}}});
  spec.search.sampler = "random";
  return spec;
}

Event asked(int trial, const Study& study) {
  Rng rng(1, static_cast<std::uint64_t>(trial));
  const Space& space = study.spec().space;
  std::vector<double> unit(space.size());
  for (double& coordinate : unit) coordinate = rng.uniform();
  return Asked{
      trial, {decode(space, unit), "random", {}}, "host/0badcafe/4026531836/4711/123", {}, 1.7e9};
}

Event ended(int trial) {
  Ended ended;
  ended.trial = trial;
  ended.values = {1.0 / (trial + 1)};
  ended.metrics = {{"validation_accuracy", 0.5 + 0.1 / (trial + 1)}, {"epochs", 41}};
  ended.time = 1.7e9 + trial;
  return ended;
}

// Ask, one report, tell: what one trial costs to keep, each step on disk before it returns.
void durable_trials(benchmark::State& state, const std::string& url) {
  Study study(spec(), open_storage(url));
  for (auto _ : state) {
    const Trial trial = *study.ask();
    study.report(trial.number, 1, 0.5);
    study.tell(trial.number, 0.25);
  }
  state.counters["trials/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void in_sqlite(benchmark::State& state) {
  const TempFolder folder;
  durable_trials(state, folder.file("study.db"));
}
BENCHMARK(in_sqlite)->UseRealTime()->Unit(benchmark::kMicrosecond);

void in_memory(benchmark::State& state) { durable_trials(state, "memory:"); }
BENCHMARK(in_memory)->UseRealTime()->Unit(benchmark::kMicrosecond);

// Kilobytes of this program in memory now.
double resident_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
  }
  return 0;
}

void open_study(benchmark::State& state) {
  const auto trials = static_cast<int>(state.range(0));
  const TempFolder folder;
  const std::string path = folder.file("study.db");
  {
    const auto storage = open_storage(path);
    const Study study(spec(), storage);
    const StudyId id = storage->find("study")->id;
    std::vector<Event> events;
    for (int trial = 0; trial < trials; ++trial) {
      events.push_back(asked(trial, study));
      events.push_back(ended(trial));
      if (events.size() < 10000 && trial + 1 < trials) continue;
      storage->append(id, events);
      events.clear();
    }
  }
  double memory = 0, seconds = 0;
  for (auto _ : state) {
    const double before = resident_kb();
    const auto begin = std::chrono::steady_clock::now();
    const Study study = Study::open("study", open_existing_storage(path));
    benchmark::DoNotOptimize(study.best());
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    memory = std::max(memory, resident_kb() - before);
  }
  state.counters["us_per_trial"] = 1e6 * seconds / trials / static_cast<double>(state.iterations());
  state.counters["MB_memory"] = memory / 1024;
  state.counters["MB_file"] = static_cast<double>(fs::file_size(path)) / (1 << 20);
}
BENCHMARK(open_study)->Arg(1000)->Arg(100000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace caviar
