// Programs as trials: shell scripts that behave, and that do not.
#include "caviar/objective/command_objective.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/study/study.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

class CommandObjectiveTest : public testing::Test {
 protected:
  // A study of one parameter x in [1, 2], an int n and a choice c that is hardly ever there.
  static StudySpec spec() {
    StudySpec spec;
    spec.name = "mine";
    spec.space =
        Space({{"x", Float{1, 2}},
               {"n", Int{5, 5}},
               {"c", Choice{{std::string("a")}, false}, {{"x", Comparison::less, {1.0001}}}}});
    spec.goal = {"loss", {Direction::minimize}};
    spec.search = {"random", 3, {}};
    return spec;
  }
  CommandObjective objective(const std::string& script, const std::string& more = "") {
    std::ofstream(folder.file("run.sh")) << script;
    const std::string yaml = "{command: [sh, run.sh, '{x}', '{n}', '--c={c}'], folder: trials" +
                             (more.empty() ? "" : ", " + more) + "}";
    return {parse_command_spec(Node::parse_yaml(yaml, "study.yaml"), folder.path(), "mine"),
            spec(),
            {},
            1};
  }
  std::vector<Trial> run(const CommandObjective& objective, int trials = 1, Node pruner = {}) {
    StudySpec pruned = spec();
    pruned.pruner = std::move(pruner);
    Study study(std::move(pruned));
    study.optimize([&](ActiveTrial& trial) { return objective(trial); }, {.trials = trials});
    const History history = study.history();
    return {history.trials().begin(), history.trials().end()};
  }
  Trial run_one(const std::string& script, const std::string& more = "") {
    return run(objective(script, more)).front();
  }
  std::string content(const std::string& name) const {
    std::ifstream file(folder.file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  TempFolder folder;
};

TEST_F(CommandObjectiveTest, WordsAndEpochsOfAScript) {
  const Trial trial = run_one(R"(
for epoch in 1 2 3; do echo "epoch=$epoch loss=$1$epoch other=$2"; done
echo "$#: $1 $2" >&2
)");
  ASSERT_EQ(trial.state, TrialState::complete) << trial.why;
  EXPECT_EQ(trial.reports.size(), 3U);
  EXPECT_EQ(trial.values.front(), trial.reports.back().value);
  EXPECT_EQ(trial.metrics.at("other"), 5);
  const std::string x = to_text(trial.point.at("x"));
  EXPECT_THAT(content("trials/0/log.txt"), testing::EndsWith("2: " + x + " 5\n"));
  EXPECT_THAT(content("trials/0/parameters.json"), HasSubstr("\"n\": 5\n"));
}

TEST_F(CommandObjectiveTest, EveryWayOfAResult) {
  EXPECT_EQ(run_one("echo '{\"loss\": 4}'", "results: json").values.front(), 4);
  EXPECT_EQ(run_one("echo 5 > \"$CAVIAR_RESULT_FILE\"", "results: file").values.front(), 5);
  EXPECT_EQ(run_one("echo loss=6 > out.txt", "results: file, file: out.txt").values.front(), 6);
  EXPECT_EQ(run_one("exit 7", "results: exit").values.front(), 7);
  EXPECT_EQ(run_one("echo loss=8; exit 4", "success: [0, 4]").values.front(), 8);
  EXPECT_EQ(run_one("echo loss=9; exit 77", "success: any").values.front(), 9);
  const Trial wire = run_one(R"sh(
read start <&4
echo '{"op":"report","step":1,"value":3}' >&3
read answer <&4
echo "$start $answer"
echo '{"op":"result","value":2,"metrics":{"size":11}}' >&3
)sh",
                             "results: wire");
  ASSERT_EQ(wire.state, TrialState::complete) << wire.why;
  EXPECT_EQ(wire.values.front(), 2);
  EXPECT_EQ(wire.reports.size(), 1U);
  EXPECT_EQ(wire.metrics.at("size"), 11);
  EXPECT_THAT(content("trials/0/log.txt"),
              testing::AllOf(HasSubstr("\"op\":\"start\""), HasSubstr("\"stop\":false")));
  EXPECT_EQ(run_one(R"sh(read start; echo '{"op":"result","value":1}'; echo talk)sh",
                    "results: wire, wire: stdio")
                .values.front(),
            1);
  EXPECT_THAT(content("trials/0/log.txt"), HasSubstr("talk"));
}

TEST_F(CommandObjectiveTest, AFailureSaysWhyAndShowsTheLog) {
  const auto why = [&](const std::string& script, const std::string& more = "") {
    const Trial trial = run_one(script, more);
    EXPECT_EQ(trial.state, TrialState::failed) << script;
    return trial.why;
  };
  EXPECT_EQ(why("echo one; echo; echo two >&2; exit 3"), "exit code 3; its last lines: one | two");
  EXPECT_THAT(why("kill -SEGV $$"), HasSubstr("SIGSEGV"));
  EXPECT_THAT(why("echo done"), testing::AllOf(HasSubstr("loss=NUMBER"), HasSubstr("done")));
  EXPECT_THAT(why("echo loss=low"), HasSubstr("'low' came, which is not a number"));
  EXPECT_THAT(why("echo loss= 3"), HasSubstr("'loss=' came, which is not a number"));
  EXPECT_THAT(why("echo loss=nan"), HasSubstr("its value is nan"));
  EXPECT_THAT(why("echo '{\"loss\": 1}'; echo '{\"loss\": NaN}'", "results: json"),
              HasSubstr("its value is nan"));
  EXPECT_THAT(why("echo loss=9; kill -9 $$", "success: any"), HasSubstr("SIGKILL"));
  EXPECT_EQ(why(R"sh(printf '{"op":"fail","why":"the data\\nare \\u001b[31mempty"}\n' >&3)sh",
                "results: wire"),
            "the data are empty");
  EXPECT_THAT(why("echo {}", "results: json"), HasSubstr("{\"loss\": NUMBER}"));
  EXPECT_THAT(why("true", "results: file"), HasSubstr("trials/0/result.json"));
  EXPECT_THAT(why("kill -9 $$", "results: exit"), HasSubstr("SIGKILL"));
  EXPECT_THAT(why("echo '{\"op\":\"fail\",\"why\":\"too hot\"}' >&3", "results: wire"),
              HasSubstr("too hot"));
  EXPECT_THAT(why("echo hm >&3; exit 1", "results: wire"), HasSubstr("no JSON object"));
  EXPECT_THAT(why("true", "directory: '{directory}/gone'"), HasSubstr("cannot be started"));
}

TEST_F(CommandObjectiveTest, AHangEndsWithItsTime) {
  const Trial trial = run_one("echo waiting; exec sleep 1000", "timeout: 200ms");
  EXPECT_EQ(trial.state, TrialState::failed);
  EXPECT_THAT(trial.why,
              HasSubstr("no end within its time limit of 200 ms; its last lines: waiting"));
}

TEST_F(CommandObjectiveTest, AFailedTrialRunsAgainAsOftenAsAllowed) {
  const std::string script = R"(
echo run >> "$CAVIAR_DIRECTORY/count"
[ $(wc -l < "$CAVIAR_DIRECTORY/count") -ge 3 ] || exit 1
echo loss=1
)";
  EXPECT_EQ(run_one(script, "retries: 2").state, TrialState::complete);
  EXPECT_THAT(content("trials/0/log.txt"), HasSubstr("run again (2 of 2)"));
  std::filesystem::remove_all(folder.file("trials"));
  EXPECT_EQ(run_one(script, "retries: 1").state, TrialState::failed);
}

TEST_F(CommandObjectiveTest, WhatACrashedRunSaidCountsForNothing) {
  const std::string script = R"(
if [ ! -e "$CAVIAR_DIRECTORY/again" ]; then
  touch "$CAVIAR_DIRECTORY/again"
  for step in 1 2 3 4; do echo step=$step loss=0.$step size=7; done
  exit 1
fi
echo step=2 loss=5; echo step=3 loss=6; exit ${CODE:-0}
)";
  const Trial trial = run_one(script, "retries: 1, value: best");
  ASSERT_EQ(trial.state, TrialState::complete) << trial.why;
  EXPECT_EQ(trial.values.front(), 5);
  EXPECT_FALSE(trial.metrics.contains("size"));
  std::vector<std::pair<std::int64_t, double>> reports;
  for (const Report& report : trial.reports) reports.emplace_back(report.step, report.value);
  EXPECT_THAT(reports, testing::ElementsAre(testing::Pair(1, 0.1), testing::Pair(2, 5),
                                            testing::Pair(3, 6)));
  EXPECT_EQ(run_one("echo $CAVIAR_TRIAL; exit 3", "retries: 1").why,
            "exit code 3; its last lines: 0");
}

TEST_F(CommandObjectiveTest, APrunerSeesNumbersThatAreNotFinite) {
  const CommandObjective one = objective("echo epoch=1 loss=1; echo epoch=2 loss=nan; sleep 1000");
  const Node threshold = Node::parse_yaml("{pruner: threshold, upper: 10}", "");
  EXPECT_EQ(run(one, 1, threshold).front().state, TrialState::pruned);
}

TEST_F(CommandObjectiveTest, APrunedTrialIsEnded) {
  const CommandObjective one = objective(R"(
echo "epoch=1 loss=$CAVIAR_TRIAL"
[ "$CAVIAR_TRIAL" -lt 3 ] || exec sleep 1000
)");
  const Node median = Node::parse_yaml("{pruner: median, startup_trials: 3, protect: 3}", "");
  const std::vector<Trial> trials = run(one, 4, median);
  EXPECT_EQ(trials[2].state, TrialState::complete);
  EXPECT_EQ(trials[3].state, TrialState::pruned);
}

TEST_F(CommandObjectiveTest, TheEnvironmentSaysWhatThePlaceholdersSay) {
  run_one("env; echo loss=1", "environment: {MINE: 'n={n}', CAVIAR_STUDY: other}, budget: 9");
  const std::string log = content("trials/0/log.txt");
  for (const std::string line :
       {"MINE=n=5", "CAVIAR_STUDY=other", "CAVIAR_TRIAL=0", "CAVIAR_METRIC=loss", "CAVIAR_BUDGET=9",
        "CAVIAR_PARAMETER_n=5", "PYTHONUNBUFFERED=1"}) {
    EXPECT_THAT(log, HasSubstr(line + "\n"));
  }
  const std::string directory = folder.file("trials/0");
  EXPECT_THAT(log, HasSubstr("CAVIAR_DIRECTORY=" + directory + "\n"));
  EXPECT_THAT(log, HasSubstr("CAVIAR_CHECKPOINT=" + directory + "/checkpoint\n"));
  EXPECT_THAT(log, HasSubstr("CAVIAR_PARAMETERS_FILE=" + directory + "/parameters.json\n"));
}

TEST_F(CommandObjectiveTest, AnInterruptedTrialGoesOnFromItsCheckpointWithItsSeed) {
  const CommandObjective one = objective(R"sh(
echo "seed=$CAVIAR_SEED"
[ -e "$CAVIAR_CHECKPOINT/state" ] && echo "loss=$(cat "$CAVIAR_CHECKPOINT/state")" && exit 0
echo 42 > "$CAVIAR_CHECKPOINT/state"
echo "epoch=1 loss=1"
exec sleep 1000
)sh");
  Study study(spec());
  std::atomic<bool> interrupt = false;
  const auto run = [&](ActiveTrial& trial) { return one(trial); };
  study.optimize(run, {.trials = 1, .interrupt = &interrupt}, [&](const Event& event) {
    if (std::holds_alternative<Reported>(event)) interrupt = true;
  });
  ASSERT_EQ(study.trial(0).state, TrialState::interrupted);
  study.optimize(run, {.trials = 1});
  const Trial again = study.trial(1);
  ASSERT_EQ(again.state, TrialState::complete) << again.why;
  EXPECT_EQ(again.values.front(), 42);
  EXPECT_EQ(content("trials/0/log.txt").substr(0, 12), content("trials/1/log.txt").substr(0, 12));
}

}  // namespace
}  // namespace caviar
