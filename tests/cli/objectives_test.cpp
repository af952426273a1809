// Several objectives and bounds on outcomes, from the study file to every way of looking at it.
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Objectives : public testing::Test {
 protected:
  // error falls and cost rises with x; size is x itself.
  void study(const std::string& keys) {
    folder.write("run.sh",
                 "awk \"BEGIN {printf \\\"error=%g cost=%g size=%g\\n\\\", "
                 "1 - $1, $1 * $1, $1}\"\n");
    folder.write("study.yaml",
                 "objective: {command: [sh, run.sh, '{x}']}\n"
                 "space: {x: {type: float, low: 0, high: 1}}\n" +
                     keys);
  }
  json run(std::vector<std::string> words) {
    words.emplace_back("--json");
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  }
  Folder folder;
};

constexpr const char* two = "objectives: {error: minimize, cost: minimize}\n";
constexpr const char* quick =
    "search: {sampler: nsga2, population: 4, seed: 3}\nlimits: {trials: 9}\n";

TEST_F(Objectives, stopWhatCanNoLongerEnterTheFront) {
  // Both objectives are told at each step; one in two lies far behind the front.
  folder.write(
      "run.sh",
      "awk \"BEGIN {worse = int(1000 * $1) % 2 ? 9 : 0; for (step = 1; step <= 4; ++step)"
      " printf \\\"step=%d error=%g cost=%g\\n\\\", step, 1 - $1 + worse, $1 + worse}\"\n");
  folder.write("study.yaml",
               "objective: {command: [sh, run.sh, '{x}']}\n"
               "space: {x: {type: float, low: 0, high: 1}}\n" +
                   std::string(two) +
                   "pruner: median\nsearch: {sampler: random, seed: 3}\n"
                   "limits: {trials: 24}\n");
  run({"tune", "study.yaml"});
  int pruned = 0;
  const json trials = run({"trials", "study.yaml"})["trials"];
  for (const json& trial : trials) {
    if (trial["state"] != "pruned") continue;
    ++pruned;
    ASSERT_FALSE(trial["reports"].empty());
    EXPECT_GT(trial["reports"].back()["value"], 8);
    EXPECT_GT(trial["reports"].back()["others"][0], 8);
  }
  EXPECT_GE(pruned, 3);
}

TEST_F(Objectives, endInAFront) {
  study(std::string(two) + quick);
  const json tuned = run({"tune", "study.yaml"});
  EXPECT_EQ(tuned["objectives"].size(), 2U);
  ASSERT_EQ(tuned["front"].size(), 9U);  // every x is a bargain of its own
  const json best = run({"best", "study.yaml"});
  EXPECT_EQ(best["front"], tuned["front"]);
  for (std::size_t k = 1; k < 9; ++k) {  // from the best error on
    EXPECT_GT(best["front"][k]["values"]["error"], best["front"][k - 1]["values"]["error"]);
    EXPECT_LT(best["front"][k]["values"]["cost"], best["front"][k - 1]["values"]["cost"]);
  }
  EXPECT_EQ(tuned["best"]["trial"], best["front"][0]["trial"]);
  const json trials = run({"trials", "study.yaml"})["trials"];
  for (const json& trial : trials) {
    EXPECT_EQ(trial["values"].size(), 2U);
    EXPECT_EQ(trial["standing"], "front");
  }
  const Result text = caviar({"best", "study.yaml"}, folder);
  EXPECT_THAT(text.out, HasSubstr("minimize error, minimize cost: 9 trials"));
  EXPECT_THAT(caviar({"show", "study.yaml"}, folder).out, HasSubstr("the front"));
  EXPECT_THAT(caviar({"export", "csv", "study.yaml"}, folder).out,
              HasSubstr("number,state,error,cost,standing,x,size,by"));
  EXPECT_TRUE(folder.has("study.html"));
  EXPECT_EQ(run({"tune", "study.yaml", "--trials", "12"})["trials"]["complete"], 12);  // goes on
}

TEST_F(Objectives, ofATrainingAreItsMetrics) {
  folder.write("tiny.csv", tiny_table());
  folder.write("tiny.yaml", tiny_study({{"metric", ""},
                                        {"direction", ""},
                                        {"objectives", "[validation_loss, parameters]"},
                                        {"outcomes", "{parameters: '<= 1e6'}"}}));
  const json tuned = run({"tune", "tiny.yaml"});
  ASSERT_FALSE(tuned["front"].empty());
  EXPECT_GT(tuned["front"][0]["values"]["parameters"], 0);
  EXPECT_EQ(tuned["outcomes"], json({"parameters <= 1e+06"}));
}

TEST_F(Objectives, haveBoundsThatTheBestKeeps) {
  study(
      "metric: error\ndirection: minimize\noutcomes: {size: '<= 0.5'}\n"
      "search: {sampler: tpe}\nlimits: {trials: 14}\n");
  run({"tune", "study.yaml"});
  const json best = run({"best", "study.yaml"});
  EXPECT_LE(best["params"]["x"], 0.5);
  bool beyond = false;
  const json trials = run({"trials", "study.yaml"})["trials"];
  for (const json& trial : trials) {
    const double x = trial["params"]["x"];
    EXPECT_EQ(trial.value("standing", "") == "beyond size <= 0.5", x > 0.5);
    EXPECT_TRUE(x > 0.5 || x <= best["params"]["x"]);
    beyond = beyond || x > 0.5;
  }
  EXPECT_TRUE(beyond);
  study(
      "metric: error\ndirection: minimize\noutcomes: {size: '<= -1'}\nname: none\n"
      "search: {sampler: random}\nlimits: {trials: 3}\n");
  run({"tune", "study.yaml"});
  const Result none = caviar({"best", "study.yaml"}, folder);
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("no trial keeps size <= -1 yet"));
}

TEST_F(Objectives, thatCannotBeMeantAreRefused) {
  const auto refused = [&](const std::string& keys) {
    study(keys);
    const Result result = caviar({"check", "study.yaml"}, folder);
    EXPECT_EQ(result.code, 2) << keys;
    return result.err;
  };
  EXPECT_THAT(refused("objectives: [error, cost]\n"),
              HasSubstr("is 'cost' better when it is small or large?"));
  EXPECT_THAT(refused(std::string(two) + "metric: error\n"), HasSubstr("beside objectives"));
  EXPECT_THAT(refused("objectives: []\n"), HasSubstr("a metric is expected"));
  EXPECT_THAT(refused("objectives: [error: minimize, error: maximize]\n"), HasSubstr("twice"));
  EXPECT_THAT(refused(std::string(two) + "search: {sampler: zoom}\n"),
              HasSubstr("'zoom' takes one objective, but the study has 2"));
  EXPECT_THAT(refused(std::string(two) + "outcomes: {cost: small}\n"), HasSubstr("'<= 20'"));
  EXPECT_THAT(refused(std::string(two) + "limits: {target: 3}\n"), HasSubstr("one objective"));
  study(std::string(two) + quick);
  EXPECT_THAT(caviar({"compare", "study.yaml"}, folder).err, HasSubstr("one objective"));
  study(std::string(two) + quick);
  run({"tune", "study.yaml"});
  study("metric: error\ndirection: minimize\n" + std::string(quick));
  const Result other = caviar({"tune", "study.yaml"}, folder);
  EXPECT_THAT(other.err, HasSubstr("minimize error, minimize cost is stored"));
}

TEST_F(Objectives, areToldToAskTell) {
  folder.write("space.json", R"({"x": {"type": "float", "low": 0, "high": 1}})");
  Program program(
      {"ask-tell", "--space", "space.json", "--sampler", "tpe", "--direction", "minimize,maximize"},
      folder.path());
  for (int n = 0; n < 14; ++n) {
    const json asked = program.ask(R"({"op":"ask"})");
    const double x = asked["params"]["x"];
    const json told = {{"op", "tell"}, {"trial", n}, {"values", {x * x, -std::fabs(x - 0.5)}}};
    EXPECT_EQ(program.ask(told.dump())["ok"], true);
  }
  const json front = program.ask(R"({"op":"best"})")["front"];
  ASSERT_GE(front.size(), 2U);
  for (const json& one : front) EXPECT_LE(one["params"]["x"], 0.6);
}

}  // namespace
}  // namespace caviar::test
