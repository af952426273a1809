#include "caviar/objective/trial_training.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/objective/trial_course.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_snapshot_bytes = std::uint64_t{256} << 20U;
constexpr int nursed_snapshots = 20;  // of a training that rules may roll back

bool is_change(const RunNote& note) {
  return note.event == "steered" || note.event == "rolled_back";
}

// By a person; what rules did they would do again.
bool is_changed(const RunRecord& record) {
  return std::ranges::any_of(record.notes,
                             [](const RunNote& note) { return is_change(note) && note.rule < 0; });
}

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error(Fault::io, path + ": cannot be made: " + error.message());
}

}  // namespace

RunFolder run_of_trial(const std::string& all, int trial) {
  return {trial_folder(all, trial).path, "trial " + std::to_string(trial)};
}

TrialTraining::TrialTraining(const PreparedData& data, const Course& course, std::string folder,
                             std::string nurse, ActiveTrial& trial, Watcher on_epoch)
    : data_(data),
      course_(course),
      folder_(std::move(folder)),
      nurse_(std::move(nurse)),
      trial_(trial),
      on_epoch_(std::move(on_epoch)),
      spec_(spec_at(course, course.stages.size() - 1)),
      until_(course.stages.back().until),
      epochs_(settings(spec_).epochs) {}

TrainResult TrialTraining::run(const TrainingState<float>* from) {
  if (const std::optional<RunFolder> run = taken_over()) return nurse(*run);
  if (!nurse_.empty()) return nurse(begin_nursed());
  Control hooks;
  hooks.resume = from;
  hooks.on_epoch = [this](const Epoch& epoch) { return after_epoch(epoch); };
  hooks.on_iteration = [this](const Iteration& at) { return after_iteration(at); };
  TrainResult result = train(data_, spec_, settings(spec_), hooks);
  return opened_ ? nurse(become_a_run(from != nullptr)) : result;
}

Flow TrialTraining::after_epoch(const Epoch& epoch) {
  const Flow flow = on_epoch_(epoch);
  if (!folder_.empty()) passed_.push_back({epoch});
  if (flow == Flow::stop) return Flow::stop;
  if (epoch.epoch >= until_ && until_ < epochs_) {
    cut_ = epoch.state();
    return Flow::stop;
  }
  if (epoch.epoch < epochs_ && rung()) opened_ = epoch.state();
  return opened_ ? Flow::stop : Flow::go;
}

// The last iteration of an epoch is left to after_epoch, which follows at once. Asked after every
// iteration, so it looks at one clock before it looks anywhere else.
Flow TrialTraining::after_iteration(const Iteration& at) {
  if (at.iteration == at.iterations || !door_.open()) return Flow::go;
  if (study_.open()) study_.spend([&] { trial_.look(); });
  if (trial_.should_prune()) return Flow::stop;
  if (rung()) opened_ = at.state();
  return opened_ ? Flow::stop : Flow::go;
}

bool TrialTraining::rung() {
  if (!door_.open()) return false;
  bool found = false;
  door_.spend([&] {
    found = !folder_.empty() &&
            ::access(run_of_trial(folder_, trial_.number()).inbox().c_str(), F_OK) == 0;
  });
  return found;
}

// What an earlier study of that name left in this one's place is taken away.
std::optional<RunFolder> TrialTraining::taken_over() {
  if (folder_.empty()) return std::nullopt;
  RunFolder own = run_of_trial(folder_, trial_.number());
  std::error_code error;
  if (fs::exists(own.log(), error)) fs::remove_all(own.path, error);
  const std::optional<double> repeated = number_in(trial_.note(), repeats_note);
  if (!repeated) return std::nullopt;
  const RunFolder earlier = run_of_trial(folder_, static_cast<int>(*repeated));
  if (!fs::exists(earlier.log(), error) || is_running(earlier.log())) return std::nullopt;
  try {
    const RunRecord record(earlier.log());
    if (record.phase == RunPhase::ended || !is_changed(record)) return std::nullopt;
    if (record.data != fingerprint(data_)) return std::nullopt;
    fs::rename(earlier.path, own.path, error);
    if (error) return std::nullopt;
    for (const RunNote& note : record.notes) tell(note);
    return own;
  } catch (const Error&) {  // it cannot be read: the trial begins anew
    return std::nullopt;
  }
}

RunFolder TrialTraining::make_run() const {
  RunFolder run = run_of_trial(folder_, trial_.number());
  make_folder(run.inbox());
  make_folder(run.snapshots());
  return run;
}

RunStart TrialTraining::start_of_run() const {
  RunStart start{.spec = spec_, .data = fingerprint(data_), .snapshots = {}, .nurse = nurse_};
  start.snapshots.bytes = most_snapshot_bytes;
  // Where rules roll back to must not be a matter of how fast the machine is.
  if (!nurse_.empty()) start.snapshots.every = 1 + epochs_ / nursed_snapshots;
  return start;
}

RunFolder TrialTraining::begin_nursed() const {
  const RunFolder run = make_run();
  begin_run(run, start_of_run());
  return run;
}

RunFolder TrialTraining::become_a_run(bool continues) {
  const RunFolder run = make_run();
  const RunMoment at{opened_->epoch, opened_->iteration};
  RunHandover from{.epochs = passed_,
                   .state = *std::move(opened_),
                   .text = fmt::format("trial {}, opened {}", trial_.number(), to_text(at)),
                   .continues = ""};
  if (continues) from.continues = fmt::format("trial {}", *parent_of(trial_.note()));
  begin_run(run, start_of_run(), std::move(from));
  return run;
}

TrainResult TrialTraining::nurse(const RunFolder& run) {
  NursedTraining nursed(run);
  RunHooks hooks;
  hooks.on_epoch = [&](const Epoch& epoch) {
    const Flow flow = on_epoch_(epoch);
    if (trial_.interrupted()) return Flow::go;  // it is held
    if (flow == Flow::stop || epoch.epoch < until_ || until_ >= epochs_) return flow;
    cut_ = epoch.state();
    return Flow::stop;
  };
  hooks.on_note = [this](const RunNote& note) { tell(note); };
  hooks.interrupted = [this] { return trial_.interrupted(); };
  hooks.look = [this] {
    trial_.look();
    return trial_.should_prune() && !trial_.interrupted() ? Flow::stop : Flow::go;
  };
  NursedResult result = nursed.run(data_, hooks);
  if (result.held) return std::move(result.training);
  if (is_changed(nursed.record())) {
    cut_.reset();  // nobody goes on with another training than the search proposed
  } else {
    nursed.keep_only_asked();
  }
  return std::move(result.training);
}

void TrialTraining::tell(const RunNote& note) {
  if (note.rule >= 0) {
    trial_.nursed(note.changes, note.text);
  } else if (is_change(note)) {
    trial_.touched(note.changes, note.text);
  }
}

NursedResult repeat(const RunFolder& run, const PreparedData& data,
                    const std::function<bool()>& interrupted) {
  std::error_code ignored;
  fs::remove_all(run.path + "/replay", ignored);
  const RunRecord record(run.log());
  const RunFolder again = begin_replay(run.path, "replay", run);
  RunHooks hooks;
  hooks.interrupted = interrupted;
  NursedResult result = NursedTraining(again).run(data, hooks, &record);
  fs::remove_all(again.path, ignored);
  return result;
}

}  // namespace caviar
