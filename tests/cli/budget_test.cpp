// Trials that continue others, through the real program: trainings and commands, killed and whole.
#include <csignal>
#include <numeric>
#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Budgets : public testing::Test {
 protected:
  Budgets() { folder.write("tiny.csv", tiny_table()); }
  void training(const std::string& budget, const std::string& limits,
                const std::string& epochs = "9") {
    folder.write("study.yaml",
                 "objective: {train: {data: tiny.csv, target: kind, epochs: " + epochs +
                     ", early_stopping: false}}\n"
                     "space: {learning_rate: {type: float, low: 1e-4, high: 1e-2, scale: log}}\n"
                     "search: {sampler: random, seed: 2, budget: " +
                     budget + "}\nlimits: " + limits + "\n");
  }
  // Each trial notes how far it came in its checkpoint, and what it found there.
  void command(const std::string& budget, const std::string& limits) {
    folder.write(
        "run.sh",
        "from=0; [ -f \"$CAVIAR_CHECKPOINT/at\" ] && from=$(cat \"$CAVIAR_CHECKPOINT/at\")\n"
        "echo \"$CAVIAR_BUDGET\" > \"$CAVIAR_CHECKPOINT/at\"\n"
        "head -c 10000 /dev/zero > \"$CAVIAR_CHECKPOINT/weights\"\n"
        "echo from=$from loss=$1\n");
    folder.write("study.yaml",
                 "objective: {command: [sh, run.sh, '{x}']}\n"
                 "metric: loss\ndirection: minimize\n"
                 "space: {x: {type: float, low: 0, high: 1}}\n"
                 "search: {sampler: random, seed: 2, budget: " +
                     budget + "}\nlimits: " + limits + "\n");
  }
  json trials() {
    const Result result = caviar({"trials", "study.yaml", "--json"}, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out)["trials"];
  }
  void tune() {
    const Result result = caviar({"tune", "study.yaml", "--quiet"}, folder);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  // The sizes of their files.
  std::vector<std::uintmax_t> checkpoints() const {
    std::vector<std::uintmax_t> found;
    for (const auto& at : fs::recursive_directory_iterator(folder.path("study.trials"))) {
      const bool of_one = at.path().parent_path().filename() == "checkpoint";
      if (of_one && at.is_regular_file()) found.push_back(at.file_size());
    }
    return found;
  }
  // What was found, whatever the numbers of the trials are.
  static std::set<std::tuple<std::string, double, double>> found(const json& trials) {
    std::set<std::tuple<std::string, double, double>> all;
    for (const json& trial : trials) {
      if (trial.contains("value")) {
        all.emplace(trial["params"].dump(), trial["budget"], trial["value"]);
      }
    }
    return all;
  }
  Folder folder;
};

TEST_F(Budgets, ACommandGoesOnWithTheCheckpointOfTheTrialItContinues) {
  command("{low: 1, high: 9, factor: 3}", "{trials: 30, jobs: 2}");
  tune();
  const json all = trials();
  int continued = 0;
  for (const json& trial : all) {
    const bool goes_on = trial.contains("continues");
    continued += goes_on ? 1 : 0;
    const json before = goes_on ? all[trial["continues"].get<std::size_t>()] : json();
    EXPECT_EQ(trial["metrics"]["from"], goes_on ? before["budget"] : json(0)) << trial;
    EXPECT_EQ(trial["state"], trial["budget"] == 9 ? "complete" : "pruned");
    if (goes_on) {
      EXPECT_EQ(trial["params"], before["params"]);
    }
  }
  EXPECT_GT(continued, 5);
  const Result table = caviar({"trials", "study.yaml"}, folder);
  EXPECT_THAT(table.out, HasSubstr("continues"));
}

TEST_F(Budgets, KilledAndContinuedItFindsTheSame) {
  training("{low: 1, high: 9, factor: 3}", "{trials: 25}");
  tune();
  const json whole = trials();
  for (const char* file : {"study.db", "study.db-wal", "study.db-shm"}) {
    fs::remove(folder.path(file));
  }
  for (int kill = 0; kill < 3; ++kill) {
    Program program({"tune", "study.yaml"}, folder.path());
    for (int line = 0; line < 5; ++line) program.line();
    program.signal(SIGKILL);
    program.wait();
  }
  tune();
  EXPECT_EQ(found(trials()), found(whole));
  EXPECT_EQ(found(whole).size(), whole.size());
}

TEST_F(Budgets, APopulationsScheduleIsShownSavedAndRepeated) {
  training("{method: pbt, low: 3, high: 12, population: 6, share: 0.5}", "{jobs: 2}", "12");
  const Result result = caviar({"tune", "study.yaml"}, folder);
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("how it came about"));
  EXPECT_EQ(trials().size(), 24U);
  const json best = json::parse(caviar({"best", "study.yaml", "--json"}, folder).out);
  folder.write("schedule.json", caviar({"best", "study.yaml", "--schedule"}, folder).out);
  const Result again = caviar({"train", "--schedule", "schedule.json", "--json"}, folder);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(json::parse(again.out)["metrics"]["validation_loss"], best["value"]);
  EXPECT_LE(checkpoints().size(), 12U);  // those of the last two rungs
}

TEST_F(Budgets, WhatNobodyContinuesIsRemovedAndTheLogSaysSo) {
  command("{low: 1, high: 9, factor: 3}", "{trials: 30}");
  tune();
  int removed = 0;
  for (const json& trial : trials()) {
    if (!trial.contains("checkpoint_removed")) continue;
    ++removed;
    EXPECT_GT(trial["checkpoint_removed"], 10000);
    EXPECT_FALSE(folder.has("study.trials/" + trial["number"].dump() + "/checkpoint/at"));
  }
  EXPECT_GT(removed, 5);
}

TEST_F(Budgets, TheDiskHoldsWhatItMay) {
  command("{low: 1, high: 9, factor: 3}", "{trials: 40, disk: 60K}");
  tune();
  const std::vector<std::uintmax_t> left = checkpoints();
  const auto bytes = std::accumulate(left.begin(), left.end(), std::uintmax_t{0});
  EXPECT_GT(bytes, 0U);
  EXPECT_LE(bytes, 60U * 1024) << "also once it has ended";
  json all = trials();
  EXPECT_EQ(all.size(), 40U);
}

TEST_F(Budgets, SaysWhatIsWrong) {
  const auto refusal = [&](const std::string& budget) {
    training(budget, "{trials: 4}");
    const Result result = caviar({"tune", "study.yaml"}, folder);
    EXPECT_EQ(result.code, 2) << budget;
    EXPECT_FALSE(folder.has("study.db"));
    return result.err;
  };
  EXPECT_THAT(refusal("{low: 5}"), HasSubstr("at least 21.5"));
  EXPECT_THAT(refusal("{low: 1, high: 81}"), HasSubstr("objective.train.epochs is 9"));
  EXPECT_THAT(refusal("{low: 1.5}"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("{of: hours}"), HasSubstr("epochs or rows are spent"));
  EXPECT_THAT(refusal("{of: rows, low: 2}"), HasSubstr("share of the training rows"));
  EXPECT_THAT(refusal("{of: rows, high: 9}"), HasSubstr("share of the training rows"));
  EXPECT_THAT(refusal("{of: rows, method: pbt}"), HasSubstr("population"));
  EXPECT_THAT(refusal("{method: pbt, keep: [units]}"), HasSubstr("units"));
  EXPECT_THAT(refusal("{methd: pbt}"), HasSubstr("method"));
  EXPECT_THAT(refusal("{method: 3}"), HasSubstr("method"));
  EXPECT_THAT(refusal("{factor: 0}"), HasSubstr("factor"));
}

}  // namespace
}  // namespace caviar::test
