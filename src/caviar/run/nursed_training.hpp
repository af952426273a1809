// One training that is a run: logged, snapshotted, and open to requests while it runs.
//
// There is one mechanism: the training stops between two iterations, its state is taken, and from
// (state, settings) it goes on. To steer is to go on with other settings; to roll back, with the
// state of a snapshot; to branch, in another folder; to replay, with what the log says was done.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/run/record.hpp"
#include "caviar/run/run_folder.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar {

struct RunStart {
  TrainSpec spec;
  std::uint64_t data = 0;  // fingerprint() of what it trains on
  SnapshotRules snapshots;
  std::string nurse;  // rules as JSON; "": none
};

// A training that was none of the runs, and becomes one on its way.
struct RunHandover {
  std::vector<EpochLine> epochs;  // that are done
  TrainingState<float> state;
  std::string text;       // for people
  std::string continues;  // what it went on from, which is not told here; "": all of it is
};

// Begins the log of a new run.
void begin_run(const RunFolder& run, const RunStart& start);
// The same for a training that has begun already; its folders are made.
void begin_run(const RunFolder& run, const RunStart& start, RunHandover from);

struct BranchStart {
  std::string runs, name;  // of the new run
  std::string to;          // a snapshot, as snapshot_named() names it
  Point changes;           // as steer() takes them
};

// Makes a new run that begins with a snapshot of another one. Throws Error{input} before anything
// is written.
RunFolder begin_branch(const RunFolder& parent, const BranchStart& start);

// Makes a new run that begins as another one did.
RunFolder begin_replay(const std::string& runs, const std::string& name, const RunFolder& replayed);

struct RunHooks {
  Watcher on_epoch = {};
  std::function<void(const RunNote&)> on_note = {};  // what a person should know
  std::function<bool()> interrupted = {};            // true: held as soon as may be
  // Asked every now and then, also while it is paused; `stop`: ended with the best weights so far.
  std::function<Flow()> look = {};
};

struct NursedResult {
  TrainResult training;
  bool held = false;  // it was interrupted and can go on; `training` says nothing
};

class NursedTraining {
 public:
  // Of a run that has begun: from its start, or where its last program left it. Throws
  // Error{conflict} where another program runs it or it has ended, Error{input} where its log
  // cannot be read.
  explicit NursedTraining(const RunFolder& run);
  ~NursedTraining();

  const RunRecord& record() const;
  const TrainSpec& spec() const;  // that holds now
  // To the end, or until it is interrupted. `data` is what the spec names, prepared. With a
  // replayed run, that one's steps are taken and nobody else steers.
  NursedResult run(const PreparedData& data, const RunHooks& hooks,
                   const RunRecord* replayed = nullptr);

  // Once it is over and nobody needs it any more: all snapshots go but those that a person asked
  // for.
  void keep_only_asked();

 private:
  class Driver;
  std::unique_ptr<Driver> driver_;
};

// The kept snapshot that "epoch:12", "snapshot:3" or "start" names: its number, −1 the start.
// Throws Error{input} that says which are kept.
int snapshot_named(const RunRecord& record, const std::string& to);

// The log's line for the removal of the snapshot that `to` names. Throws Error{input} where there
// is none, or where the run needs it: to go on, or as its beginning.
Json removal(const RunRecord& record, const std::string& to);
// Removes it from a run that no program runs; what it then says. Throws as above, Error{conflict}
// where a program runs it, Error{io}.
std::string remove_snapshot(const RunFolder& run, const std::string& to);

}  // namespace caviar
