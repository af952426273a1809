// Every command on a small study, for people and for programs.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Commands : public testing::Test {
 protected:
  Commands() {
    folder.write("tiny.csv", tiny_table());
    folder.write("study.yaml", tiny_study());
  }
  // The study, run once.
  void tune() {
    const Result result = caviar({"tune", "study.yaml", "--quiet"}, folder);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  // stdout as the one JSON document that it must be.
  json document(const std::vector<std::string>& words) {
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  }
  std::string text(const std::vector<std::string>& words) {
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }
  Folder folder;
};

TEST_F(Commands, helpAndVersion) {
  EXPECT_THAT(text({"--version"}), StartsWith("caviar "));
  const std::string overview = text({});
  EXPECT_EQ(overview, text({"--help"}));
  for (const std::string command : {"tune", "train", "predict", "export-model", "diagnose",
                                    "lr-range", "show", "trials", "best", "importances", "export",
                                    "enqueue", "check", "list", "report", "compare", "ask-tell"}) {
    EXPECT_THAT(overview, HasSubstr("\n  " + command + " "));
    EXPECT_THAT(text({command, "--help"}),
                AllOf(HasSubstr("Examples:"), HasSubstr("caviar " + command)));
  }
}

TEST_F(Commands, checkSaysWhatAStudyFileMeans) {
  const std::string said = text({"check", "study.yaml"});
  for (const std::string part : {"learning_rate", "float", "log", "hidden_units", "int", "random",
                                 "seed 7", "4 trials", "60 rows", "minimize validation_loss"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
  EXPECT_FALSE(folder.has("tiny.db"));
  const json checked = document({"check", "study.yaml", "--json"});
  EXPECT_EQ(checked["draws"].size(), 4U);
  EXPECT_EQ(checked["study"]["name"], "tiny");
  EXPECT_TRUE(checked["configurations"].is_null());
}

TEST_F(Commands, checkCountsAGrid) {
  folder.write("study.yaml", tiny_study({{"search", "{sampler: grid, points: 2}"}}));
  EXPECT_THAT(text({"check", "study.yaml"}), HasSubstr("grid runs 4 of them"));
  EXPECT_EQ(document({"check", "study.yaml", "--json"})["planned_trials"], 4);
}

TEST_F(Commands, tuneEndsWithWhatItFound) {
  const std::string said = text({"tune", "study.yaml"});
  for (const std::string part :
       {"trial 0: ", "trial 3: ", "4 trials done", "learning_rate", "best value", "tier",
        "validation_loss", "test_accuracy", "rows that no trial saw", "report: tiny.html",
        "tune study.yaml --trials 8"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
  EXPECT_THAT(said, testing::Not(HasSubstr("\x1b")));  // no terminal, no escape sequences
  EXPECT_THAT(folder.read("tiny.html"), HasSubstr("<html"));
}

TEST_F(Commands, tuneAsJson) {
  const json result = document({"tune", "study.yaml", "--json"});
  EXPECT_EQ(result["study"], "tiny");
  EXPECT_EQ(result["trials"]["complete"], 4);
  EXPECT_EQ(result["ran"], 4);
  EXPECT_EQ(result["best"]["params"].size(), 2U);
  EXPECT_GT(result["test"]["test_accuracy"], 0.2);
  EXPECT_EQ(result["test"]["trial"], result["best"]["trial"]);
  EXPECT_TRUE(result["importance"].is_object() || result["importance"].is_null());
}

TEST_F(Commands, tuneIsRepeatable) {
  const json first = document({"tune", "study.yaml", "--json"});
  const json again = document({"tune", "study.yaml", "--storage", "sqlite:again.db", "--json"});
  for (const std::string part : {"trial", "value", "params"}) {
    EXPECT_EQ(first["best"][part], again["best"][part]);
  }
  EXPECT_EQ(first["test"], again["test"]);
  const json other =
      document({"tune", "study.yaml", "--storage", "sqlite:other.db", "--seed", "8", "--json"});
  EXPECT_NE(first["best"]["params"], other["best"]["params"]);
}

TEST_F(Commands, theCommandLineOverridesTheFile) {
  const json result =
      document({"tune", "study.yaml", "--trials", "2", "--sampler", "sobol", "--jobs", "2",
                "--storage", "other.db", "--report", "page.html", "--json"});
  EXPECT_EQ(result["trials"]["all"], 2);
  EXPECT_EQ(result["sampler"], "sobol");
  EXPECT_EQ(folder.names(),
            (std::vector<std::string>{"other.db", "page.html", "study.yaml", "tiny.csv"}));
}

TEST_F(Commands, pathsLieBesideTheStudyFile) {
  folder.write("deep/tiny.csv", tiny_table());
  folder.write("deep/study.yaml", tiny_study());
  ASSERT_EQ(caviar({"tune", "deep/study.yaml", "--quiet"}, folder).code, 0);
  EXPECT_TRUE(folder.has("deep/tiny.db"));
  EXPECT_TRUE(folder.has("deep/tiny.html"));
  EXPECT_FALSE(folder.has("tiny.db"));
}

TEST_F(Commands, aStudyFileInJson) {
  folder.write("study.json", R"({"name": "tiny", "objective": {"train": {"data": "tiny.csv",
      "target": "kind", "epochs": 2}}, "limits": {"trials": 2}, "storage": "memory:"})");
  const json result = document({"tune", "study.json", "--json"});
  EXPECT_EQ(result["trials"]["complete"], 2);
  EXPECT_TRUE(result["best"]["params"].contains("learning_rate"));  // the trainer's own space
  EXPECT_FALSE(folder.has("tiny.db"));
}

TEST_F(Commands, show) {
  tune();
  const std::string said = text({"show", "study.yaml"});
  EXPECT_THAT(said, AllOf(HasSubstr("tiny: 4 trials: 4 complete"), HasSubstr("learning_rate"),
                          HasSubstr("test_accuracy")));
  EXPECT_EQ(said, text({"show", "tiny.db"}));
  EXPECT_EQ(said, text({"show", "--storage", "sqlite:tiny.db", "--study", "tiny"}));
  EXPECT_EQ(document({"show", "study.yaml", "--json"})["trials"]["complete"], 4);
}

TEST_F(Commands, trials) {
  tune();
  const std::string said = text({"trials", "study.yaml"});
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 5);  // a header and four trials
  const json all = document({"trials", "study.yaml", "--json"});
  ASSERT_EQ(all["trials"].size(), 4U);
  for (int n = 0; n < 4; ++n) {
    EXPECT_EQ(all["trials"][n]["number"], n);
    EXPECT_EQ(all["trials"][n]["state"], "complete");
    EXPECT_EQ(all["trials"][n]["reports"].size(), 2U);
  }
}

TEST_F(Commands, best) {
  tune();
  const json best = document({"best", "study.yaml", "--json"});
  const json all = document({"trials", "study.yaml", "--json"})["trials"];
  for (const json& trial : all) EXPECT_LE(best["value"], trial["value"]);
  EXPECT_EQ(best["params"], all[best["trial"].get<std::size_t>()]["params"]);
  EXPECT_THAT(text({"best", "study.yaml"}), HasSubstr("learning_rate: "));
}

TEST_F(Commands, importances) {
  folder.write("run.sh", "awk \"BEGIN {print \\\"error=\\\" $1 + 0.01 * $2}\"\n");
  folder.write("matters.yaml",
               "objective: {command: [sh, run.sh, '{small}', '{great}']}\n"
               "metric: error\ndirection: minimize\n"
               "space:\n"
               "  small: {type: float, low: 0, high: 1, tier: 4}\n"
               "  great: {type: float, low: 0, high: 1, tier: 1}\n"
               "search: {sampler: sobol, seed: 3}\nlimits: {trials: 64}\n");
  ASSERT_EQ(caviar({"tune", "matters.yaml", "--quiet"}, folder).code, 0);
  const json found = document({"importances", "matters.yaml", "--json"})["objectives"][0];
  EXPECT_EQ(found["metric"], "error");
  EXPECT_GT(found["everywhere"]["small"]["share"], 0.9);
  EXPECT_EQ(found["among_the_good"]["trials"], 32);
  EXPECT_GT(found["among_the_good"]["parameters"]["small"]["share"], 0.9);
  EXPECT_EQ(found["other_than_in_practice"][0], "small (tier 4) mattered more than great (tier 1)");
  EXPECT_THAT(text({"importances", "matters.yaml"}),
              AllOf(HasSubstr("everywhere"), HasSubstr("among the best 32"),
                    HasSubstr("other than in practice: small (tier 4)")));
  const Result refused = caviar({"importances", "matters.yaml", "--good", "1.5"}, folder);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--good: 1.5 given, a share of the trials"));
}

TEST_F(Commands, exportsWhatOtherProgramsRead) {
  tune();
  const std::string csv = text({"export", "csv", "study.yaml"});
  EXPECT_THAT(csv, StartsWith("number,state,validation_loss,learning_rate,hidden_units,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 5);
  const json all = document({"export", "json", "study.yaml"});
  EXPECT_EQ(all["trials"].size(), 4U);
  EXPECT_EQ(all["study"]["name"], "tiny");
  EXPECT_EQ(text({"export", "csv", "study.yaml", "-o", "all.csv"}), "");
  EXPECT_EQ(folder.read("all.csv"), csv);
}

TEST_F(Commands, anEnqueuedConfigurationRunsFirst) {
  text({"enqueue", "study.yaml", "learning_rate=0.125", "hidden_units=5"});
  EXPECT_EQ(document({"enqueue", "--storage", "tiny.db", "learning_rate=0.25", "hidden_units=6",
                      "--json"})["ticket"],
            1);
  tune();
  const json all = document({"trials", "study.yaml", "--json"})["trials"];
  EXPECT_EQ(all[0]["params"], (json{{"learning_rate", 0.125}, {"hidden_units", 5}}));
  EXPECT_EQ(all[1]["params"], (json{{"learning_rate", 0.25}, {"hidden_units", 6}}));
  EXPECT_EQ(all[0]["by"], "enqueued");
  EXPECT_NE(all[2]["by"], "enqueued");
}

TEST_F(Commands, whatIsLeftOpenInAnEnqueuedConfigurationIsProposed) {
  EXPECT_THAT(text({"enqueue", "study.yaml", "learning_rate=0.125"}), HasSubstr("the rest"));
  tune();
  const json all = document({"trials", "study.yaml", "--json"})["trials"];
  EXPECT_EQ(all[0]["params"]["learning_rate"], 0.125);
  EXPECT_TRUE(all[0]["params"].contains("hidden_units"));
}

TEST_F(Commands, aStudyGoesOnInAnEditedSpace) {
  tune();
  const json before = document({"trials", "study.yaml", "--json"})["trials"];
  folder.write("study.yaml", tiny_study({{"space",
                                          "{learning_rate: {type: float, low: 0.4, high: 0.9, "
                                          "scale: log}, dropout: {type: float, low: 0, high: "
                                          "0.5, before: 0}}"},
                                         {"limits", "{trials: 7}"}}));
  const std::string said = text({"tune", "study.yaml"});
  EXPECT_THAT(said, AllOf(HasSubstr("the space: learning_rate: high was 0.5, now 0.9"),
                          HasSubstr("hidden_units (int"), HasSubstr("dropout (float")));
  const json after = document({"trials", "study.yaml", "--json"})["trials"];
  ASSERT_EQ(after.size(), 7U);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(after[k]["params"], before[k]["params"]);
  for (std::size_t k = 4; k < 7; ++k) {
    EXPECT_GE(after[k]["params"]["learning_rate"], 0.4);
    EXPECT_TRUE(after[k]["params"].contains("dropout"));
  }
  EXPECT_THAT(text({"show", "study.yaml"}), HasSubstr("from trial 4 on: learning_rate"));
  EXPECT_GE(document({"best", "study.yaml", "--json"})["params"]["learning_rate"], 0.4);
  EXPECT_THAT(text({"trials", "study.yaml"}), HasSubstr("outside"));
}

TEST_F(Commands, aStudyLearnsFromAnEarlierOne) {
  tune();
  folder.write("next.yaml", tiny_study({{"name", "next"},
                                        {"search", "{sampler: tpe, learn_from: [study.yaml]}"},
                                        {"storage", "sqlite:next.db"}}));
  EXPECT_THAT(text({"tune", "next.yaml"}), HasSubstr("learns from study.yaml: 4 of its 4 trials"));
  EXPECT_THAT(text({"show", "next.yaml"}), HasSubstr("learns from study.yaml"));
  folder.write("tiny.db", "");  // it is not needed any more
  EXPECT_EQ(caviar({"tune", "next.yaml", "--trials", "5", "--quiet"}, folder).code, 0);
  folder.write("lost.yaml", tiny_study({{"search", "{learn_from: 'sqlite:none.db#x'}"},
                                        {"storage", "sqlite:lost.db"}}));
  EXPECT_EQ(caviar({"tune", "lost.yaml"}, folder).code, 2);
}

TEST_F(Commands, leadersOfANoisyObjectiveRunAgain) {
  folder.write("noisy.yaml", R"(
objective: {command: [sh, -c, "echo value=$CAVIAR_TRIAL", "{x}"]}
direction: minimize
space: {x: {type: float, low: 0, high: 1}}
search: {sampler: random, seed: 1, reevaluate: 3}
limits: {trials: 12}
)");
  text({"tune", "noisy.yaml", "--quiet"});
  const json best = document({"best", "noisy.yaml", "--json"});
  EXPECT_GT(best["runs"], 0);
  EXPECT_THAT(text({"show", "noisy.yaml"}), HasSubstr("best by the mean of its runs"));
  EXPECT_THAT(text({"best", "noisy.yaml"}), HasSubstr("expected"));
}

TEST_F(Commands, list) {
  for (const std::string what :
       {"samplers", "pruners", "storages", "hyperparameters", "losses", "optimizers", "schedules",
        "activations", "initializers", "metrics"}) {
    const json listed = document({"list", what, "--json"});
    ASSERT_TRUE(listed[what].is_array()) << what;
    EXPECT_FALSE(listed[what].empty());
    const std::string said = text({"list", what});
    for (const json& row : listed[what]) {
      EXPECT_THAT(said, HasSubstr(row.begin().value().get<std::string>()));
    }
  }
  for (const std::string sampler : {"manual", "grid", "random", "sobol", "zoom", "gp"}) {
    EXPECT_THAT(text({"list", "samplers"}), HasSubstr(sampler));
  }
}

TEST_F(Commands, report) {
  tune();
  EXPECT_THAT(text({"report", "study.yaml", "-o", "page.html"}), HasSubstr("page.html"));
  EXPECT_THAT(folder.read("page.html"), AllOf(HasSubstr("<html"), HasSubstr("learning_rate")));
  EXPECT_EQ(document({"report", "study.yaml", "--json"})["report"], "tiny.html");
}

TEST_F(Commands, compare) {
  const json table = document({"compare", "study.yaml", "--samplers", "grid,random,zoom,gp",
                               "--repeats", "2", "--json", "-o", "compare.html"});
  ASSERT_EQ(table["samplers"].size(), 4U);
  EXPECT_EQ(table["samplers"][0]["trials"], 4);  // two values each
  EXPECT_EQ(table["samplers"][1]["sampler"], "random");
  for (const json& row : table["samplers"]) {
    EXPECT_EQ(row["best"].size(), 2U);
    EXPECT_LE(row["minimum"], row["median"]);
    EXPECT_LE(row["median"], row["maximum"]);
  }
  EXPECT_THAT(folder.read("compare.html"), HasSubstr("<html"));
  EXPECT_FALSE(folder.has("tiny.db"));  // it leaves the study itself alone
}

TEST_F(Commands, trainFromFlags) {
  const std::string said = text(
      {"train", "--data", "tiny.csv", "--target", "kind", "--epochs", "3", "learning_rate=0.1"});
  for (const std::string part :
       {"60 rows", "epoch", "3/3", "balanced_accuracy", "which no training saw"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
}

TEST_F(Commands, trainRepeatsATrialOfTheStudy) {
  tune();
  const json trial = document({"trials", "study.yaml", "--json"})["trials"][1];
  std::vector<std::string> words = {"train", "study.yaml", "--json"};
  for (const auto& [name, value] : trial["params"].items())
    words.push_back(name + "=" + value.dump());
  EXPECT_EQ(document(words)["metrics"]["validation_loss"], trial["value"]);
}

}  // namespace
}  // namespace caviar::test
