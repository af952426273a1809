// What a study file means. What it may not say is held by the whole-program tests.
#include "caviar/tune/study_file.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

class StudyFileTest : public testing::Test {
 protected:
  StudyFileTest() { write("table.csv", "x,y\n1,a\n2,b\n"); }
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = folder.file(name);
    std::ofstream(path) << text;
    return path;
  }
  StudyFile read(const std::string& text) { return read_study_file(write("mine.yaml", text)); }
  TempFolder folder;
};

constexpr const char* objective = "objective: {train: {data: table.csv, target: y}}\n";

TEST_F(StudyFileTest, DefaultsWhereTheFileIsSilent) {
  StudyFile file = read(objective);
  EXPECT_EQ(file.spec.name, "mine");
  EXPECT_EQ(file.spec.goal.metric, "validation_loss");
  EXPECT_EQ(file.spec.goal.directions.front(), Direction::minimize);
  EXPECT_EQ(file.spec.search.sampler, "auto");
  EXPECT_EQ(file.limits.jobs, 1);
  EXPECT_EQ(file.place.storage, "sqlite:" + folder.file("mine.db"));
  EXPECT_EQ(file.page, folder.file("mine.html"));
  EXPECT_EQ(file.train.data, folder.file("table.csv"));
  EXPECT_TRUE(file.spec.space.index("learning_rate").has_value());  // the trainer's own space
  EXPECT_FALSE(file.limits.trials.has_value());
  complete_limits(file);
  EXPECT_EQ(file.limits.trials, default_trials);
}

TEST_F(StudyFileTest, SeveralObjectivesInThreeSpellings) {
  for (const char* objectives :
       {"objectives: {validation_accuracy: maximize, parameters: minimize}",
        "objectives: [validation_accuracy, parameters]",
        "objectives: [validation_accuracy, parameters: minimize]"}) {
    const Goal goal = read(std::string(objective) + objectives + "\n").spec.goal;
    EXPECT_EQ(
        goal,
        (Goal{"validation_accuracy", {Direction::maximize, Direction::minimize}, {"parameters"}}));
  }
  EXPECT_EQ(read(std::string(objective) + "objectives: [validation_loss]\n").spec.goal,
            read(std::string(objective) + "metric: validation_loss\n").spec.goal);
}

TEST_F(StudyFileTest, RulesForStoppingAreLimits) {
  StudyFile file = read(std::string(objective) +
                        "limits: {patience: 20, improvement: 0.001, expected_gain: 1e-4}\n");
  EXPECT_EQ(file.limits.patience, 20);
  EXPECT_EQ(file.limits.improvement, 0.001);
  EXPECT_EQ(file.limits.expected_gain, 1e-4);
  complete_limits(file);
  EXPECT_FALSE(file.limits.trials);
  EXPECT_THROW(read(std::string(objective) + "limits: {improvement: 0.1}\n"), Error);
  EXPECT_THROW(read(std::string(objective) + "limits: {expected_gain: -1}\n"), Error);
}

TEST_F(StudyFileTest, OutcomesHaveBounds) {
  const StudyFile file = read(std::string(objective) + R"(
outcomes: {parameters: "<= 1e4", validation_accuracy: [">= 0.5", "<= 0.99"]}
)");
  EXPECT_EQ(file.spec.goal.bounds, (std::vector<Bound>{{"parameters", true, 1e4},
                                                       {"validation_accuracy", false, 0.5},
                                                       {"validation_accuracy", true, 0.99}}));
}

TEST_F(StudyFileTest, EverythingThatItSays) {
  const StudyFile file = read(std::string(objective) + R"(
name: other
metric: validation_accuracy
space:
  learning_rate: {type: float, low: 1e-4, high: 1.0, scale: log}
  momentum: {type: float, low: 0.5, high: 0.9, tier: 4}
constraints: ["learning_rate < momentum"]
search: {sampler: zoom, seed: 7}
pruner: median
limits: {trials: 9, time: 1h30m, jobs: 3, target: 0.99}
storage: sqlite:kept/all.db
report: page.html
)");
  EXPECT_EQ(file.spec.name, "other");
  EXPECT_EQ(file.spec.goal.directions.front(), Direction::maximize);  // as an accuracy is meant
  EXPECT_EQ(file.spec.space.size(), 2U);
  EXPECT_EQ(file.spec.space[0].tier, 1);  // the trainer's own, where the file says none
  EXPECT_EQ(file.spec.space[1].tier, 4);
  EXPECT_EQ(file.spec.space.constraints().size(), 1U);
  EXPECT_EQ(file.spec.search.sampler, "zoom");
  EXPECT_EQ(file.spec.search.seed, 7U);
  EXPECT_EQ(file.spec.pruner.text(), "median");
  EXPECT_EQ(file.limits.trials, 9);
  EXPECT_EQ(file.limits.time_s, 5400);
  EXPECT_EQ(file.limits.jobs, 3);
  EXPECT_EQ(file.limits.target, 0.99);
  EXPECT_EQ(file.place.storage, "sqlite:" + folder.file("kept/all.db"));
  EXPECT_EQ(file.place.study, "other");
  EXPECT_EQ(file.page, folder.file("page.html"));
}

TEST_F(StudyFileTest, ALimitOfTimeOrTargetIsEnough) {
  for (const std::string limits : {"{time: 30}", "{target: 0.1}"}) {
    StudyFile file = read(objective + ("limits: " + limits + "\n"));
    complete_limits(file);
    EXPECT_FALSE(file.limits.trials.has_value()) << limits;
  }
}

TEST_F(StudyFileTest, AGridHasAnEndOfItsOwn) {
  StudyFile file = read(std::string(objective) +
                        "space: {layers: {type: int, low: 1, high: 3}}\nsearch: {sampler: grid}\n");
  complete_limits(file);
  EXPECT_FALSE(file.limits.trials.has_value());
  EXPECT_NO_THROW(check_budget(file));
  file.limits.trials = 3;
  EXPECT_NO_THROW(check_budget(file));
  file.limits.trials = 2;
  EXPECT_THROW(check_budget(file), Error);
}

TEST_F(StudyFileTest, ANameIsThatOfAFile) {
  for (const std::string& name :
       std::vector<std::string>{"''", "a/b", "'..'", "../x", "\"a\\nb\"", std::string(300, 'x')}) {
    EXPECT_THROW(read(objective + ("name: " + name + "\n")), Error) << name;
  }
  EXPECT_EQ(read(std::string(objective) + "name: my first study\n").spec.name, "my first study");
}

TEST_F(StudyFileTest, WhatRunsMayEndWithTheTime) {
  EXPECT_FALSE(read(std::string(objective) + "limits: {time: 3s}\n").limits.stop_running);
  EXPECT_TRUE(
      read(std::string(objective) + "limits: {time: 3s, running: stop}\n").limits.stop_running);
  EXPECT_THROW(read(std::string(objective) + "limits: {time: 3s, running: kill}\n"), Error);
  EXPECT_THROW(read(std::string(objective) + "limits: {trials: 3, running: stop}\n"), Error);
  EXPECT_THROW(read(std::string(objective) + "limits: {time: 1e300}\n"), Error);
}

TEST_F(StudyFileTest, StoragesAreMeantFromTheFolderOfTheFile) {
  const auto storage = [&](const std::string& url) {
    return read(objective + ("storage: " + url + "\n")).place.storage;
  };
  EXPECT_EQ(storage("'memory:'"), "memory:");
  EXPECT_EQ(storage("a.sqlite"), folder.file("a.sqlite"));
  EXPECT_EQ(storage("sqlite:/somewhere/a.db"), "sqlite:/somewhere/a.db");
}

}  // namespace
}  // namespace caviar
