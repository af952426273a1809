#include "caviar/objective/training_objective.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/objective/metrics.hpp"
#include "caviar/objective/trial_course.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trainer/course.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/share_of_rows.hpp"
#include "caviar/trainer/train.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

TrainSpec iris(std::int64_t epochs = 5) {
  TrainSpec spec;
  spec.data = CAVIAR_SOURCE_DIR "/data/iris.csv";
  spec.targets = {"species"};
  spec.fixed.set("epochs", epochs);
  return spec;
}

StudySpec study_of(const std::string& metric) {
  StudySpec spec;
  spec.space = Space({{.name = "learning_rate", .distribution = Float{1e-3, 0.1, Scale::log}},
                      {.name = "hidden_units", .distribution = Int{4, 16}}});
  spec.goal = {metric, {find_metric(metric, "metric").direction}};
  spec.search.sampler = "random";
  spec.search.seed = 3;
  return spec;
}

std::vector<Trial> run(const TrainingObjective& objective, const std::string& metric,
                       Limits limits) {
  Study study(study_of(metric));
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, limits);
  const History history = study.history();
  return {history.trials().begin(), history.trials().end()};
}

Limits trials(int count, int jobs = 1) {
  Limits limits;
  limits.trials = count;
  limits.jobs = jobs;
  return limits;
}

TEST(TrainingObjective, GivesTheMetricOfTheBestEpochAndReportsEveryEpoch) {
  const TrainingObjective objective(iris(), "validation_loss");
  for (const Trial& trial : run(objective, "validation_loss", trials(3))) {
    ASSERT_EQ(trial.state, TrialState::complete);
    ASSERT_EQ(trial.reports.size(), 5U);
    double lowest = trial.reports.front().value;
    for (std::size_t n = 0; n < 5; ++n) {
      EXPECT_EQ(trial.reports[n].step, static_cast<std::int64_t>(n) + 1);
      lowest = std::min(lowest, trial.reports[n].value);
    }
    EXPECT_EQ(trial.values.front(), lowest);
    EXPECT_EQ(trial.metrics.at("validation_loss"), lowest);
    EXPECT_EQ(trial.metrics.at("epochs"), 5);
    EXPECT_GE(trial.metrics.at("validation_accuracy"), 0);
    EXPECT_LE(trial.metrics.at("validation_accuracy"), 1);
  }
}

TEST(TrainingObjective, ReportsTheMetricThatTheStudyAsksFor) {
  const TrainingObjective objective(iris(), "validation_accuracy");
  for (const Trial& trial : run(objective, "validation_accuracy", trials(2))) {
    EXPECT_EQ(trial.values.front(), trial.metrics.at("validation_accuracy"));
    for (const Report& report : trial.reports) {
      // 30 validation rows: every accuracy is a number of thirtieths.
      EXPECT_NEAR(report.value * 30, std::round(report.value * 30), 1e-9);
    }
  }
}

TEST(TrainingObjective, SharesItsDataOverThreadsAndStaysTheSame) {
  const TrainingObjective objective(iris(), "validation_loss");
  const std::vector<Trial> alone = run(objective, "validation_loss", trials(6));
  const std::vector<Trial> together = run(objective, "validation_loss", trials(6, 3));
  ASSERT_EQ(alone.size(), together.size());
  for (std::size_t n = 0; n < alone.size(); ++n) {
    EXPECT_EQ(alone[n].point, together[n].point);
    EXPECT_EQ(alone[n].values, together[n].values);
  }
}

TEST(TrainingObjective, TheTestScoreIsOfTheTestPartAndRepeats) {
  const TrainingObjective objective(iris(40), "validation_loss");
  const Point point{{"learning_rate", 0.05}, {"hidden_units", std::int64_t{16}}};
  const TestScore score = objective.test(point);
  EXPECT_EQ(score.rows, 30U);
  EXPECT_GT(score.metrics.at("test_accuracy"), 0.8);
  EXPECT_EQ(score.metrics, objective.test(point).metrics);
  EXPECT_EQ(score.metrics.count("test_rmse"), 0U);
  const std::atomic<bool> interrupted = true;
  EXPECT_TRUE(objective.test(point, &interrupted).metrics.empty());
}

TEST(TrainingObjective, ATrainingThatBlowsUpFailsItsTrialAndSaysWhen) {
  TrainSpec spec = iris();
  spec.fixed.set("optimizer", std::string("sgd"));
  spec.fixed.set("learning_rate", 1e30);
  const TrainingObjective objective(spec, "validation_loss");
  Study study({.name = "s", .space = Space({{.name = "hidden_units", .distribution = Int{4, 8}}})});
  const OptimizeResult result =
      study.optimize([&](ActiveTrial& trial) { return objective(trial); }, trials(2));
  EXPECT_EQ(result.failed, 2);
  EXPECT_THAT(study.trial(0).why, HasSubstr("epoch 1"));
}

TEST(TrainingObjective, AnInterruptEndsTheTrialWithoutAValue) {
  const TrainingObjective objective(iris(100000), "validation_loss");
  Study study(study_of("validation_loss"));
  std::atomic<bool> interrupt = false;
  Limits limits = trials(3);
  limits.interrupt = &interrupt;
  const OptimizeResult result =
      study.optimize([&](ActiveTrial& trial) { return objective(trial); }, limits,
                     [&](const Event& event) {
                       interrupt = interrupt || std::holds_alternative<Reported>(event);
                     });
  EXPECT_EQ(result.ending, Ending::interrupted);
  EXPECT_EQ(study.trial(0).state, TrialState::interrupted);
}

// A study whose trials get 1, 3 and 9 epochs of 9.
StudySpec study_in_parts(const std::string& budget) {
  StudySpec spec = study_of("validation_loss");
  spec.search.budget = Node::parse_yaml(budget, "budget");
  return spec;
}

TEST(TrainingObjective, ATrialInPartsIsToTheBitOneTraining) {
  const TempFolder folder;
  const TrainSpec spec = iris(9);
  const TrainingObjective objective(spec, "validation_loss", folder.path());
  Study study(study_in_parts("{low: 1, high: 9, factor: 3}"));
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, trials(40));
  const History history = study.history();
  EXPECT_GE(history.count(TrialState::complete), 2U);
  std::int64_t epochs = 0, configurations = 0;
  for (const Trial& trial : history.trials()) {
    epochs += std::ssize(trial.reports);
    const std::optional<int> parent = parent_of(trial.note);
    configurations += parent ? 0 : 1;
    if (parent) {  // it did not begin again
      const Trial& before = history.trials()[static_cast<std::size_t>(*parent)];
      EXPECT_EQ(trial.reports.front().step, before.reports.back().step + 1);
    }
    if (trial.state != TrialState::complete) continue;
    const TrainResult whole = train(objective.data(), spec, settings(spec, trial.point));
    EXPECT_EQ(trial.values.front(), whole.validation.loss) << trial.number;
  }
  EXPECT_LT(epochs, 9 * configurations / 2);
}

TEST(TrainingObjective, ABudgetOfRowsTrainsAnewOnThatShareOfThem) {
  const TempFolder folder;
  const TrainSpec spec = iris(6);
  const TrainingObjective objective(spec, "validation_loss", folder.path());
  Study study(study_in_parts("{of: rows, low: 0.1, high: 1, factor: 3}"));
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, trials(20));
  const History history = study.history();
  std::set<double> shares;
  for (const Trial& trial : history.trials()) {
    const double share = *number_in(trial.note, budget_note);
    shares.insert(share);
    ASSERT_EQ(trial.reports.size(), 6U) << "all epochs, whatever the share";
    const PreparedData data = with_share_of_rows(objective.data(), share, spec.seed);
    const TrainResult again = train(data, spec, settings(spec, trial.point));
    EXPECT_EQ(trial.values.front(), again.validation.loss) << trial.number;
    EXPECT_EQ(trial.state == TrialState::complete, share == 1);
  }
  EXPECT_EQ(shares.size(), 3U);
  const Course course = course_of(spec, history, *history.best());
  ASSERT_EQ(course.stages.size(), 1U);
  EXPECT_EQ(course.stages.front().until, 6);
}

TEST(TrainingObjective, ReportsEveryObjectiveThatAnEpochTells) {
  const TrainingObjective objective(iris(3), "validation_loss");
  StudySpec spec = study_of("validation_loss");
  spec.goal = {"validation_loss",
               {Direction::minimize, Direction::maximize, Direction::minimize},
               {"validation_accuracy", "parameters"}};
  Study study(spec);
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, trials(1));
  const Trial trial = study.trial(0);
  ASSERT_EQ(trial.reports.size(), 3U);
  for (const Report& report : trial.reports) {
    ASSERT_EQ(report.others.size(), 2U);
    EXPECT_LE(report.others[0], 1);
    EXPECT_EQ(report.others[1], trial.values[2]);
  }
}

TEST(TrainingObjective, ADamagedCheckpointCostsTimeAndNoNumber) {
  std::vector<double> values[2];
  for (const bool damage : {false, true}) {
    const TempFolder folder;
    const TrainingObjective objective(iris(9), "validation_loss", folder.path());
    Study study(study_in_parts("{low: 1, high: 9, factor: 3}"));
    const auto run_one = [&](ActiveTrial& trial) {
      const std::optional<int> parent = parent_of(trial.note());
      if (damage && parent && trial.number() % 2 == 0) {
        // Cut in half, or a byte changed.
        const std::string path =
            trial_folder(folder.path(), *parent).checkpoint + "/training.checkpoint";
        std::string bytes = read_file(path);
        if (trial.number() % 4 == 0) {
          bytes.resize(bytes.size() / 2);
        } else {
          bytes[bytes.size() - 5] ^= 1;
        }
        write_file(path, bytes);
      }
      return objective(trial);
    };
    study.optimize(run_one, trials(25));
    const History history = study.history();
    for (const Trial& trial : history.trials()) {
      values[damage ? 1 : 0].push_back(trial.values.front());
    }
  }
  EXPECT_EQ(values[0], values[1]);
}

TEST(TrainingObjective, APopulationGivesAScheduleThatRepeatsToTheBit) {
  const TempFolder folder;
  const TrainSpec spec = iris(8);
  const TrainingObjective objective(spec, "validation_loss", folder.path());
  Study study(
      study_in_parts("{method: pbt, low: 2, high: 8, population: 4, keep: [hidden_units]}"));
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, trials(100));
  const History history = study.history();
  ASSERT_EQ(history.trials().size(), 16U);
  ASSERT_NE(history.best(), nullptr);
  const Course course = course_of(spec, history, *history.best());
  ASSERT_EQ(course.stages.size(), 4U);
  EXPECT_NE(course.stages.front().point, course.stages.back().point);
  const Course read = course_from(Node::parse_json(course_to_json(course), "schedule"));
  const CourseResult again = train_course(objective.data(), read, {});
  EXPECT_EQ(again.training.validation.loss, history.best()->values.front());
}

TEST(TrainingObjective, RefusesWhatTheDataDoNotHave) {
  const auto refusal = [](TrainSpec spec, const std::string& metric) -> std::string {
    try {
      const TrainingObjective objective(std::move(spec), metric);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refusal(iris(), "validation_rmse"), HasSubstr("validation_accuracy"));
  TrainSpec whole = iris();
  whole.validation = 0;
  EXPECT_THAT(refusal(whole, "validation_loss"), HasSubstr("validation part"));
  EXPECT_EQ(refusal(whole, "training_loss"), "");
  TrainSpec slip = iris();
  slip.targets = {"specis"};
  EXPECT_THAT(refusal(slip, "validation_loss"), HasSubstr("'species'"));
}

TEST(Metrics, EveryMetricOfTheTrainerIsKnown) {
  for (const Task task : {Task::classification, Task::regression}) {
    for (const std::string& name : metric_names(task)) {
      EXPECT_EQ(find_metric(name, "metric").name, name);
    }
  }
  EXPECT_THROW(find_metric("validation_los", "metric"), Error);
}

TEST(Metrics, SayWhichWayIsBetterWhereTheFieldLeavesNoDoubt) {
  for (const char* name : {"loss", "val_loss", "eval/log.RMSE", "epoch_seconds", "test error"}) {
    EXPECT_EQ(usual_direction(name), Direction::minimize) << name;
  }
  for (const char* name : {"accuracy", "val_acc", "validation_top3", "test-F1"}) {
    EXPECT_EQ(usual_direction(name), Direction::maximize) << name;
  }
  for (const char* name : {"neg_loss", "negative error", "loss_scale", "value", "", "score"}) {
    EXPECT_EQ(usual_direction(name), std::nullopt) << name;
  }
}

TEST(Metrics, OfARegression) {
  TrainSpec spec;
  spec.data = CAVIAR_SOURCE_DIR "/data/iris.csv";
  spec.targets = {"petal_width_cm"};
  spec.task = Task::regression;
  spec.fixed.set("epochs", std::int64_t{5});
  for (const std::string metric : {"validation_rmse", "validation_r2"}) {
    const TrainingObjective objective(spec, metric);
    for (const Trial& trial : run(objective, metric, trials(2))) {
      ASSERT_EQ(trial.state, TrialState::complete) << trial.why;
      const auto better = [&](const Report& a, const Report& b) {
        return metric == "validation_r2" ? a.value > b.value : a.value < b.value;
      };
      const auto best = std::min_element(trial.reports.begin(), trial.reports.end(), better);
      EXPECT_NEAR(best->value, trial.values.front(), 1e-9);
    }
  }
}

}  // namespace
}  // namespace caviar
