// Trials of a study as others see them: their folders, their logs, who ended them and why.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

std::string command_study(const std::string& script, const std::string& more = "", int jobs = 1) {
  return "objective: {command: [sh, -c, '" + script + "; : {x}']" + more +
         "}\nmetric: loss\ndirection: minimize\nspace: {x: {type: float, low: 0, high: 1}}\n"
         "search: {sampler: random, seed: 1}\nlimits: {trials: 2, jobs: " +
         std::to_string(jobs) + "}\n";
}

Result tune_quietly(const Folder& folder, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"tune", "study.yaml", "--quiet"};
  words.insert(words.end(), more.begin(), more.end());
  return caviar(words, folder);
}

TEST(TrialFolders, AnotherStorageHasItsOwn) {
  const Folder folder;
  folder.write("study.yaml", command_study("echo loss=1"));
  fs::create_directory(folder.path("far"));
  EXPECT_EQ(tune_quietly(folder).code, 0);
  EXPECT_EQ(tune_quietly(folder, {"--storage", "sqlite:two.db"}).code, 0);
  EXPECT_EQ(tune_quietly(folder, {"--storage", "far/study.db"}).code, 0);
  EXPECT_EQ(tune_quietly(folder, {"--storage", "sqlite:study.db"}).code, 0);  // the file's own
  for (const char* name : {"study.trials", "study.two.trials", "far/study.trials"}) {
    EXPECT_TRUE(folder.has(std::string(name) + "/1/log.txt")) << name;
  }
  EXPECT_FALSE(folder.has("study.study.trials"));
  EXPECT_EQ(caviar({"logs", "1", "--storage", "sqlite:two.db"}, folder).out, "loss=1\n");
}

TEST(TrialFolders, BeginEmpty) {
  const Folder folder;
  folder.write("study.yaml", command_study("ls {directory}; touch {directory}/left; echo loss=1"));
  EXPECT_EQ(tune_quietly(folder).code, 0);
  EXPECT_TRUE(folder.has("study.trials/0/left"));
  fs::remove(folder.path("study.db"));
  EXPECT_EQ(tune_quietly(folder).code, 0);
  EXPECT_THAT(caviar({"logs", "study.yaml", "0"}, folder).out, Not(HasSubstr("left")));
}

TEST(TrialFolders, TrialsAtOnceHaveResultFilesOfTheirOwn) {
  const Folder folder;
  const std::string writes = "echo 1 > \"$CAVIAR_RESULT_FILE\"";
  folder.write("study.yaml", command_study(writes, ", results: file, file: out.txt", 2));
  for (const char* command : {"check", "tune"}) {
    const Result result = caviar({command, "study.yaml"}, folder);
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("objective.file: 'out.txt'"), HasSubstr("{directory}/out.txt")));
  }
  for (const char* own :
       {", results: file, file: \"{directory}/out.txt\"",
        ", results: file, file: out.txt, directory: \"{directory}\"", ", results: file"}) {
    folder.write("study.yaml", command_study(writes, own, 2));
    EXPECT_EQ(caviar({"check", "study.yaml"}, folder).code, 0) << own;
  }
  folder.write("study.yaml", command_study(writes, ", results: file, file: out.txt"));
  EXPECT_EQ(tune_quietly(folder).code, 0);
  EXPECT_EQ(tune_quietly(folder, {"--jobs", "2", "--trials", "4"}).code, 2);
}

TEST(TrialLogs, AreFoundWhereTheStudyWasMovedTo) {
  const Folder folder;
  fs::create_directory(folder.path("a"));
  folder.write("a/study.yaml", command_study("echo loss=1"));
  EXPECT_EQ(caviar({"tune", "a/study.yaml", "--quiet"}, folder).code, 0);
  fs::rename(folder.path("a"), folder.path("b"));
  EXPECT_EQ(caviar({"logs", "b/study.yaml", "1"}, folder).out, "loss=1\n");
  EXPECT_EQ(caviar({"logs", "b/study.db", "1"}, folder).out, "loss=1\n");
}

TEST(TrialLogs, OfTheTrainerThereAreNone) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("study.yaml", tiny_study());
  EXPECT_EQ(tune_quietly(folder).code, 0);
  const Result result = caviar({"logs", "study.yaml", "1"}, folder);
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("`caviar history study.yaml:1`"));
}

// Runs on until it is ended; says so in a file.
constexpr const char* script_without_end =
    "i=0; while :; do i=$((i+1)); echo step=$i loss=1; touch runs; sleep 0.02; done";

void wait_for_file(const Folder& folder, const std::string& name) {
  while (!folder.has(name)) ::usleep(10'000);
}

TEST(Trials, StoppedByAPersonSaySo) {
  const Folder folder;
  folder.write("study.yaml", command_study(script_without_end));
  Program program({"tune", "study.yaml", "--quiet", "--trials", "1"}, folder.path());
  wait_for_file(folder, "runs");
  EXPECT_EQ(caviar({"stop", "study.yaml:0"}, folder).code, 0);
  EXPECT_EQ(program.wait().code, 0);
  EXPECT_THAT(caviar({"trials", "study.yaml"}, folder).out, HasSubstr("stopped by a person"));
  EXPECT_THAT(caviar({"history", "study.yaml:0"}, folder).out, HasSubstr("stop"));
}

TEST(Trials, OfAProgramThatIsGoneTakeNoOrders) {
  const Folder folder;
  folder.write("study.yaml", command_study(script_without_end, ", results: wire"));
  Program program({"tune", "study.yaml", "--quiet"}, folder.path());
  wait_for_file(folder, "runs");
  const Result runs = caviar({"resume", "study.yaml:0"}, folder);
  EXPECT_EQ(runs.code, 2);
  EXPECT_THAT(runs.err, HasSubstr("study.yaml:0: it is not paused, it runs"));
  program.signal(SIGKILL);
  program.wait();
  for (const char* verb : {"pause", "resume", "stop"}) {
    const Result result = caviar({verb, "study.yaml:0"}, folder);
    EXPECT_EQ(result.code, 2) << verb;
    EXPECT_THAT(result.err, HasSubstr("study.yaml:0 is run by no program now")) << verb;
  }
}

TEST(Trials, WhatIsSaidToAShellIsQuoted) {
  const Folder folder;
  folder.write("my study.yaml", command_study("echo loss=1"));
  const Result result = caviar({"tune", "my study.yaml", "--trials", "1"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("tune 'my study.yaml' --trials 2"),
                                HasSubstr("trials 'my study.yaml'"), HasSubstr("1 trial done")));
}

TEST(Runs, ThatCannotBeReadHideNoOther) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  const std::vector<std::string> train = {"train", "--data",   "tiny.csv", "--target",
                                          "kind",  "epochs=1", "--name"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), train.begin(), train.end());
    return caviar(more, folder);
  };
  EXPECT_EQ(with({"good"}).code, 0);
  for (const char* name : {"bad", "empty"}) fs::create_directories(folder.path("runs/") + name);
  folder.write("runs/bad/log.jsonl", "nonsense\n");
  folder.write("runs/empty/log.jsonl", "");
  const Result listed = caviar({"runs"}, folder);
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.out, AllOf(HasSubstr("good"), Not(HasSubstr("bad"))));
  EXPECT_THAT(listed.err,
              AllOf(HasSubstr("run 'bad' cannot be listed"), HasSubstr("run 'empty' cannot")));
  const Result folds = with({"folds", "validation.folds=3"});
  EXPECT_EQ(folds.code, 2);
  EXPECT_THAT(folds.err, HasSubstr("a run is one training, and validation.folds=3 asks for 3"));
  EXPECT_FALSE(folder.has("runs/folds"));
}

}  // namespace
}  // namespace caviar::test
