#include "caviar/study/optimize.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/study/run_limits.hpp"
#include "caviar/study/study_state.hpp"

namespace caviar {

namespace {

// An objective returns the first value; it has set the others as metrics of their names. One that
// was cut short is not asked for them.
std::vector<double> values_of(const Goal& goal, double first,
                              const std::map<std::string, double>& metrics) {
  std::vector<double> values = {first};
  for (std::size_t k = 1; k < goal.objectives(); ++k) {
    const auto found = metrics.find(goal.name(k));
    if (found == metrics.end()) {
      throw std::runtime_error("it ended without a value of '" + goal.name(k) + "'");
    }
    values.push_back(found->second);
  }
  return values;
}

}  // namespace

// One call of optimize: threads that each ask, run and tell until the run has an ending.
class Optimization {
 public:
  Optimization(Study& study, const Objective& objective, const Limits& limits)
      : study_(study), objective_(objective), limits_(limits), own_limits_(limits) {}

  class Watched;

  OptimizeResult run();
  // Ends the run; optimize throws this.
  void abort(std::exception_ptr error);

 private:
  void beat(const std::stop_token& stop);
  void work(int slot);
  std::optional<Trial> next();
  bool await_a_word(std::unique_lock<std::mutex>& lock);
  void run_one(Trial trial, int slot);
  std::optional<TrialState> end(ActiveTrial& trial, Ended ended);
  Ended outcome(ActiveTrial& trial) const;
  void check_reported(int trial);
  std::optional<Ending> limit_met() const;
  bool stopping() const { return aborted_ || (limits_.interrupt != nullptr && *limits_.interrupt); }

  Study& study_;
  const Objective& objective_;
  const Limits& limits_;
  std::atomic<bool> aborted_ = false;
  std::atomic<bool> reported_ = false;  // by some trial

  std::mutex mutex_;  // of what follows
  std::condition_variable trial_ended_;
  int running_ = 0;
  int ended_ = 0;  // trials of this run
  RunLimits own_limits_;
  std::optional<Ending> ending_;
  OptimizeResult result_;
  std::exception_ptr error_;
};

OptimizeResult Optimization::run() {
  {
    const std::jthread heart([this](const std::stop_token& stop) { beat(stop); });
    std::vector<std::jthread> helpers;
    for (int job = 1; job < limits_.jobs; ++job) helpers.emplace_back([this, job] { work(job); });
    work(0);
  }
  if (error_) std::rethrow_exception(error_);
  result_.ending = *ending_;
  result_.expected_gain =
      study_.state_->read([&] { return study_.state_->stopping->expected_gain(); });
  return result_;
}

void Optimization::abort(std::exception_ptr error) {
  const std::scoped_lock lock(mutex_);
  if (!error_) error_ = std::move(error);
  aborted_ = true;
  trial_ended_.notify_all();
}

// Tells other programs that this one is there. A disk that refuses it will refuse more than this.
void Optimization::beat(const std::stop_token& stop) {
  if (!study_.state_->storage->is_shared()) return;
  std::mutex mutex;
  std::condition_variable_any nobody;
  std::unique_lock lock(mutex);
  const std::chrono::duration<double> heartbeat(limits_.heartbeat_s);
  while (!nobody.wait_for(lock, stop, heartbeat, [&] { return stop.stop_requested(); })) {
    try {
      study_.state_->say_alive();
    } catch (const Error&) {
      continue;
    }
  }
}

void Optimization::work(int slot) {
  try {
    while (std::optional<Trial> trial = next()) {
      run_one(std::move(*trial), slot);
      const std::scoped_lock lock(mutex_);
      --running_;
      ++ended_;
      trial_ended_.notify_all();
    }
  } catch (...) {
    abort(std::current_exception());
  }
}

std::optional<Trial> Optimization::next() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    ending_ = limit_met();
    if (ending_) break;
    ++running_;
    const int ended_before = ended_;
    lock.unlock();
    auto asked = study_.state_->change([&] { return study_.state_->ask(limits_.trials); });
    if (auto* trial = std::get_if<Trial>(&asked)) return std::move(*trial);
    lock.lock();
    --running_;
    if (const auto* ending = std::get_if<Ending>(&asked)) {
      ending_ = *ending;
      break;
    }
    const NoTrial why = std::get<NoTrial>(asked);
    if (why == NoTrial::limit && await_a_word(lock)) continue;
    // Of this run. One that runs may yet be lost to another program, which queues it again.
    const bool all_over = running_ == 0 && ended_ == ended_before;
    if (why == NoTrial::limit && all_over) {
      ending_ = Ending::trials;
    } else if (why == NoTrial::nothing_left && all_over) {
      ending_ = Ending::exhausted;
    } else if (why == NoTrial::not_yet && running_ == 0) {  // it runs in another program
      trial_ended_.wait_for(lock, std::chrono::duration<double>(limits_.heartbeat_s / 2));
    } else {  // the sampler may wait for the outcome of what runs
      trial_ended_.wait(lock, [&] { return ending_ || aborted_ || ended_ != ended_before; });
    }
  }
  trial_ended_.notify_all();
  return std::nullopt;
}

// All trials are given out, some to programs on other machines. If one of these has died, its
// trials are to be run here: false once that is known not to be.
bool Optimization::await_a_word(std::unique_lock<std::mutex>& lock) {
  Study::State& state = *study_.state_;
  lock.unlock();
  const bool waits = state.read([&] { return state.waits_for_a_word(); });
  lock.lock();
  if (waits) {
    trial_ended_.wait_for(lock, std::chrono::duration<double>(limits_.heartbeat_s / 2));
  }
  return waits;
}

std::optional<Ending> Optimization::limit_met() const {
  if (stopping()) return Ending::interrupted;
  return own_limits_.met();
}

void Optimization::run_one(Trial trial, int slot) {
  ActiveTrial active(study_, std::move(trial));
  active.slot_ = slot;
  active.interrupt_ = [this] {
    return stopping() || (limits_.stop_running && own_limits_.out_of_time());
  };
  Ended ended = outcome(active);
  const std::optional<TrialState> how = end(active, std::move(ended));
  if (!how) return;
  if (*how == TrialState::complete) check_reported(active.number());
  const std::scoped_lock lock(mutex_);
  ++result_.ran;
  if (*how == TrialState::failed) ++result_.failed;
  own_limits_.ended(*how);
}

// A pruner that has nothing to judge would be believed to work.
void Optimization::check_reported(int trial) {
  if (reported_ || !prunes(study_.spec().pruner)) return;
  study_.inspect([&](const History& history) {
    reported_ = std::ranges::any_of(history.trials(),
                                    [](const Trial& one) { return !one.reports.empty(); });
  });
  if (reported_) return;
  throw Error(Fault::input,
              "study '" + study_.spec().name + "': pruner: trial " + std::to_string(trial) +
                  " has its value and reported nothing on its way, which a pruner judges; let the "
                  "objective report it with a step (a program: step=3 " +
                  study_.spec().goal.metric + "=0.42), or leave the pruner out");
}

// How it counts; nullopt where it does not: interrupted, or ended before by another program that
// took this one for dead, and has it run again.
std::optional<TrialState> Optimization::end(ActiveTrial& trial, Ended ended) try {
  if (trial.lost_) return std::nullopt;
  Study::State& state = *study_.state_;
  if (trial.cut_short_) {
    state.change([&] { state.interrupt(trial.number(), trial.used_); });
    return std::nullopt;
  }
  ended.trial = trial.number();
  ended.metrics = std::move(trial.metrics_);
  if (trial.used_ && *trial.used_ != trial.point()) ended.point = std::move(trial.used_);
  return state.end_with_others(std::move(ended), trial.ended_by_itself_);
} catch (const Error& error) {
  if (error.fault() != Fault::conflict) throw;
  return std::nullopt;
}

// Runs the objective. An interrupt has its own word, in the trial.
Ended Optimization::outcome(ActiveTrial& trial) const {
  const Goal& goal = study_.spec().goal;
  Ended ended;
  try {
    const double value = objective_(trial);
    if (!trial.halted_) return end_with(goal, values_of(goal, value, trial.metrics_));
    ended.state = TrialState::pruned;
  } catch (const std::exception& error) {
    ended.state = TrialState::failed;
    ended.why = error.what();
  } catch (...) {
    ended.state = TrialState::failed;
    ended.why = "the objective threw something that is not a std::exception";
  }
  return ended;
}

// While it lives, the observer sees what the study appends.
class Optimization::Watched {
 public:
  Watched(Study::State& state, const Limits& limits, const Observer& observer, Optimization& run)
      : state_(state) {
    const std::scoped_lock lock(state_.mutex);
    if (state_.optimizing) {
      throw Error(Fault::conflict, "optimize: this study is being optimized by another call");
    }
    state_.optimizing = true;
    kept_ = state_.stopping;
    state_.stopping.emplace(limits, state_.spec.search);
    if (!observer) return;
    state_.observer = [&observer, &run](const Event& event) {
      try {
        observer(event);
      } catch (...) {
        run.abort(std::current_exception());
      }
    };
  }
  ~Watched() {
    std::unique_lock lock(state_.mutex);
    state_.delivered.wait(lock, [this] { return !state_.delivering; });
    state_.observer = nullptr;
    state_.stopping = kept_;
    state_.optimizing = false;
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  Study::State& state_;
  std::optional<Stopping> kept_;  // what ask() keeps outside of this run
};

OptimizeResult Study::optimize(const Objective& objective, const Limits& limits,
                               const Observer& observer) {
  if (limits.jobs < 1) {
    throw Error(Fault::input, "jobs: " + std::to_string(limits.jobs) + " given, at least 1 wanted");
  }
  const std::chrono::duration<double> heartbeat(limits.heartbeat_s);
  state_->change([&] {
    state_->leases.set_heartbeat(heartbeat);
    state_->between_looks = std::min(state_->between_looks, heartbeat);
    state_->keep_order(limits.deterministic ? limits.jobs : 0);
    if (state_->storage->is_shared()) state_->say_alive();
  });
  Optimization optimization(*this, objective, limits);
  const Optimization::Watched watched(*state_, limits, observer, optimization);
  return optimization.run();
}

}  // namespace caviar
