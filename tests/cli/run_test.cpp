// Runs as a person handles them: begun in the background, steered from another program.
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

// A training that goes on until somebody stops it, with epochs of some milliseconds.
std::vector<std::string> endless(const std::string& name) {
  return {"train",
          "--data",
          "tiny.csv",
          "--target",
          "kind",
          "--name",
          name,
          "--snapshot-every",
          "1",
          "--keep-snapshots",
          "1000000",
          "epochs=1000000",
          "batch_size=1",
          "hidden_units=64",
          "early_stopping=false"};
}

// As soon as it can be asked.
void wait_for_epoch(Program& program) {
  while (program.line().find("epoch 2/") != 0) {
  }
}

std::string good(const std::vector<std::string>& words, const Folder& folder) {
  const Result result = caviar(words, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  return result.out;
}

std::string bad(const std::vector<std::string>& words, const Folder& folder) {
  const Result result = caviar(words, folder);
  EXPECT_EQ(result.code, 2) << result.out;
  EXPECT_THAT(result.err, MatchesRegex("caviar: error: [^\n]*\n"));
  return result.err;
}

TEST(Run, IsSteeredFromAnotherProgram) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  Program training(endless("run1"), folder.path());
  wait_for_epoch(training);
  EXPECT_THAT(bad(endless("run1"), folder), HasSubstr("there is a run 'run1'"));
  EXPECT_THAT(good({"steer", "run1", "learning_rate=3e-4", "dropout=0.2"}, folder),
              AllOf(HasSubstr("run1: learning_rate 0.001 → 3e-04, dropout 0 → 0.2 "),
                    HasSubstr("holds what was before")));
  EXPECT_THAT(good({"pause", "run1"}, folder), HasSubstr("run1: paused "));
  EXPECT_THAT(bad({"pause", "run1"}, folder), HasSubstr("paused already"));
  const std::string paused = good({"watch", "run1", "--json"}, folder);
  EXPECT_EQ(good({"watch", "run1", "--json"}, folder), paused);  // it does not move
  EXPECT_EQ(nlohmann::json::parse(paused).at("state"), "paused");
  EXPECT_THAT(bad({"steer", "run1", "dropout=1.5"}, folder), HasSubstr("1.5 makes no sense"));
  EXPECT_THAT(bad({"steer", "run1", "layers=3"}, folder), HasSubstr("built already"));
  EXPECT_THAT(bad({"steer", "run1", "droput=0.5"}, folder), HasSubstr("did you mean 'dropout'"));
  EXPECT_THAT(bad({"steer", "run1", "l1=0.5", "--at", "epoch:1"}, folder),
              HasSubstr("begun already"));
  EXPECT_THAT(good({"steer", "run1", "l1=1e-5", "--at", "epoch:900000"}, folder),
              HasSubstr("from epoch 900000 on: l1 0 → 1e-05; now "));
  EXPECT_THAT(good({"snapshot", "run1"}, folder), HasSubstr("run1: snapshot "));
  EXPECT_THAT(
      good({"rollback", "run1", "--to", "epoch:1", "learning_rate=0.002"}, folder),
      AllOf(HasSubstr("rolled back to snapshot 1 (after epoch 1) with learning_rate 0.001 → "
                      "0.002; it was "),
            HasSubstr(" holds")));
  EXPECT_THAT(bad({"rollback", "run1", "--to", "epoch:800000"}, folder),
              HasSubstr("'epoch:800000' was not kept; these were: start, epoch:1"));
  EXPECT_THAT(good({"resume", "run1"}, folder), HasSubstr("run1: goes on after epoch 1"));
  EXPECT_THAT(good({"runs"}, folder), HasSubstr("running"));
  EXPECT_THAT(good({"stop", "run1"}, folder), HasSubstr("run1: stopped "));
  const Result ended = training.wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(folder.has("runs/run1/model.json"));
  EXPECT_THAT(bad({"steer", "run1", "l1=0.1"}, folder),
              HasSubstr("run1 is over: stopped; the weights"));
  EXPECT_THAT(good({"history", "run1"}, folder),
              AllOf(HasSubstr("steered"), HasSubstr("rolled_back"), HasSubstr("paused"),
                    HasSubstr("the run has ended before epoch 900000"), HasSubstr("ended")));
  EXPECT_THAT(good({"watch", "run1"}, folder),
              AllOf(HasSubstr("run1  over"), HasSubstr("validation"), HasSubstr("learning rate"),
                    Not(HasSubstr("\x1b"))));
  EXPECT_THAT(good({"train", "--replay", "run1"}, folder),
              HasSubstr("the same numbers as run1, to the bit, in all "));
  EXPECT_THAT(bad({"branch", "run1", "--at", "epoch:800000", "--name", "run2"}, folder),
              HasSubstr("was not kept"));
  EXPECT_FALSE(folder.has("runs/run2"));
  EXPECT_THAT(good({"branch", "run1", "--at", "epoch:1", "--name", "run2", "epochs=3"}, folder),
              AllOf(HasSubstr("epoch 2/3"), HasSubstr("epoch 3/3"), Not(HasSubstr("epoch 1/3"))));
  EXPECT_THAT(good({"watch", "run1", "run2"}, folder), HasSubstr("from run1"));
}

TEST(Run, GoesOnAfterItWasKilled) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  Program training(endless("a"), folder.path());
  wait_for_epoch(training);
  good({"steer", "a", "epochs=2000", "--at", "epoch:2000"}, folder);
  training.signal(SIGKILL);
  EXPECT_EQ(training.wait().code, 128 + SIGKILL);
  EXPECT_THAT(bad({"steer", "a", "l1=0.1"}, folder),
              AllOf(HasSubstr("a is run by no program now"), HasSubstr("caviar resume a")));
  EXPECT_THAT(good({"runs"}, folder), HasSubstr("run by no program"));
  Program again({"resume", "a"}, folder.path());
  std::string line;
  while (line.find("* went on after epoch ") != 0) line = again.line();
  while (line.find("epoch ") != 0) line = again.line();
  EXPECT_THAT(bad({"steer", "a", "epochs=1"}, folder),
              AllOf(HasSubstr("a: epochs: 1 given, but the training is "), HasSubstr("at least ")));
  good({"stop", "a"}, folder);
  EXPECT_EQ(again.wait().code, 0);
}

// Two trials that train until somebody ends them.
std::string endless_study() {
  return tiny_study({{"objective",
                      "{train: {data: tiny.csv, target: kind, epochs: 1000000, batch_size: 1, "
                      "layers: 3, early_stopping: false}}"},
                     {"space",
                      "{learning_rate: {type: float, low: 1e-3, high: 0.01, scale: log},"
                      " hidden_units: {type: int, low: 100, high: 120}}"},
                     {"pruner", "median"},
                     {"limits", "{trials: 2}"}});
}

void wait_for_trial(const std::string& number, const Folder& folder) {
  for (int attempt = 0; attempt < 2000; ++attempt) {
    const Result trials = caviar({"trials", "tiny.yaml", "--json"}, folder);
    if (trials.code != 0) continue;
    const auto all = nlohmann::json::parse(trials.out);
    for (const auto& trial : all["trials"]) {
      const bool runs = trial["state"] == "running" && !trial["reports"].empty();
      if (runs && std::to_string(trial["number"].get<int>()) == number) return;
    }
  }
  FAIL() << "no trial began";
}

TEST(Run, StoppedAfterARollbackSaysWhereItStands) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("tiny.yaml", endless_study());
  Program study({"tune", "tiny.yaml", "--quiet", "--trials", "1"}, folder.path());
  wait_for_trial("0", folder);
  good({"pause", "tiny.yaml:0"}, folder);
  good({"rollback", "tiny.yaml:0", "--to", "start"}, folder);
  EXPECT_THAT(good({"stop", "tiny.yaml:0"}, folder),
              HasSubstr("tiny.yaml:0: stopped at the start"));
  EXPECT_EQ(study.wait().code, 0);
}

TEST(Run, IsMadeOfARunningTrialOfAStudy) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("tiny.yaml", endless_study());
  Program study({"tune", "tiny.yaml", "--quiet"}, folder.path());
  wait_for_trial("0", folder);
  EXPECT_FALSE(folder.has("tiny.trials/0")) << "nobody has asked for it yet";
  EXPECT_THAT(
      good({"steer", "tiny.yaml:0", "dropout=0.2"}, folder),
      AllOf(HasSubstr("tiny.yaml:0: dropout 0 → 0.2 "), HasSubstr("holds what was before")));
  EXPECT_THAT(bad({"steer", "tiny.yaml:0", "dropout=1.5"}, folder),
              HasSubstr("1.5 makes no sense"));
  EXPECT_THAT(bad({"steer", "tiny.yaml:0", "droput=0.5"}, folder),
              HasSubstr("did you mean 'dropout'"));
  EXPECT_THAT(good({"pause", "tiny.yaml:0"}, folder), HasSubstr("tiny.yaml:0: paused "));
  const std::string paused = good({"watch", "tiny.yaml:0", "--json"}, folder);
  EXPECT_EQ(good({"watch", "tiny.yaml:0", "--json"}, folder), paused);
  EXPECT_THAT(bad({"rollback", "tiny.yaml:0", "--to", "epoch:800000"}, folder),
              HasSubstr("'epoch:800000' was not kept; these were: start"));
  EXPECT_THAT(good({"rollback", "tiny.yaml:0", "--to", "start", "learning_rate=0.01"}, folder),
              HasSubstr("rolled back to the start with learning_rate "));
  EXPECT_THAT(good({"steer", "tiny.yaml:0", "epochs=3"}, folder), HasSubstr("epochs 1000000 → 3"));
  EXPECT_THAT(good({"resume", "tiny.yaml:0"}, folder), HasSubstr("goes on at the start"));
  wait_for_trial("1", folder);
  EXPECT_THAT(bad({"steer", "tiny.yaml:0", "dropout=0.1"}, folder),
              HasSubstr("tiny.yaml:0 is over: complete"));
  EXPECT_THAT(good({"stop", "tiny.yaml:1"}, folder),
              HasSubstr("tiny.yaml:1: stopped after epoch "));
  const Result ended = study.wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("changed while it ran"));
  EXPECT_FALSE(folder.has("tiny.trials/1")) << "it was only stopped";
  EXPECT_THAT(good({"history", "tiny.yaml:0"}, folder),
              AllOf(ContainsRegex("trial 0, opened (in|after) epoch [0-9]"), HasSubstr("steered"),
                    HasSubstr("rolled_back"), HasSubstr("ended")));
  EXPECT_THAT(good({"train", "--replay", "tiny.yaml:0"}, folder),
              HasSubstr("the same numbers as tiny.yaml:0, to the bit, in all "));
  EXPECT_THAT(good({"branch", "tiny.yaml:0", "--at", "start", "--name", "b", "epochs=4"}, folder),
              HasSubstr("epoch 4/4"));
  const auto trials =
      nlohmann::json::parse(good({"trials", "tiny.yaml", "--json"}, folder))["trials"];
  EXPECT_EQ(trials[0]["steering"].size(), 3U) << trials[0];
  EXPECT_EQ(trials[1]["state"], "pruned");
}

TEST(Run, OfATrialKeepsTheSnapshotsThatWereAskedFor) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("tiny.yaml", endless_study());
  Program study({"tune", "tiny.yaml", "--quiet", "--trials", "1"}, folder.path());
  wait_for_trial("0", folder);
  const std::string taken = good({"snapshot", "tiny.yaml:0"}, folder);
  std::smatch found;
  ASSERT_TRUE(std::regex_search(taken, found, std::regex("snapshot ([0-9]+) .* epoch ([0-9]+)")));
  const std::string point = "snapshot:" + found[1].str(), epoch = found[2];
  good({"stop", "tiny.yaml:0"}, folder);
  study.wait();
  EXPECT_THAT(
      good({"branch", "tiny.yaml:0", "--at", point, "--name", "b", "epochs=" + epoch}, folder),
      HasSubstr("run runs/b: "));
  EXPECT_THAT(good({"snapshot", "tiny.yaml:0", "--remove", point}, folder),
              HasSubstr("is removed"));
  EXPECT_THAT(bad({"branch", "tiny.yaml:0", "--at", point, "--name", "c"}, folder),
              HasSubstr("was not kept"));
}

TEST(Run, IsRepeatedFromAnotherFolder) {
  const Folder folder, other;
  folder.write("tiny.csv", tiny_table());
  good({"train", "--data", "tiny.csv", "--target", "kind", "--name", "a", "epochs=4"}, folder);
  const std::string runs = folder.path("runs");
  EXPECT_THAT(good({"train", "--replay", "a", "--runs", runs}, other),
              HasSubstr("the same numbers as a, to the bit, in all 4 epochs"));
  good({"branch", "a", "--at", "start", "--name", "b", "--runs", runs, "epochs=2"}, other);
  EXPECT_THAT(good({"train", "--replay", "b", "--runs", runs}, other),
              HasSubstr("in all 2 epochs"));
}

TEST(Run, SaysWhatIsPlannedAndTakesItBack) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  Program training(endless("run1"), folder.path());
  wait_for_epoch(training);
  good({"steer", "run1", "l1=0.001", "--at", "epoch:900000"}, folder);
  bad({"steer", "run1", "l1=-1"}, folder);
  EXPECT_THAT(
      good({"watch", "run1"}, folder),
      AllOf(HasSubstr("✗ refused: l1: -1"), HasSubstr("→ to come: l1=0.001 from epoch 900000 on")));
  EXPECT_THAT(good({"rollback", "run1", "--to", "start"}, folder),
              HasSubstr("still to come: l1=0.001 from epoch 900000 on"));
  EXPECT_THAT(good({"history", "run1"}, folder), HasSubstr("to come "));
  EXPECT_THAT(bad({"steer", "run1", "--cancel", "epoch:3"}, folder), HasSubstr("for epoch 3"));
  EXPECT_THAT(good({"steer", "run1", "--cancel", "all"}, folder), HasSubstr("no longer to come"));
  EXPECT_THAT(good({"watch", "run1"}, folder), Not(HasSubstr("→ to come:")));
  good({"stop", "run1"}, folder);
  training.wait();
}

TEST(Run, OfATrialGoesOnWithTheStudy) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("tiny.yaml", endless_study());
  Program study({"tune", "tiny.yaml", "--quiet", "--trials", "1"}, folder.path());
  wait_for_trial("0", folder);
  good({"steer", "tiny.yaml:0", "epochs=50000"}, folder);
  study.signal(SIGINT);
  EXPECT_EQ(study.wait().code, 130);
  Program again({"tune", "tiny.yaml", "--quiet", "--trials", "1"}, folder.path());
  wait_for_trial("1", folder);
  EXPECT_THAT(good({"steer", "tiny.yaml:0", "epochs=60000"}, folder),
              HasSubstr("tiny.yaml:1: epochs 50000 → 60000"));
  good({"stop", "tiny.yaml:0"}, folder);
  EXPECT_EQ(again.wait().code, 0);
  EXPECT_THAT(good({"history", "tiny.yaml:0"}, folder), HasSubstr("went on"));
}

TEST(Run, NamesATrialThatThereIs) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("tiny.yaml", tiny_study());
  EXPECT_THAT(bad({"watch", "tiny.yaml:0"}, folder), HasSubstr("tiny.db"));
  ASSERT_EQ(caviar({"tune", "tiny.yaml", "--quiet"}, folder).code, 0);
  EXPECT_THAT(bad({"watch", "tiny.yaml"}, folder), HasSubstr("such as tiny.yaml:12"));
  EXPECT_THAT(bad({"watch", "tiny.yaml:9"}, folder), HasSubstr("there is none of that number"));
  EXPECT_THAT(bad({"watch", "tiny.yaml:x"}, folder), HasSubstr("such as study.yaml:12"));
  EXPECT_THAT(bad({"steer", "tiny.yaml:0", "dropout=0.1"}, folder), HasSubstr("is over: complete"));
  EXPECT_THAT(bad({"watch", "tiny.yaml:0"}, folder), HasSubstr("nobody watched it"));
  folder.write("folds.yaml", tiny_study({{"name", "folds"},
                                         {"objective",
                                          "{train: {data: tiny.csv, target: kind, epochs: 1000000, "
                                          "early_stopping: false, validation: {folds: 3}}}"},
                                         {"storage", "sqlite:folds.db"}}));
  Program study({"tune", "folds.yaml", "--quiet"}, folder.path());
  for (int attempt = 0; attempt < 600; ++attempt) {
    if (caviar({"trials", "folds.yaml"}, folder).out.find("running") != std::string::npos) break;
  }
  EXPECT_THAT(bad({"steer", "folds.yaml:0", "dropout=0.1"}, folder), HasSubstr("on 3 folds"));
}

TEST(Run, RefusesWhatCannotBeMeant) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  const std::vector<std::string> begin = {"train", "--data", "tiny.csv", "--target", "kind"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), begin.begin(), begin.end());
    return more;
  };
  EXPECT_THAT(bad(with({"--name", "a/b"}), folder), HasSubstr("is no name"));
  EXPECT_THAT(bad(with({"--name", "a", "dropout=1.5"}), folder), HasSubstr("makes no sense"));
  EXPECT_THAT(bad(with({"--name", "a", "--save", "m"}), folder), HasSubstr("--save"));
  EXPECT_THAT(bad(with({"--name", "a", "--keep-snapshots", "0"}), folder),
              HasSubstr("--keep-snapshots"));
  EXPECT_THAT(bad(with({"--name", "a", "loss=huber"}), folder), HasSubstr("does not suit"));
  EXPECT_THAT(bad(with({"--nurse"}), folder), HasSubstr("give it a --name"));
  EXPECT_FALSE(folder.has("runs"));
  EXPECT_THAT(bad({"steer", "a", "l1=0.1"}, folder), HasSubstr("there is no run 'a'"));
  EXPECT_THAT(bad({"train", "--replay", "a"}, folder), HasSubstr("there is no run 'a'"));
  EXPECT_EQ(caviar(with({"--name", "a", "epochs=2"}), folder).code, 0);
  EXPECT_THAT(bad({"steer", "a"}, folder), HasSubstr("say what is to change"));
  EXPECT_THAT(bad({"steer", "a", "l1"}, folder), HasSubstr("NAME=VALUE expected"));
  EXPECT_THAT(bad({"steer", "a", "l1=0.1", "--at", "20"}, folder), HasSubstr("epoch:N expected"));
  EXPECT_THAT(bad({"rollback", "a"}, folder), HasSubstr("--to"));
  EXPECT_THAT(bad({"branch", "a"}, folder), HasSubstr("--name"));
  EXPECT_THAT(bad({"resume", "a"}, folder), HasSubstr("a is over"));
  EXPECT_THAT(bad({"train", "--replay", "a", "l1=1"}, folder), HasSubstr("--replay"));
}

TEST(Run, HasANurseWhereTheStudyFileSaysSo) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  const std::string rule =
      "[{when: no_gain, epochs: 2, multiply: {learning_rate: 0.5}, at_most: 1}]";
  folder.write("a.yaml",
               tiny_study({{"objective",
                            "{train: {data: tiny.csv, target: kind, epochs: 12, optimizer: sgd, "
                            "early_stopping: {patience: 10, min_delta: 100}}}"},
                           {"nurse", rule}}));
  EXPECT_THAT(good({"train", "a.yaml", "--name", "a"}, folder),
              HasSubstr("learning_rate 0.1 → 0.05 after epoch 3 (no gain for 2 epochs)"));
  folder.write("b.yaml", tiny_study({{"nurse", "[{when: no_gain, set: {layers: 3}}]"}}));
  EXPECT_THAT(bad({"train", "b.yaml", "--name", "b"}, folder), HasSubstr("nurse"));
  EXPECT_FALSE(folder.has("runs/b"));
}

// Rules that act in every trial, and a study of it that says what they did.
TEST(Run, RulesActOnTheTrialsOfAStudy) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  const auto study = [](const std::string& name, const std::string& nurse) {
    return tiny_study({{"name", name},
                       {"objective",
                        "{train: {data: tiny.csv, target: kind, epochs: 12, optimizer: sgd, "
                        "early_stopping: {patience: 10, min_delta: 100}}}"},
                       {"search", "{sampler: random, seed: 7, deterministic: true}"},
                       {"limits", "{trials: 4, jobs: 2}"},
                       {"storage", "sqlite:" + name + ".db"},
                       {"model", name + "-best"},
                       {"nurse", nurse}});
  };
  const auto trials_of = [&](const std::string& name) {
    return nlohmann::json::parse(good({"trials", name + ".yaml", "--json"}, folder))["trials"];
  };
  const std::string rule =
      "[{when: no_gain, epochs: 2, multiply: {learning_rate: 0.5}, at_most: 1}]";
  folder.write("plain.yaml", study("plain", ""));
  folder.write("nursed.yaml", study("nursed", rule));
  folder.write("again.yaml", study("again", rule));
  good({"tune", "plain.yaml", "--quiet"}, folder);
  EXPECT_FALSE(folder.has("plain.trials")) << "nobody nursed it";
  EXPECT_THAT(good({"tune", "nursed.yaml", "--quiet"}, folder), HasSubstr("changed while it ran"));
  good({"tune", "again.yaml", "--quiet"}, folder);
  const auto plain = trials_of("plain"), nursed = trials_of("nursed"), again = trials_of("again");
  for (std::size_t i = 0; i < nursed.size(); ++i) {
    EXPECT_EQ(nursed[i]["state"], "complete");
    ASSERT_EQ(nursed[i]["steering"].size(), 1U) << nursed[i];
    const auto& done = nursed[i]["steering"][0];
    EXPECT_EQ(done["kind"], "nurse");
    EXPECT_THAT(
        done["text"].get<std::string>(),
        AllOf(HasSubstr("learning_rate "), HasSubstr("after epoch 3 (no gain for 2 epochs)")));
    EXPECT_EQ(done["after_reports"], 3);
    EXPECT_EQ(nursed[i]["params"], plain[i]["params"]);
    EXPECT_NE(nursed[i]["reports"].back(), plain[i]["reports"].back());
    EXPECT_EQ(nursed[i]["reports"], again[i]["reports"]) << "rules are part of the objective";
  }
  EXPECT_THAT(good({"history", "nursed.yaml:1"}, folder), HasSubstr("no gain for 2 epochs"));
  EXPECT_THAT(good({"train", "--replay", "nursed.yaml:1"}, folder),
              HasSubstr("the same numbers as nursed.yaml:1, to the bit, in all "));
  folder.write("nursed.yaml", study("nursed", "[{when: no_gain, epochs: 3, stop: true}]"));
  EXPECT_THAT(bad({"tune", "nursed.yaml", "--quiet"}, folder), HasSubstr("/nurse/0/epochs was 2"));
}

TEST(Run, RulesOfAStudyRollBackAndStop) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  const auto trial = [&](const std::string& name, const std::string& rate,
                         const std::string& rule) {
    folder.write(name + ".yaml",
                 tiny_study({{"name", name},
                             {"objective",
                              "{train: {data: tiny.csv, target: kind, epochs: 12, optimizer: sgd, "
                              "batch_norm: false, activation: linear, "
                              "early_stopping: {patience: 10, min_delta: 100}}}"},
                             {"space", "{learning_rate: {type: ordinal, choices: [" + rate + "]}}"},
                             {"limits", "{trials: 1}"},
                             {"storage", "sqlite:" + name + ".db"},
                             {"nurse", rule}}));
    caviar({"tune", name + ".yaml", "--quiet"}, folder);
    return nlohmann::json::parse(good({"trials", name + ".yaml", "--json"}, folder))["trials"][0];
  };
  EXPECT_EQ(trial("alone", "1e12", "")["state"], "failed");
  const auto rescued = trial(
      "rescued", "1e12", "[{when: not_finite, roll_back: true, multiply: {learning_rate: 1e-13}}]");
  EXPECT_EQ(rescued["state"], "complete") << rescued;
  EXPECT_THAT(
      rescued["steering"][0]["text"].get<std::string>(),
      AllOf(HasSubstr("rolled back to the start with learning_rate"), HasSubstr("loss became")));
  const auto ended = trial("ended", "0.1", "[{when: no_gain, epochs: 2, stop: true}]");
  EXPECT_EQ(ended["state"], "complete") << "a rule's end is the trial's own";
  EXPECT_EQ(ended["reports"].size(), 3U);
  EXPECT_THAT(ended["steering"][0]["text"].get<std::string>(),
              HasSubstr("stopped after epoch 3 (no gain for 2 epochs)"));
}

TEST(Run, RulesThatCannotBeMeantAreRefused) {
  const Folder folder;
  folder.write("tiny.csv", tiny_table());
  const std::string rule = "[{when: no_gain, stop: true}]";
  const auto refusal = [&](std::vector<std::pair<std::string, std::string>> changes) {
    changes.emplace_back("nurse", rule);
    folder.write("a.yaml", tiny_study(changes));
    return bad({"tune", "a.yaml", "--quiet"}, folder);
  };
  EXPECT_THAT(refusal({{"search", "{budget: {method: asha, low: 1, factor: 2}}"}}),
              HasSubstr("nurse: given beside search.budget"));
  EXPECT_THAT(refusal({{"objective",
                        "{train: {data: tiny.csv, target: kind, epochs: 2, "
                        "validation: {folds: 3}}}"}}),
              HasSubstr("nurse: given beside validation.folds"));
  EXPECT_THAT(refusal({{"objective", "{command: [/bin/true, \"{args}\"]}"}, {"metric", ""}}),
              HasSubstr("nurse: given, but a command is tuned"));
  EXPECT_FALSE(folder.has("tiny.db"));
}

}  // namespace
}  // namespace caviar::test
