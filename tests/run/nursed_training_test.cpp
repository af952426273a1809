// Steering, rolling back, going on and repeating give the very numbers that they must.
#include "caviar/run/nursed_training.hpp"

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/run/replay.hpp"
#include "caviar/run/steering.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TrainSpec iris() {
  TrainSpec spec;
  spec.data = std::string(CAVIAR_SOURCE_DIR) + "/data/iris.csv";
  spec.targets = {"species"};
  spec.fixed.set("epochs", std::int64_t{12});
  spec.fixed.set("hidden_units", std::int64_t{16});
  spec.fixed.set("batch_norm", true);
  spec.patience.reset();
  return spec;
}

TrainSpec with(TrainSpec spec, const Point& changes) {
  steer(spec, changes);
  return spec;
}

const PreparedData& data() {
  static const PreparedData prepared = prepare(iris());
  return prepared;
}

std::vector<float> weights_of(const TrainResult& result) {
  return {result.model.weights().begin(), result.model.weights().end()};
}

TrainingState<float> state_at(const TrainSpec& spec, const RunMoment& at,
                              const TrainingState<float>* from = nullptr) {
  TrainingState<float> held;
  train(data(), spec, settings(spec),
        Control{.on_epoch =
                    [&](const Epoch& epoch) {
                      if (RunMoment{epoch.epoch + 1, 0} != at) return Flow::go;
                      held = epoch.state();
                      return Flow::stop;
                    },
                .on_iteration =
                    [&](const Iteration& now) {
                      if (RunMoment{now.epoch, now.iteration} != at) return Flow::go;
                      held = now.state();
                      return Flow::stop;
                    },
                .resume = from});
  return held;
}

TrainResult go_on(const TrainSpec& spec, const TrainingState<float>& state) {
  return train(data(), spec, settings(spec), Control{.resume = &state});
}

RunNote note(const std::string& event, const RunMoment& at, int snapshot = -1,
             const TrainSpec* spec = nullptr) {
  RunNote made;
  made.event = event;
  made.at = at;
  made.snapshot = snapshot;
  if (spec != nullptr) made.train = to_json(*spec).dump();
  return made;
}

// Runs as a replay of a record whose notes are these.
TrainResult run_with(const std::string& runs, const std::vector<RunNote>& notes) {
  const RunFolder run = create_run(runs, "scripted");
  begin_run(run, {.spec = iris(), .data = fingerprint(data()), .snapshots = {}, .nurse = ""});
  RunRecord record(run.log());
  record.notes = notes;
  return NursedTraining(run).run(data(), {}, &record).training;
}

TEST(NursedTraining, SteeredIsTwoTrainingsJoined) {
  const TrainSpec next = with(iris(), {{"learning_rate", 0.02}, {"dropout", 0.3}});
  for (const RunMoment at : {RunMoment{4, 2}, RunMoment{5, 0}}) {
    const TempFolder folder;
    const TrainResult steered = run_with(folder.path(), {note("steered", at, -1, &next)});
    const TrainResult joined = go_on(next, state_at(iris(), at));
    EXPECT_EQ(weights_of(steered), weights_of(joined));
    EXPECT_EQ(steered.validation.loss, joined.validation.loss);
    EXPECT_NE(weights_of(steered), weights_of(train(data(), iris(), settings(iris()))));
  }
}

TEST(NursedTraining, RolledBackIsTheResumedTraining) {
  const TempFolder folder;
  const TrainSpec next = with(iris(), {{"learning_rate", 0.02}, {"epochs", std::int64_t{9}}});
  const TrainResult back =
      run_with(folder.path(), {note("snapshot", {4, 0}, 1), note("rolled_back", {7, 1}, 1, &next)});
  const TrainResult resumed = go_on(next, state_at(iris(), {4, 0}));
  EXPECT_EQ(weights_of(back), weights_of(resumed));
  EXPECT_EQ(back.epochs, 9);
  const RunFolder run{folder.file("scripted")};
  const RunRecord record(run.log());
  ASSERT_EQ(record.epochs.size(), 9U);
  EXPECT_EQ(record.phase, RunPhase::ended);
  // And what its log says can be repeated.
  const RunFolder again = begin_replay(folder.path(), "again", run);
  NursedTraining replay(again);
  EXPECT_EQ(weights_of(replay.run(data(), {}, &record).training), weights_of(back));
  EXPECT_EQ(difference(record, replay.record()), "");
}

TEST(NursedTraining, TakesRequestsAndAnswers) {
  const TempFolder folder;
  const RunFolder run = create_run(folder.path(), "a");
  begin_run(run,
            {.spec = iris(), .data = fingerprint(data()), .snapshots = {.every = 2}, .nurse = ""});
  const auto ask = [&](RunRequest request) { return send(run.inbox(), std::move(request)); };
  ask({.verb = "steer", .changes = {{"learning_rate", 0.02}}, .epoch = 6});
  ask({.verb = "steer", .changes = {{"l1", 1e-3}}});
  ask({.verb = "steer", .changes = {{"layers", std::int64_t{2}}}});
  ask({.verb = "steer", .changes = {{"dropout", 0.2}}, .epoch = 13});
  ask({.verb = "resume"});
  ask({.verb = "dance"});
  ask({.verb = "rollback", .to = "epoch:4"});
  std::vector<std::string> told;
  NursedTraining nursed(run);
  nursed.run(data(), {.on_note = [&](const RunNote& one) { told.push_back(one.text); }});
  ASSERT_GE(told.size(), 9U);
  EXPECT_EQ(told[0], "from epoch 6 on: learning_rate 0.001 → 0.02; now at the start");
  EXPECT_EQ(told[1], "l1 0 → 0.001 at the start");
  EXPECT_THAT(told[2], HasSubstr("layers cannot change while the training runs"));
  EXPECT_EQ(told[3], "epoch 13 never comes: the training has 12 epochs");
  EXPECT_THAT(told[4], HasSubstr("it is not paused"));
  EXPECT_THAT(told[5], HasSubstr("'dance' is nothing"));
  EXPECT_EQ(told[6], "'epoch:4' was not kept; these were: start");
  EXPECT_THAT(told[7], HasSubstr("learning_rate 0.001 → 0.02 after epoch 5; snapshot "));
  const TrainSpec early = with(iris(), {{"l1", 1e-3}});
  const TrainSpec late = with(early, {{"learning_rate", 0.02}});
  const TrainResult joined = go_on(late, state_at(early, {6, 0}));
  EXPECT_EQ(nursed.record().epochs.back().validation_loss,
            joined.best_epoch == 12 ? joined.validation.loss
                                    : nursed.record().epochs.back().validation_loss);
  double best = 1e9;
  for (const EpochLine& epoch : nursed.record().epochs)
    best = std::min(best, epoch.validation_loss);
  EXPECT_EQ(best, joined.validation.loss);
}

TEST(NursedTraining, KeepsWhatIsPlannedUntilItIsCancelled) {
  const TempFolder folder;
  const RunFolder run = create_run(folder.path(), "a");
  begin_run(run,
            {.spec = iris(), .data = fingerprint(data()), .snapshots = {.every = 2}, .nurse = ""});
  const auto ask = [&](RunRequest request) { send(run.inbox(), std::move(request)); };
  ask({.verb = "cancel"});
  ask({.verb = "steer", .changes = {{"learning_rate", 0.02}}, .epoch = 6});
  ask({.verb = "steer", .changes = {{"l1", 1e-3}}, .epoch = 9});
  ask({.verb = "cancel", .epoch = 7});
  ask({.verb = "cancel", .epoch = 9});
  std::vector<std::string> told;
  bool back = false;
  NursedTraining nursed(run);
  nursed.run(data(), {.on_epoch =
                          [&](const Epoch& epoch) {
                            if (epoch.epoch == 4 && !std::exchange(back, true)) {
                              ask({.verb = "rollback", .to = "epoch:2"});
                              // The inbox is looked at now and then.
                              std::this_thread::sleep_for(std::chrono::milliseconds(60));
                            }
                            return Flow::go;
                          },
                      .on_note = [&](const RunNote& one) { told.push_back(one.text); }});
  ASSERT_GE(told.size(), 6U);
  EXPECT_EQ(told[0], "nothing is planned for a later epoch");
  EXPECT_EQ(told[3],
            "nothing is planned for epoch 7; to come are: learning_rate=0.02 from epoch 6 on, "
            "l1=0.001 from epoch 9 on");
  EXPECT_EQ(told[4], "no longer to come: l1=0.001 from epoch 9 on");
  EXPECT_THAT(told[5], AllOf(HasSubstr("rolled back to snapshot 1 (after epoch 2)"),
                             HasSubstr("; still to come: learning_rate=0.02 from epoch 6 on")));
  EXPECT_THAT(told[6], HasSubstr("learning_rate 0.001 → 0.02 after epoch 5"));
  EXPECT_THAT(plans(nursed.record()), testing::IsEmpty());
}

TEST(NursedTraining, RemovesASnapshotThatItDoesNotNeed) {
  const TempFolder folder;
  const RunFolder run = create_run(folder.path(), "a");
  begin_run(run,
            {.spec = iris(), .data = fingerprint(data()), .snapshots = {.every = 4}, .nurse = ""});
  NursedTraining(run).run(data(), {});
  const auto numbers = [&] {
    std::vector<int> all;
    for (const Snapshot& one : RunRecord(run.log()).snapshots) all.push_back(one.number);
    return all;
  };
  ASSERT_EQ(numbers(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(remove_snapshot(run, "epoch:8"), "snapshot 2 (after epoch 8) is removed");
  EXPECT_EQ(numbers(), (std::vector<int>{1, 3}));
  EXPECT_FALSE(std::filesystem::exists(snapshot_path(run.snapshots(), 2)));
  EXPECT_THROW(remove_snapshot(run, "snapshot:2"), Error);
  EXPECT_THROW(remove_snapshot(run, "start"), Error);
}

// Begins a run that ends in the middle as if it had been killed, and gives what came before.
RunFolder killed(const std::string& runs, const std::string& name) {
  const RunFolder run = create_run(runs, name);
  begin_run(run,
            {.spec = iris(), .data = fingerprint(data()), .snapshots = {.every = 2}, .nurse = ""});
  send(run.inbox(), {.verb = "steer", .changes = {{"learning_rate", 0.02}}, .epoch = 10});
  const auto die = [](const Epoch& epoch) {
    if (epoch.epoch == 7) throw std::runtime_error("killed");
    return Flow::go;
  };
  EXPECT_THROW(NursedTraining(run).run(data(), {.on_epoch = die}), std::runtime_error);
  return run;
}

std::vector<float> whole() {
  const TrainSpec late = with(iris(), {{"learning_rate", 0.02}});
  return weights_of(go_on(late, state_at(iris(), {10, 0})));
}

TEST(NursedTraining, GoesOnWhereItWasKilled) {
  const TempFolder folder;
  const RunFolder run = killed(folder.path(), "a");
  NursedTraining again(run);
  EXPECT_EQ(weights_of(again.run(data(), {}).training), whole());
  ASSERT_GE(again.record().notes.size(), 2U);
  EXPECT_THROW(NursedTraining over(run), Error);
  // The killed program's lost epochs do nothing to a replay.
  const RunRecord record(run.log());
  NursedTraining replay(begin_replay(folder.path(), "again", run));
  EXPECT_EQ(weights_of(replay.run(data(), {}, &record).training), whole());
  EXPECT_EQ(difference(record, replay.record()), "");
}

TEST(NursedTraining, PassesOverADamagedSnapshot) {
  const TempFolder folder;
  const RunFolder run = killed(folder.path(), "a");
  const int newest = RunRecord(run.log()).snapshots.back().number;
  const std::string path = snapshot_path(run.snapshots(), newest);
  write_file(path, read_file(path).substr(0, 1000));
  NursedTraining again(run);
  EXPECT_EQ(weights_of(again.run(data(), {}).training), whole());
  bool told = false;
  for (const RunNote& one : again.record().notes) {
    told = told || one.text.find("went on after epoch 4: " + path + ": damaged") == 0;
  }
  EXPECT_TRUE(told);
}

TEST(NursedTraining, IsHeldAndGoesOn) {
  const TempFolder folder;
  const RunFolder run = create_run(folder.path(), "a");
  begin_run(run, {.spec = iris(), .data = fingerprint(data()), .snapshots = {}, .nurse = ""});
  std::atomic<bool> interrupted = false;
  const auto interrupt = [&](const Epoch& epoch) {
    interrupted = epoch.epoch == 5;
    return Flow::go;
  };
  EXPECT_TRUE(
      NursedTraining(run)
          .run(data(), {.on_epoch = interrupt, .interrupted = [&] { return interrupted.load(); }})
          .held);
  EXPECT_EQ(RunRecord(run.log()).phase, RunPhase::held);
  EXPECT_EQ(weights_of(NursedTraining(run).run(data(), {}).training),
            weights_of(train(data(), iris(), settings(iris()))));
}

TEST(NursedTraining, BranchesFromASnapshot) {
  const TempFolder folder;
  const RunFolder run = killed(folder.path(), "a");
  const Point changes = {{"learning_rate", 0.02}};
  EXPECT_THROW(begin_branch(run, {folder.path(), "b", "epoch:5", changes}), Error);
  EXPECT_THROW(begin_branch(run, {folder.path(), "b", "epoch:4", {{"dropout", 7.0}}}), Error);
  EXPECT_THROW(begin_branch(run, {folder.path(), "a", "epoch:4", changes}), Error);
  EXPECT_THROW(begin_branch(run, {folder.path(), "b", "epoch:4", {{"epochs", std::int64_t{3}}}}),
               Error);
  const RunFolder branch = begin_branch(run, {folder.path(), "b", "epoch:4", changes});
  NursedTraining nursed(branch);
  const std::vector<float> weights = weights_of(nursed.run(data(), {}).training);
  EXPECT_EQ(weights, weights_of(go_on(with(iris(), changes), state_at(iris(), {5, 0}))));
  EXPECT_EQ(nursed.record().epochs.size(), 12U);  // those before the branch as well
  const RunRecord record(branch.log());
  NursedTraining replay(begin_replay(folder.path(), "c", branch));
  EXPECT_EQ(weights_of(replay.run(data(), {}, &record).training), weights);
  EXPECT_EQ(difference(record, replay.record()), "");
}

TEST(NursedTraining, IsRescuedByItsNurse) {
  const TempFolder folder;
  TrainSpec wild = iris();
  wild.fixed.set("optimizer", std::string("sgd"));
  wild.fixed.set("batch_norm", false);
  wild.fixed.set("activation", std::string("linear"));
  wild.fixed.set("learning_rate", 1e12);
  const PreparedData same = prepare(wild);
  const auto nursed_by = [&](const std::string& name, const std::string& rules) {
    const RunFolder run = create_run(folder.path(), name);
    begin_run(run,
              {.spec = wild, .data = fingerprint(same), .snapshots = {.every = 1}, .nurse = rules});
    NursedTraining nursed(run);
    return nursed.run(same, {}).training;
  };
  EXPECT_TRUE(nursed_by("alone", "").diverged());
  const TrainResult rescued = nursed_by(
      "nursed",
      R"([{"when": "not_finite", "roll_back": true, "multiply": {"learning_rate": 1e-13}}])");
  EXPECT_FALSE(rescued.diverged()) << rescued.why;
  EXPECT_EQ(rescued.epochs, 12);
  const RunRecord record(folder.file("nursed/log.jsonl"));
  ASSERT_FALSE(record.notes.empty());
  const auto deed = std::find_if(record.notes.begin(), record.notes.end(),
                                 [](const RunNote& one) { return one.event == "rolled_back"; });
  ASSERT_NE(deed, record.notes.end());
  EXPECT_THAT(deed->text, HasSubstr("the training loss became"));
  EXPECT_EQ(deed->rule, 0);
  NursedTraining replay(begin_replay(folder.path(), "again", RunFolder{folder.file("nursed")}));
  EXPECT_EQ(weights_of(replay.run(same, {}, &record).training), weights_of(rescued));
  EXPECT_EQ(difference(record, replay.record()), "");
}

}  // namespace
}  // namespace caviar
