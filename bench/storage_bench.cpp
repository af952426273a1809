// How fast a study is stored, and how fast a long one is opened.
//
// Each trial has six parameters and a few metrics, as a tuned network has; the folder is the
// system's temporary one (TMPDIR chooses another disk).
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <latch>
#include <string>
#include <thread>
#include <vector>

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

// Trials that end at the same time, each in a thread of its own: ends alone, and asked and ended.
void several_end(benchmark::State& state, bool asking) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  constexpr int each = 100;
  const TempFolder folder;
  Study study(spec(), open_storage(folder.file("study.db")));
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<std::vector<int>> numbers(threads);
    for (auto& own : numbers) {
      for (int k = 0; !asking && k < each; ++k) own.push_back(study.ask()->number);
    }
    std::latch begin(static_cast<std::ptrdiff_t>(threads) + 1);
    std::vector<std::jthread> workers;
    for (auto& own : numbers) {
      workers.emplace_back([&study, &begin, &own, asking] {
        begin.arrive_and_wait();
        for (int k = 0; k < each; ++k) {
          const int trial = asking ? study.ask()->number : own[static_cast<std::size_t>(k)];
          study.tell(trial, 0.25);
        }
      });
    }
    state.ResumeTiming();
    begin.arrive_and_wait();
    workers.clear();
  }
  state.counters["trials/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(threads) * each,
      benchmark::Counter::kIsRate);
}
void ends_together(benchmark::State& state) { several_end(state, false); }
void asks_and_ends_together(benchmark::State& state) { several_end(state, true); }
BENCHMARK(ends_together)->Arg(1)->Arg(8)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(asks_and_ends_together)->Arg(8)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);

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
  state.counters["bytes_a_value"] = 1024 * memory / trials / 6;
  state.counters["MB_file"] = static_cast<double>(fs::file_size(path)) / (1 << 20);
}
BENCHMARK(open_study)
    ->Arg(1000)
    ->Arg(10000)
    ->Arg(100000)
    ->Arg(1000000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Ask and tell at the end of a million trials, in memory: each method is asked once before.
void at_a_million(benchmark::State& state, const std::string& sampler) {
  constexpr int trials = 1'000'000;
  const auto storage = open_storage("memory:");
  StudySpec wanted = spec();
  wanted.search.sampler = sampler;
  {
    const Study study(wanted, storage);
    const StudyId id = storage->find("study")->id;
    for (int trial = 0; trial < trials; ++trial) {
      const Event events[] = {asked(trial, study), ended(trial)};
      storage->append(id, events);
    }
  }
  Study study(wanted, storage);
  study.tell(study.ask()->number, 0.5);
  for (auto _ : state) study.tell(study.ask()->number, 0.5);
}
void random_at_a_million(benchmark::State& state) { at_a_million(state, "random"); }
void tpe_at_a_million(benchmark::State& state) { at_a_million(state, "tpe"); }
BENCHMARK(random_at_a_million)->UseRealTime()->Unit(benchmark::kMicrosecond)->Iterations(200);
BENCHMARK(tpe_at_a_million)->UseRealTime()->Unit(benchmark::kMicrosecond)->Iterations(50);

}  // namespace
}  // namespace caviar
