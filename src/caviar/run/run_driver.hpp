// The inside of a nursed training: its log and record, its state between two stretches, and what
// is done to it there.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caviar/run/allowance.hpp"
#include "caviar/run/nurse.hpp"
#include "caviar/run/nursed_training.hpp"
#include "caviar/run/replay.hpp"
#include "caviar/run/run_log.hpp"

namespace caviar {

class NursedTraining::Driver {
 public:
  explicit Driver(const RunFolder& run);

  NursedResult run(const PreparedData& data, const RunHooks& hooks, const RunRecord* replayed);

  const RunRecord& record() const { return record_; }
  const TrainSpec& spec() const { return spec_; }

  void keep_only_asked();

 private:
  // The training's own thread, within a stretch (run_driver.cpp).
  Control control();
  Flow after_iteration(const Iteration& at);
  Flow after_epoch(const Epoch& epoch);
  bool wanted(const RunMoment& at);
  bool interrupted() const;
  bool told_to_stop();
  EpochLine vitals(const Epoch& epoch) const;
  void pulse(const Iteration& at);
  NursedResult ended(TrainResult result);
  NursedResult held();
  bool rescued(const TrainResult& result);

  // Between two stretches (run_requests.cpp).
  void attend();
  void take_steps();
  void handle(const RunRequest& request);
  void handle_steer(const RunRequest& request);
  void handle_rollback(const RunRequest& request);
  void handle_pause(const RunRequest& request);
  void handle_cancel(const RunRequest& request);
  void handle_remove(const RunRequest& request);
  void handle_stop(const std::string& id, int rule, const std::string& why);
  void apply(const Point& changes, const std::string& id, int rule, const std::string& why);
  void go_back(int number, TrainSpec spec, Json line, const std::string& text);
  void obey_nurse();
  void refuse(const std::string& id, const std::string& why);

  // State and settings (run_state.cpp).
  RunMoment now() const;
  int take_snapshot(const std::string& why, const std::string& id = "");
  void remove_snapshots();
  void load_state(int number);
  void take_up();
  void note(Json line);

  const RunFolder folder_;
  RunLog log_;
  RunRecord record_;
  TrainSpec spec_;
  std::vector<NurseRule> nurse_;
  std::optional<TrainingState<float>> state_;  // none: the start

  const PreparedData* data_ = nullptr;
  RunHooks hooks_;
  std::deque<ReplayStep> steps_;
  std::map<int, int> copies_;  // snapshots of the replayed run → of this one
  bool replays_ = false, stopping_ = false, stretch_over_ = false;
  std::optional<NurseFinding> finding_;
  std::optional<RunMoment> diverged_;  // where it could not go on, until something is done about it
  double gradient_norm_ = unknown, seconds_before_ = 0;
  Allowance inbox_{0.002, std::chrono::milliseconds(10), std::chrono::milliseconds(50)};
  Allowance look_{0.002, std::chrono::milliseconds(10), std::chrono::milliseconds(100)};
  Allowance vitals_{0.003};
  Allowance automatic_{0.01, std::chrono::seconds(1)};
  Allowance pulse_{1, std::chrono::seconds(1), std::chrono::seconds(1)};
};

}  // namespace caviar
