// Studies that last: stopped, killed, shared and extended, through the real program.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Lasting : public testing::Test {
 protected:
  Lasting() {
    folder.write("tiny.csv", tiny_table());
    folder.write("study.yaml", tiny_study());
  }
  // Trials that take long enough to be caught in the act, and are done within seconds.
  void make_slow() {
    folder.write("study.yaml", tiny_study({{"objective",
                                            "{train: {data: tiny.csv, target: kind, epochs: 3000,"
                                            " early_stopping: false}}"},
                                           {"limits", "{trials: 4, jobs: 2}"}}));
  }
  json trials() {
    const Result result = caviar({"trials", "study.yaml", "--json"}, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out)["trials"];
  }
  static int count(const json& trials, const std::string& state) {
    int found = 0;
    for (const json& trial : trials) found += trial["state"] == state ? 1 : 0;
    return found;
  }
  // Waits until the stored study has a trial that runs and has reported.
  void wait_for_a_report() {
    for (int attempt = 0; attempt < 600; ++attempt) {
      const Result result = caviar({"trials", "study.yaml", "--json"}, folder);
      if (result.code != 0) continue;  // not begun yet
      const json all = json::parse(result.out)["trials"];
      for (const json& trial : all) {
        if (!trial["reports"].empty()) return;
      }
    }
    FAIL() << "no trial began";
  }
  Folder folder;
};

TEST_F(Lasting, aFinishedStudyIsExtended) {
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  const json before = trials();
  const Result nothing = caviar({"tune", "study.yaml"}, folder);
  EXPECT_THAT(nothing.out, HasSubstr("--trials 8"));
  EXPECT_EQ(trials(), before);
  ASSERT_EQ(caviar({"tune", "study.yaml", "--trials", "6", "--quiet"}, folder).code, 0);
  const json after = trials();
  ASSERT_EQ(after.size(), 6U);
  for (std::size_t n = 0; n < 4; ++n) EXPECT_EQ(after[n], before[n]);
}

TEST_F(Lasting, extendingGivesWhatOneLongRunGives) {
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  ASSERT_EQ(caviar({"tune", "study.yaml", "--trials", "6", "--quiet"}, folder).code, 0);
  const json pieces = trials();
  const std::vector<std::string> whole = {"tune",      "study.yaml",      "--trials", "6",
                                          "--storage", "sqlite:whole.db", "--quiet"};
  ASSERT_EQ(caviar(whole, folder).code, 0);
  const json once = json::parse(caviar({"trials", "whole.db", "--json"}, folder).out)["trials"];
  ASSERT_EQ(once.size(), pieces.size());
  for (std::size_t n = 0; n < once.size(); ++n) {
    EXPECT_EQ(once[n]["params"], pieces[n]["params"]);
    EXPECT_EQ(once[n]["value"], pieces[n]["value"]);
  }
}

// What a comparison has run by then is worth its page.
TEST_F(Lasting, anInterruptedComparisonKeepsItsWholeRuns) {
  folder.write("slow.yaml",
               "objective: {command: [sh, -c, 'echo {x} >> count; sleep 0.1; echo loss={x}']}\n"
               "metric: loss\nspace: {x: {type: float, low: 0, high: 1}}\nlimits: {trials: 2}\n");
  Program program({"compare", "slow.yaml", "--samplers", "random,sobol", "--repeats", "500"},
                  folder.path());
  const auto trials_begun = [&] {
    const std::string lines = folder.has("count") ? folder.read("count") : "";
    return std::count(lines.begin(), lines.end(), '\n');
  };
  while (trials_begun() < 5) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  program.signal(SIGINT);
  const Result result = program.wait();
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted: only the runs above are compared"));
  EXPECT_THAT(result.out, testing::AllOf(HasSubstr("random"), Not(HasSubstr("sobol"))));
  EXPECT_TRUE(folder.has("slow-compare.html"));
}

TEST_F(Lasting, interruptedTrialsRunAgain) {
  make_slow();
  Program program({"tune", "study.yaml"}, folder.path());
  wait_for_a_report();
  program.signal(SIGINT);
  const Result result = program.wait();
  EXPECT_EQ(result.code, 130) << result.err;
  EXPECT_THAT(result.out, HasSubstr("interrupted"));
  const json stopped = trials();
  EXPECT_EQ(count(stopped, "running"), 0);
  ASSERT_GE(count(stopped, "interrupted"), 1);

  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  const json after = trials();
  EXPECT_EQ(count(after, "complete"), 4);
  std::set<std::string> interrupted, complete;
  for (const json& trial : after) {
    (trial["state"] == "complete" ? complete : interrupted).insert(trial["params"].dump());
  }
  for (const std::string& point : interrupted) EXPECT_EQ(complete.count(point), 1U) << point;
}

TEST_F(Lasting, killedAndContinued) {
  make_slow();
  {
    Program program({"tune", "study.yaml"}, folder.path());
    wait_for_a_report();
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait().code, 128 + SIGKILL);
  }
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  const json after = trials();
  EXPECT_EQ(count(after, "complete"), 4);
  EXPECT_EQ(count(after, "running"), 0);
  EXPECT_GE(count(after, "interrupted"), 1);
}

TEST_F(Lasting, twoProgramsShareOneStudy) {
  folder.write("study.yaml", tiny_study({{"limits", "{trials: 12}"}}));
  Program first({"tune", "study.yaml", "--report", "first.html", "--quiet"}, folder.path());
  Program second({"tune", "study.yaml", "--report", "second.html", "--quiet"}, folder.path());
  EXPECT_EQ(first.wait().code, 0);
  EXPECT_EQ(second.wait().code, 0);
  const json all = trials();
  EXPECT_EQ(count(all, "complete"), 12);
  std::set<std::string> points;
  for (const json& trial : all) points.insert(trial["params"].dump());
  EXPECT_EQ(points.size(), all.size());
}

TEST_F(Lasting, aSpaceRunThroughEndsTheStudyWithAWord) {
  folder.write("study.yaml", tiny_study({{"space", "{hidden_units: {type: int, low: 2, high: 4}}"},
                                         {"limits", "{trials: 9}"}}));
  const Result result = caviar({"tune", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("every configuration"));
  EXPECT_EQ(trials().size(), 3U);
}

TEST_F(Lasting, aTrainingThatBlowsUpFailsItsTrialOnly) {
  folder.write(
      "study.yaml",
      tiny_study({{"space", "{learning_rate: {type: ordinal, choices: [1e30, 0.01, 0.1]}}"},
                  {"objective",
                   "{train: {data: tiny.csv, target: kind, epochs: 3,"
                   " optimizer: sgd}}"}}));
  const Result result = caviar({"tune", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("failed"));
  const json all = trials();
  EXPECT_EQ(count(all, "failed"), 1);
  EXPECT_EQ(count(all, "complete"), 2);
  for (const json& trial : all) {
    if (trial["state"] != "failed") continue;
    EXPECT_THAT(trial["why"].get<std::string>(), HasSubstr("epoch"));
  }
}

}  // namespace
}  // namespace caviar::test
