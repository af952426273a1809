// A run as its log tells it: everything that is known of a run is a fold of its lines.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caviar/nn/fit.hpp"
#include "caviar/run/inbox.hpp"
#include "caviar/run/snapshots.hpp"

namespace caviar {

struct EpochLine : EpochStats {
  double samples_per_second = unknown;
  double gradient_norm = unknown, weight_norm = unknown;  // the last gradient; Euclidean
  double dead_units = unknown;                            // the share of the hidden units
};

// A line for people: an intervention, an answer, a beginning or an end.
struct RunNote {
  std::string event, text;
  RunMoment at;
  double time = 0;    // since 1970
  std::string train;  // steered, rolled_back: the settings from then on, as JSON
  Point changes;      // steered, rolled_back: what a person or rule changed
  int snapshot = -1;  // that it wrote, or for rolled_back and went_on: went back to; −1: the start
  int rule = -1;      // of the nurse, from 0
  bool diverged = false;  // rolled_back: it could not have gone on
};

enum class RunPhase { running, paused, held, ended };

// Every event with what it says:
//   begun         train, data, snapshots, nurse, folder; from, replay: of which run it is a branch,
//                 a repeat
//   epoch         EpochLine;  pulse: epoch, iteration, iterations, loss within long epochs
//   snapshot      number, at, bytes, checksum, why;  removed: number
//   started       a program runs it;  scheduled: request, will be steered later
//   cancelled     requests: ids of what was scheduled and will not be done
//   steered, rolled_back, paused, resumed, stopped, refused, went_on, held, ended
class RunRecord {
 public:
  RunRecord() = default;
  explicit RunRecord(const std::string& log);  // all of it; throws as LogReader does

  void see(const Json& line);

  std::string begun;   // train spec as JSON
  std::string train;   // the same as it is now
  std::string folder;  // from which the paths in it are meant; "": not told
  std::string from;    // "run1": a branch of it; "": none
  std::string replay;  // "run1": repeats it; "": none
  SnapshotRules rules;
  std::string nurse;              // rules as JSON; "": none
  std::uint64_t data = 0;         // fingerprint() of what it trains on
  std::vector<EpochLine> epochs;  // of the timeline that holds now
  std::vector<RunNote> notes;
  std::vector<Snapshot> snapshots;            // all that are kept, in the order taken
  std::vector<int> path;                      // numbers of those that lie behind the state now
  std::map<std::string, RunRequest> waiting;  // steers for a later epoch, by id
  int next_snapshot = 1;
  bool started = false;  // by a program that ran it
  RunPhase phase = RunPhase::running;
  RunMoment at;
  std::int64_t iterations = 0;  // of an epoch
  double began = 0, last = 0;   // times

  const Snapshot* find(int number) const;  // nullptr where it is not kept
  // That lie behind a snapshot which is kept.
  const std::vector<EpochLine>& epochs_before(int snapshot) const { return before_.at(snapshot); }

 private:
  void see_epoch(const Json& line);
  void see_snapshot(const Json& line);
  void see_return(const Json& line);
  void see_note(const Json& line);

  std::map<int, std::vector<EpochLine>> before_;  // of each snapshot that is kept
};

// What is planned for later epochs, the earliest first: "learning_rate=0.001 from epoch 20 on".
std::vector<std::string> plans(const RunRecord& record);

TrainSpec train_spec_in(const std::string& json);  // "begun" and "train" of a record
// What it began with, its files found from wherever one is now.
TrainSpec spec_begun(const RunRecord& record);
Json to_json(const RunMoment& at);
Json to_json(const EpochLine& epoch);
Json to_json(const Snapshot& snapshot);

}  // namespace caviar
