// Any program as an objective, through the real `caviar`: examples, failures, logs, kills.
#include <csignal>
#include <fstream>
#include <set>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Programs : public testing::Test {
 protected:
  // A study over x in [0, 1] whose trials run `script`; `more` are further keys of the objective.
  void study(const std::string& script, const std::string& limits = "{trials: 4}",
             const std::string& more = "") {
    folder.write("run.sh", script);
    folder.write("study.yaml", "objective: {command: [sh, run.sh, '{x}']" + more + "}\n" +
                                   "metric: loss\ndirection: minimize\n"
                                   "space: {x: {type: float, low: 0, high: 1}}\n"
                                   "search: {sampler: random, seed: 1}\nlimits: " +
                                   limits + "\n");
  }
  json trials() {
    const Result result = caviar({"trials", "study.yaml", "--json"}, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out)["trials"];
  }
  static std::size_t count(const json& trials, const std::string& state) {
    return static_cast<std::size_t>(std::ranges::count(
        trials, state, [](const json& trial) { return trial["state"].get<std::string>(); }));
  }
  Folder folder;
};

// The bundled examples, each as it is, with fewer trials.
class Examples : public Programs {
 protected:
  json run(const std::string& name) {
    const fs::path source = fs::path(CAVIAR_SOURCE_DIR) / "examples/command" / name;
    const fs::path here = folder.path("examples/command/" + name);
    fs::create_directories(here);
    fs::copy(source, here, fs::copy_options::recursive);
    fs::create_directory_symlink(fs::path(CAVIAR_SOURCE_DIR) / "clients", folder.path("clients"));
    fs::create_directory_symlink(fs::path(CAVIAR_SOURCE_DIR) / "data", folder.path("data"));
    if (name == "cpp") fs::create_symlink(CAVIAR_EXAMPLE_TRAIN, here / "train");
    const std::string file = "examples/command/" + name + "/study.yaml";
    const Result result =
        caviar({"tune", file, "--trials", "7", "--sampler", "random", "--json"}, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    const json found = json::parse(result.out);
    EXPECT_EQ(found["trials"]["complete"].get<int>() + found["trials"]["pruned"].get<int>(), 7)
        << caviar({"trials", file}, folder).out;
    return found;
  }
};

TEST_F(Examples, aShellScript) { EXPECT_LT(run("shell")["best"]["value"], 0.2); }
TEST_F(Examples, aPythonProgramOnTheWire) { EXPECT_LT(run("python")["best"]["value"], 0.3); }
TEST_F(Examples, aCompiledProgramOnTheWire) {
  const json best = run("cpp")["best"];
  EXPECT_LT(best["value"], 0.2);
  EXPECT_TRUE(best["metrics"].contains("training_loss"));
}
TEST_F(Examples, aScikitLearnProgram) {
  if (std::system("python3 -c 'import sklearn' 2>/dev/null") != 0) {  // NOLINT: a fixed text
    GTEST_SKIP() << "python3-sklearn is not installed";
  }
  EXPECT_GT(run("scikit_learn")["best"]["value"], 0.85);
}
TEST_F(Examples, anXGBoostProgram) {
  if (std::system("python3 -c 'import xgboost' 2>/dev/null") != 0) {  // NOLINT: a fixed text
    GTEST_SKIP() << "python3-xgboost is not installed";
  }
  EXPECT_LT(run("xgboost")["best"]["value"], 0.4);
}
TEST_F(Examples, aPyTorchProgramThatGoesOnFromItsCheckpoints) {
  if (std::system("python3 -c 'import torch' 2>/dev/null") != 0) {  // NOLINT: a fixed text
    GTEST_SKIP() << "PyTorch is not installed";
  }
  EXPECT_LT(run("pytorch")["best"]["value"], 2.5);
}

TEST_F(Programs, fromTheFileToTheLog) {
  study("echo \"hello from $CAVIAR_TRIAL\"; echo loss=$1", "{trials: 4, jobs: 2}");
  const Result result = caviar({"tune", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("folder: "));
  for (const json& trial : trials()) {
    EXPECT_EQ(trial["state"], "complete");
    EXPECT_EQ(trial["value"], trial["params"]["x"]);
  }
  const std::string log = caviar({"logs", "study.yaml", "2"}, folder).out;
  EXPECT_THAT(log, testing::StartsWith("hello from 2\nloss="));
  EXPECT_EQ(caviar({"logs", "study.yaml", "2", "-f"}, folder).out, log);
  EXPECT_EQ(caviar({"logs", "2", "--storage", "sqlite:study.db"}, folder).out, log);
  EXPECT_TRUE(folder.has("study.trials/2/parameters.json"));
  EXPECT_THAT(caviar({"check", "study.yaml"}, folder).out, HasSubstr("sh run.sh {x}"));
  for (const char* number : {"9", "x", "-1"}) {
    EXPECT_EQ(caviar({"logs", "study.yaml", number}, folder).code, 2);
  }
  EXPECT_THAT(caviar({"logs", "study.yaml"}, folder).err, HasSubstr("no trial given"));
}

TEST_F(Programs, whatCannotBeMeantIsOneClearError) {
  const std::string rest =
      "metric: loss\ndirection: minimize\nspace: {x: {type: float, low: 0, high: 1}}\n";
  folder.write("script", "echo");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"objective: {command: [no-such-program, '{x}']}\n" + rest, "no program 'no-such-program'"},
      {"objective: {command: [./script, '{x}']}\n" + rest, "chmod +x"},
      {"objective: {command: [sh, '{y}']}\n" + rest, "{y} stands for no parameter"},
      {"objective: {command: [sh], train: {}}\n" + rest, "objective.train"},
      {"objective: {command: [sh]}\ndirection: minimize\n", "space"},
      {"objective: {command: [sh]}\nspace: {x: {type: int, low: 0, high: 1}}\n", "small or large"},
      {"objective: {command: [sh]}\nmetric: mine\nspace: {x: {type: int, low: 0, high: 1}}\n",
       "direction"},
      {"objective: {command: [sh]}\nlimits: {jobs: 3, gpus: 2}\n" + rest, "2 gpus"},
      {"objective: {command: [sh]}\nlimits: {jobs: 3, cpus: 2}\n" + rest, "2 cpus"},
      {"objective: {command: [sh], memory: 3G}\nlimits: {jobs: 2, memory: 4G}\n" + rest,
       "limits.memory"},
      {"objective: {command: [sh]}\nmodel: best\n" + rest, "model"},
      {"objective: {command: [sh]}\nreport: ''\n" + rest, "report: an empty name"},
      {"objective: {command: [sh]}\nname: ' '\n" + rest, "name: empty"},
      {"objective: {command: [sh]}\nlimits: {gpus: ['']}\n" + rest, "gpus[0]: an empty name"},
      {"objective: {command: [sh], directory: ''}\n" + rest, "directory: an empty name"},
      {"objective: {command: [sh], results: file, file: ''}\n" + rest, "file: an empty name"},
      {"objective: {command: [sh]}\nmetric: ''\ndirection: minimize\n" +
           rest.substr(rest.find("space")),
       "metric: an empty name"},
      {"objective: {train: {data: t.csv, target: y}}\nlimits: {gpus: 2}\n", ""},
  };
  for (const auto& [text, part] : cases) {
    folder.write("bad.yaml", text);
    const auto before = folder.names();
    for (const char* command : {"tune", "check"}) {
      const Result result = caviar({command, "bad.yaml"}, folder);
      EXPECT_EQ(result.code, 2) << text << result.out;
      EXPECT_THAT(result.err, AllOf(testing::StartsWith("caviar: error: "), HasSubstr(part)));
      EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    }
    EXPECT_EQ(folder.names(), before) << text;
  }
  study("true");
  EXPECT_THAT(caviar({"train", "study.yaml"}, folder).err,
              HasSubstr("objective.train is expected"));
  folder.write("warned.yaml", "objective: {command: [sh]}\n" + rest);
  EXPECT_THAT(caviar({"check", "warned.yaml"}, folder).err, HasSubstr("caviar: warning: "));
}

TEST_F(Programs, aStudyThatOnlyFailsIsStoppedAndSaysWhatTheFailuresShare) {
  study("echo 'no module named 7' >&2; exit 1", "{trials: 50, max_failed: 5}");
  const Result result = caviar({"tune", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("5 trials failed one after the other"));
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("no trial came to a value, all 5 failed"),
                    HasSubstr("5 of 5 failed trials: exit code 1; its last lines: no module")));
  EXPECT_EQ(trials().size(), 5U);
}

TEST_F(Programs, eachOfSeveralTrialsAtOnceHasADeviceOfItsOwn) {
  // A device that is in use is a folder that is there: a second trial could not make it.
  study(R"(
mkdir "gpu$CUDA_VISIBLE_DEVICES" || exit 1
echo "loss=$CUDA_VISIBLE_DEVICES threads=$OMP_NUM_THREADS"
rmdir "gpu$CUDA_VISIBLE_DEVICES"
)",
        "{trials: 12, gpus: [4, 6, 7], cpus: 6}");
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  const json all = trials();
  EXPECT_EQ(count(all, "complete"), 12U);
  for (const json& trial : all) {
    EXPECT_TRUE((std::set<double>{4, 6, 7}.contains(trial["value"]))) << trial;
    EXPECT_EQ(trial["metrics"].value("threads", 2.0), 2);
  }
}

TEST_F(Programs, aFloodOfOutputHarmsNothing) {
  study("head -c 24000000 /dev/zero | tr '\\0' 'x'; echo; echo loss=1", "{trials: 1}");
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  EXPECT_EQ(count(trials(), "complete"), 1U);
  EXPECT_LT(fs::file_size(folder.path("study.trials/0/log.txt")), 17U << 20U);
}

TEST_F(Programs, aRunningTrialIsSteered) {
  // Reports until it is told of a change, which is its value.
  study(R"sh(
read start <&4
step=1
while :; do
  echo "{\"op\":\"report\",\"step\":$step,\"value\":$step}" >&3
  while read line <&4; do
    case "$line" in
      *change*) value=${line##*:}; echo "{\"op\":\"result\",\"value\":${value%%\}*}}" >&3; exit 0;;
      *'"stop":true'*|*'"op":"stop"'*) exit 0;;
      *pause*) echo "{\"op\":\"took\",\"what\":\"pause\",\"step\":$step}" >&3;;
      *resume*) echo "{\"op\":\"took\",\"what\":\"resume\",\"step\":$step}" >&3;;
      *answer*) break;;
    esac
  done
  step=$((step + 1))
  sleep 0.02
done
)sh",
        "{trials: 2}", ", results: wire");
  Program program({"tune", "study.yaml"}, folder.path());
  const auto until_it_runs = [&](const std::vector<std::string>& words) {
    for (int attempt = 0; attempt < 600; ++attempt) {
      if (caviar(words, folder).code == 0) return;
    }
    FAIL() << "no trial began";
  };
  until_it_runs({"watch", "study.yaml:0"});
  until_it_runs({"pause", "study.yaml:0"});
  EXPECT_THAT(caviar({"watch", "study.yaml:0"}, folder).out,
              AllOf(HasSubstr("  paused  "), HasSubstr("* pause: wanted after step"),
                    HasSubstr("* pause: waits after step")));
  EXPECT_THAT(caviar({"resume", "study.yaml:0"}, folder).out,
              HasSubstr("told to resume; goes on after step"));
  for (const char* verb : {"snapshot", "rollback", "branch"}) {
    std::vector<std::string> words = {verb, "study.yaml:0"};
    if (std::string(verb) == "rollback") words.insert(words.end(), {"--to", "start"});
    if (std::string(verb) == "branch") words.insert(words.end(), {"--name", "b"});
    const Result refused = caviar(words, folder);
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("can neither keep nor put back"));
  }
  EXPECT_EQ(caviar({"steer", "study.yaml:0", "x=1", "--at", "epoch:3"}, folder).code, 2);
  until_it_runs({"steer", "study.yaml", "0", "x=7.5"});
  until_it_runs({"steer", "study.yaml", "1", "stop"});
  EXPECT_EQ(program.wait().code, 0);
  const json all = trials();
  EXPECT_EQ(all[0]["value"], 7.5);
  EXPECT_EQ(all[1]["state"], "pruned");
  EXPECT_EQ(all[0]["steering"].size(), 5U) << all[0];
  EXPECT_THAT(
      caviar({"history", "study.yaml:0"}, folder).out,
      AllOf(HasSubstr("pause"), HasSubstr("resume"), HasSubstr("x=7.5"), HasSubstr("complete")));
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"steer", "study.yaml", "0", "stop"},
        {"steer", "study.yaml", "9", "stop"},
        {"steer", "study.yaml", "0"},
        {"steer", "study.yaml", "0", "y=1"},
        {"steer", "none.db", "0", "stop"}}) {
    EXPECT_EQ(caviar(wrong, folder).code, 2) << wrong.back();
  }
}

TEST_F(Programs, aPrunerNeedsReports) {
  const std::string rest =
      "metric: loss\ndirection: minimize\nspace: {x: {type: float, low: 0, high: 1}}\n"
      "search: {sampler: random}\nlimits: {trials: 5}\npruner: median\n";
  for (const char* results : {"exit", "file"}) {
    folder.write("silent.yaml",
                 std::string("objective: {command: [sh, -c, \"exit {x}\"], results: ") + results +
                     "}\n" + rest);
    const Result refused = caviar({"tune", "silent.yaml"}, folder);
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("pruner: it judges what trials report on their way"));
    EXPECT_FALSE(folder.has("silent.db"));
  }
  folder.write("quiet.yaml", "objective: {command: [echo, \"loss={x}\"]}\n" + rest);
  const Result stopped = caviar({"tune", "quiet.yaml"}, folder);
  EXPECT_EQ(stopped.code, 2);
  EXPECT_THAT(stopped.err, HasSubstr("trial 0 has its value and reported nothing on its way"));
  const json all = json::parse(caviar({"trials", "quiet.yaml", "--json"}, folder).out)["trials"];
  EXPECT_EQ(count(all, "complete"), 1U) << "what is complete stays";
}

TEST_F(Programs, aStudyOfFailuresFails) {
  study("echo no luck; exit 3", "{trials: 4}");
  const Result result = caviar({"tune", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("no trial came to a value, all 4 failed"),
                                HasSubstr("exit code 3; its last lines: no luck")));
}

TEST_F(Programs, aMetricThatIsNoNumberIsBadInput) {
  study("echo loss=abc", "{trials: 2}");
  const Result result = caviar({"tune", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("2 of 2 failed trials: it ended without a value: the word "
                                    "loss=NUMBER on its output was expected; 'abc' came, which is "
                                    "not a number"));
}

TEST_F(Programs, whoeverHelpsAStudyOfFailuresFailsToo) {
  study("echo no luck; exit 3", "{trials: 4}");
  EXPECT_EQ(caviar({"tune", "study.yaml", "--quiet", "--trials", "2"}, folder).code, 1);
  const Result result = caviar({"work", "study.yaml"}, folder);
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("trials only fail"), HasSubstr("4 of 4 failed trials")));
}

TEST_F(Programs, othersLendAHand) {
  study("echo loss=$1", "{trials: 12, jobs: 2}");
  EXPECT_EQ(caviar({"work", "study.yaml"}, folder).code, 2) << "there is no study yet";
  EXPECT_FALSE(folder.has("study.db"));
  Program first({"tune", "study.yaml"}, folder.path());
  first.line();
  const Result second = caviar({"work", "study.yaml", "--quiet"}, folder);
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_THAT(second.out, HasSubstr("of them here"));
  EXPECT_EQ(first.wait().code, 0);
  EXPECT_EQ(count(trials(), "complete"), 12U);
}

TEST_F(Programs, aDeterministicSearchRepeatsItself) {
  const auto run = [&](const std::string& storage) {
    study("sleep 0.0$(( $$ % 5 )); echo loss=$1", "{trials: 12, jobs: 3}");
    const std::string text = folder.read("study.yaml");
    const std::string plain = "{sampler: random, seed: 1}";
    std::string ordered = text;
    ordered.replace(ordered.find(plain), plain.size(),
                    "{sampler: zoom, seed: 1, deterministic: true}");
    folder.write("study.yaml", ordered);
    EXPECT_EQ(caviar({"tune", "study.yaml", "--quiet", "--storage", storage}, folder).code, 0);
    json points = json::array();
    const Result all = caviar({"trials", storage, "--json"}, folder);
    const json found = json::parse(all.out)["trials"];
    for (const json& trial : found) points.push_back(trial["params"]);
    return points;
  };
  EXPECT_EQ(run("first.db"), run("second.db"));
}

// Kills the program at random moments, in the middle of four trials at once whose trees hold a FIFO
// open: its reader sees the end once nobody is left.
TEST_F(Programs, killedAtAnyMomentNothingIsLostAndNobodyIsLeft) {
  constexpr int kills = 5, trials_wanted = 40;
  study(R"(
exec 9> fifo
setsid sleep 1000 9>&9 &
echo "epoch=1 loss=$1"
echo "$CAVIAR_TRIAL" >> started
echo "loss=$1"
)",
        "{trials: " + std::to_string(trials_wanted) + ", jobs: 4}");
  ASSERT_EQ(mkfifo(folder.path("fifo").c_str(), 0600), 0);
  const int reader = open(folder.path("fifo").c_str(), O_RDONLY | O_NONBLOCK);
  std::set<int> finished;
  for (int kill = 0; kill < kills; ++kill) {
    Program program({"tune", "study.yaml"}, folder.path());
    for (int line = 0; line <= kill % 3; ++line) program.line();  // one for each trial that ended
    program.signal(SIGKILL);
    program.wait();
    pollfd ready{reader, POLLIN, 0};
    EXPECT_GT(poll(&ready, 1, 60'000), 0) << "a process lives on";
    const json now = trials();
    std::set<int> complete;
    for (const json& trial : now) {
      if (trial["state"] == "complete") complete.insert(trial["number"].get<int>());
    }
    EXPECT_TRUE(std::ranges::includes(complete, finished)) << "a finished trial was lost";
    finished = complete;
  }
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  const json all = trials();
  EXPECT_EQ(count(all, "complete"), std::size_t{trials_wanted});
  EXPECT_EQ(count(all, "running"), 0U);
  std::set<std::string> points;
  for (const json& trial : all) {
    if (trial["state"] != "complete") continue;
    EXPECT_TRUE(points.insert(trial["params"].dump()).second) << "counted twice";
    EXPECT_EQ(trial["value"], trial["params"]["x"]);
  }
  close(reader);
}

}  // namespace
}  // namespace caviar::test
