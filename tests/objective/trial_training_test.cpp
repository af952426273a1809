// A trial that is opened while it trains: the same numbers, unless somebody changes something.
#include "caviar/objective/trial_training.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/objective/training_objective.hpp"
#include "caviar/run/ask_run.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/study/study.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

constexpr std::int64_t epochs = 200;  // enough for the door to be looked at

TrainSpec iris() {
  TrainSpec spec;
  spec.data = CAVIAR_SOURCE_DIR "/data/iris.csv";
  spec.targets = {"species"};
  spec.fixed.set("epochs", epochs);
  spec.fixed.set("batch_size", std::int64_t{2});
  spec.patience.reset();
  return spec;
}

StudySpec study_spec() {
  StudySpec spec;
  spec.space = Space({{"learning_rate", Float{1e-3, 0.1, Scale::log}}});
  spec.goal = {"validation_loss", {Direction::minimize}};
  spec.search = {"random", 3, {}};
  return spec;
}

const std::atomic<bool> never = false;
void ask(const RunFolder& run, const RunRequest& request) { ask_run(run, request, never); }

bool waits(const RunFolder& run) {
  try {
    return is_running(run.log()) && RunRecord(run.log()).phase == RunPhase::paused;
  } catch (const Error&) {  // it has not begun
    return false;
  }
}

// A person who has sent for the trial before it trains, so that it waits for them.
class Person {
 public:
  Person(const RunFolder& run, std::function<void(const RunFolder&)> act) {
    std::filesystem::create_directories(run.inbox());
    send(run.inbox(), {.verb = "pause"});
    thread_ = std::jthread([run, act = std::move(act)] {
      while (!waits(run)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      act(run);
    });
  }

 private:
  std::jthread thread_;
};

// What the first trial comes to.
struct Outcome {
  Trial trial;
  TestScore test;
};

Outcome run(const std::string& folder, const std::function<void(const RunFolder&)>& act = {}) {
  const TrainingObjective objective(iris(), "validation_loss", folder);
  Study study(study_spec());
  study.optimize(
      [&](ActiveTrial& trial) {
        std::optional<Person> person;
        if (act) person.emplace(run_of_trial(folder, 0), act);
        return objective(trial);
      },
      {.trials = 1});
  Outcome outcome{study.trial(0), {}};
  outcome.test = is_touched(outcome.trial) ? objective.test(run_of_trial(folder, 0))
                                           : objective.test(outcome.trial.point);
  return outcome;
}

TEST(TrialTraining, IsTheSameWhetherItIsWatchedOrNot) {
  const TempFolder folder;
  const Outcome alone = run(folder.file("a"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("a")));
  const Outcome watched =
      run(folder.file("b"), [](const RunFolder& run) { ask(run, {.verb = "resume"}); });
  EXPECT_EQ(watched.trial.values, alone.trial.values);
  EXPECT_EQ(watched.trial.reports.size(), alone.trial.reports.size());
  EXPECT_FALSE(is_touched(watched.trial));
  const RunRecord record(run_of_trial(folder.file("b"), 0).log());
  EXPECT_EQ(record.epochs.size(), static_cast<std::size_t>(epochs));
  EXPECT_EQ(record.phase, RunPhase::ended);
  EXPECT_FALSE(std::filesystem::exists(run_of_trial(folder.file("b"), 0).snapshots()));
}

TEST(TrialTraining, KeepsTheSnapshotsThatAPersonAskedFor) {
  const TempFolder folder;
  const Outcome kept = run(folder.file("a"), [](const RunFolder& run) {
    ask(run, {.verb = "snapshot"});
    ask(run, {.verb = "resume"});
  });
  EXPECT_FALSE(is_touched(kept.trial));
  const RunFolder run = run_of_trial(folder.file("a"), 0);
  const RunRecord record(run.log());
  ASSERT_EQ(record.snapshots.size(), 1U);
  const std::string name = "snapshot:" + std::to_string(record.snapshots.front().number);
  const RunFolder branch = begin_branch(run, {folder.file("runs"), "b", name, {{"l1", 0.01}}});
  EXPECT_EQ(RunRecord(branch.log()).epochs.size(),
            record.epochs_before(record.snapshots.front().number).size());
  remove_snapshot(run, name);
  EXPECT_TRUE(RunRecord(run.log()).snapshots.empty());
}

TEST(TrialTraining, TellsTheStudyWhatWasChanged) {
  const TempFolder folder;
  const Outcome steered = run(folder.file("a"), [](const RunFolder& run) {
    ask(run, {.verb = "steer", .changes = {{"learning_rate", 0.01}, {"dropout", 0.5}}});
    ask(run, {.verb = "rollback", .to = "start"});
    ask(run, {.verb = "resume"});
  });
  ASSERT_EQ(steered.trial.state, TrialState::complete);
  ASSERT_TRUE(is_touched(steered.trial));
  ASSERT_EQ(steered.trial.steering.size(), 2U);
  EXPECT_EQ(steered.trial.steering[0].change.at("dropout"), Value(0.5));
  EXPECT_THAT(steered.trial.steering[0].text, HasSubstr("dropout 0 → 0.5"));
  EXPECT_THAT(steered.trial.steering[1].text, HasSubstr("rolled back to the start"));
  // No epoch is reported twice.
  for (std::size_t i = 1; i < steered.trial.reports.size(); ++i) {
    EXPECT_LT(steered.trial.reports[i - 1].step, steered.trial.reports[i].step);
  }
  // Repeated, it is the same model.
  EXPECT_EQ(steered.test.result.validation.loss, steered.trial.values.front());
}

TEST(TrialTraining, IsStoppedByTheStudyWhileItWaits) {
  const TempFolder folder;
  const TrainingObjective objective(iris(), "validation_loss", folder.path());
  Study study(study_spec());
  study.optimize(
      [&](ActiveTrial& trial) {
        const Person person(run_of_trial(folder.path(), 0),
                            [&study](const RunFolder&) { study.stop_trial(0); });
        return objective(trial);
      },
      {.trials = 1});
  EXPECT_EQ(study.trial(0).state, TrialState::pruned);
  EXPECT_FALSE(is_touched(study.trial(0)));
}

}  // namespace
}  // namespace caviar
