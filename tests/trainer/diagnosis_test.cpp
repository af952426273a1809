// What is wrong on purpose is found, and only that.
#include "caviar/trainer/diagnosis.hpp"

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv.hpp"

namespace caviar {
namespace {

bool finds(const std::vector<Finding>& findings, const std::string& part) {
  for (const Finding& finding : findings) {
    if (finding.kind == Finding::Kind::problem && finding.name.find(part) != std::string::npos) {
      EXPECT_FALSE(finding.evidence.empty());
      EXPECT_FALSE(finding.remedy.empty());
      return true;
    }
  }
  return false;
}

std::string names(const std::vector<Finding>& findings) {
  std::string all;
  for (const Finding& finding : findings) all += finding.name + ": " + finding.evidence + "\n";
  return all;
}

// Ten numbers, of which `telling` say what the class is.
PreparedData classes(const TrainSpec& spec, int rows, int telling, double noise) {
  Rng rng(4);
  std::string text = "a,b,c,d,e,f,g,h,i,j,kind\n";
  for (int row = 0; row < rows; ++row) {
    double sum = noise * rng.normal();
    for (int column = 0; column < 10; ++column) {
      const double x = rng.normal();
      if (column < telling) sum += x;
      text += std::to_string(x) + ",";
    }
    text += sum > 0 ? "yes\n" : "no\n";
  }
  return prepare(spec, parse_csv(text, "t.csv"));
}

TrainSpec spec_of(const Point& fixed = {}) {
  TrainSpec spec;
  spec.targets = {"kind"};
  spec.patience.reset();
  spec.fixed = fixed;
  return spec;
}

TEST(Diagnosis, SeesThatChanceWasLearntByHeart) {
  const TrainSpec spec = spec_of(
      {{"hidden_units", std::int64_t{128}}, {"epochs", std::int64_t{60}}, {"learning_rate", 0.01}});
  const PreparedData data = classes(spec, 200, 0, 1);
  const Diagnosis diagnosis = diagnose(data, spec, settings(spec));
  EXPECT_TRUE(finds(diagnosis.findings, "overfits")) << names(diagnosis.findings);
  EXPECT_FALSE(finds(diagnosis.findings, "underfits"));
  ASSERT_GE(diagnosis.learning.size(), 3U);
  EXPECT_EQ(diagnosis.learning.back().rows, data.training.rows);
  EXPECT_NEAR(diagnosis.baseline, 0.693, 0.05);
}

TEST(Diagnosis, SeesARateThatIsTooLow) {
  const TrainSpec spec = spec_of({{"learning_rate", 2e-6}, {"epochs", std::int64_t{40}}});
  const Diagnosis diagnosis = diagnose(classes(spec, 400, 3, 0.1), spec, settings(spec));
  EXPECT_TRUE(finds(diagnosis.findings, "too low")) << names(diagnosis.findings);
  EXPECT_GT(diagnosis.rates.steepest, 1e-4);
  EXPECT_LT(diagnosis.other_rate.validation_loss, 0.5 * diagnosis.result.validation.loss);
}

// Its loss hardly moves, so that it does not still fall at the end either.
TEST(Diagnosis, SeesARateThatDoesNothing) {
  const TrainSpec spec = spec_of({{"learning_rate", 1e-7}, {"epochs", std::int64_t{30}}});
  const Diagnosis diagnosis = diagnose(classes(spec, 400, 3, 0.1), spec, settings(spec));
  EXPECT_TRUE(finds(diagnosis.findings, "too low")) << names(diagnosis.findings);
  EXPECT_EQ(diagnosis.findings[0].name, "nothing was learnt") << names(diagnosis.findings);
  EXPECT_NE(diagnosis.findings[0].remedy.find("learning_rate="), std::string::npos);
  for (const Finding& finding : diagnosis.findings) {
    EXPECT_TRUE(finding.kind == Finding::Kind::problem) << finding.name;
  }
}

TEST(Diagnosis, PointsAtTheGradientsOfADeepNetworkThatLearnsNothing) {
  const TrainSpec spec = spec_of({{"layers", std::int64_t{10}},
                                  {"hidden_units", std::int64_t{16}},
                                  {"activation", std::string("sigmoid")},
                                  {"epochs", std::int64_t{12}}});
  const Diagnosis diagnosis = diagnose(classes(spec, 400, 3, 0.1), spec, settings(spec));
  EXPECT_EQ(diagnosis.findings[0].name, "nothing was learnt") << names(diagnosis.findings);
  EXPECT_NE(diagnosis.findings[0].remedy.find("gradients vanish"), std::string::npos);
  EXPECT_TRUE(finds(diagnosis.findings, "gradients vanish"));
  EXPECT_FALSE(finds(diagnosis.findings, "too high")) << names(diagnosis.findings);
}

// A straight line cannot tell inside from outside; a network that can does no better on noise.
TEST(Diagnosis, TellsWhatIsTooSmallFromWhatIsNoise) {
  Rng rng(4);
  std::string circle = "a,b,kind\n", noise = "a,b,kind\n";
  for (int row = 0; row < 800; ++row) {
    const double a = rng.normal(), b = rng.normal();
    const std::string point = std::to_string(a) + "," + std::to_string(b) + ",";
    circle += point + (a * a + b * b > 1.4 ? "yes\n" : "no\n");
    noise += point + (a + 2 * rng.normal() > 0 ? "yes\n" : "no\n");
  }
  const TrainSpec spec =
      spec_of({{"layers", std::int64_t{0}}, {"epochs", std::int64_t{30}}, {"learning_rate", 0.02}});
  for (const bool learnable : {true, false}) {
    const PreparedData data = prepare(spec, parse_csv(learnable ? circle : noise, "t.csv"));
    const Diagnosis diagnosis = diagnose(data, spec, settings(spec));
    EXPECT_EQ(finds(diagnosis.findings, "underfits"), learnable) << names(diagnosis.findings);
  }
}

TEST(Diagnosis, SeesARateThatIsTooHigh) {
  const TrainSpec spec = spec_of({{"learning_rate", 8.0}, {"epochs", std::int64_t{20}}});
  const Diagnosis diagnosis = diagnose(classes(spec, 400, 3, 0.1), spec, settings(spec));
  EXPECT_TRUE(finds(diagnosis.findings, "too high")) << names(diagnosis.findings);
}

TEST(Diagnosis, SaysThatATrainingDiverges) {
  const TrainSpec spec = spec_of({{"learning_rate", 1e9},
                                  {"optimizer", std::string("sgd")},
                                  {"activation", std::string("linear")}});
  const Diagnosis diagnosis = diagnose(classes(spec, 200, 3, 0.1), spec, settings(spec));
  ASSERT_EQ(diagnosis.findings.size(), 1U) << names(diagnosis.findings);
  EXPECT_EQ(diagnosis.findings[0].name, "the training diverges");
}

TEST(Diagnosis, FindsNothingWrongWithAGoodTraining) {
  const TrainSpec spec = spec_of(
      {{"learning_rate", 3e-3}, {"epochs", std::int64_t{25}}, {"hidden_units", std::int64_t{16}}});
  const Diagnosis diagnosis = diagnose(classes(spec, 3000, 3, 0.5), spec, settings(spec));
  for (const Finding& finding : diagnosis.findings) {
    EXPECT_TRUE(finding.kind == Finding::Kind::good) << finding.name << ": " << finding.evidence;
  }
  ASSERT_EQ(diagnosis.layers.size(), 2U);
  EXPECT_EQ(diagnosis.layers[0].units, 16U);
  EXPECT_GT(diagnosis.layers[0].gradient, 0);
}

TEST(Diagnosis, NeedsAValidationPart) {
  TrainSpec spec = spec_of();
  spec.validation = 0;
  EXPECT_THROW(diagnose(classes(spec, 100, 1, 0.1), spec, settings(spec)), Error);
}

TEST(Diagnosis, IsAboutOneTraining) {
  for (int TrainSpec::* folds : {&TrainSpec::folds, &TrainSpec::outer}) {
    TrainSpec spec = spec_of();
    spec.*folds = 3;
    EXPECT_THROW(check_diagnosable(spec), Error);
  }
  EXPECT_NO_THROW(check_diagnosable(spec_of()));
}

TEST(Diagnosis, EndsWhenTold) {
  const TrainSpec spec = spec_of();
  EXPECT_THROW(diagnose(classes(spec, 100, 1, 0.1), spec, settings(spec), [] { return true; }),
               Error);
}

// The measurements of a training that is well, and what each change to them means.
Diagnosis healthy() {
  Diagnosis d;
  d.result.epochs = 20;
  d.result.best_epoch = 12;
  d.result.ending = FitEnding::early_stop;
  d.result.validation.loss = 0.11;
  d.training.loss = 0.1;
  d.baseline = 1;
  d.learning_rate = 0.01;
  d.rates.steepest = 0.02;
  d.rates.largest = 0.5;
  for (int epoch = 1; epoch <= 20; ++epoch) {
    EpochStats stats;
    stats.epoch = epoch;
    stats.training_loss = 0.1 + 0.5 / (epoch * epoch);
    stats.validation_loss = 0.11 + 0.5 / (epoch * epoch);
    d.epochs.push_back(stats);
  }
  d.learning = {{100, 0.1, 0.112}, {200, 0.1, 0.11}};
  d.layers = {{"dense", 10, 0, 0.1}, {"dense", 10, 0, 0.1}, {"dense", 3, 0, 0.1}};
  return d;
}

TEST(Findings, EachMeasurementHasItsMeaning) {
  const auto all_good = findings_of(healthy(), Task::regression);
  for (const Finding& finding : all_good) EXPECT_TRUE(finding.kind == Finding::Kind::good);
  Diagnosis d = healthy();
  d.layers[1].dead = 6;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "units are dead"));
  d = healthy();
  d.layers[0].gradient = 1e-6;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "gradients vanish"));
  d.layers[0].gradient = 1e6;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "gradients explode"));
  d = healthy();
  d.learning[0].validation_loss = 0.2;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "more data would help"));
  d = healthy();
  d.training.loss = 0.6;
  d.result.validation.loss = 0.65;
  d.larger = {500, 0.3, 0.4};
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "underfits"));
  d.larger = {500, 0.3, 0.66};  // what is left is noise
  EXPECT_FALSE(finds(findings_of(d, Task::regression), "underfits"));
  d = healthy();
  d.result.validation.loss = 0.3;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "overfits"));
  d = healthy();
  d.learning_rate = 1;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "too high"));
  d = healthy();
  d.learning_rate = 1e-4;
  for (EpochStats& epoch : d.epochs) epoch.training_loss = 1 - 0.03 * epoch.epoch;
  EXPECT_TRUE(finds(findings_of(d, Task::regression), "too low"));
}

TEST(Findings, MoreRowsWinNothingWhereAllIsLearnt) {
  Diagnosis d = healthy();
  d.training.loss = d.result.validation.loss = 0.01;
  d.learning = {{100, 0.01, 0.1}, {200, 0.01, 0.01}};
  EXPECT_FALSE(finds(findings_of(d, Task::classification), "more data"));
}

// Where hardly a row is told wrong, but those that are cost more than anything else.
TEST(Findings, ARateIsTooHighWhereErrorsAreSure) {
  Diagnosis d = healthy();
  d.training.loss = 1.9;
  d.result.validation.loss = 0;
  d.learning_rate = 1;
  d.rates.largest = 10;
  const auto found = findings_of(d, Task::classification);
  EXPECT_TRUE(finds(found, "too high")) << names(found);
  EXPECT_EQ(names(found).find("training and validation agree"), std::string::npos) << names(found);
  d.learning_rate = 0.01;  // then it has another reason
  EXPECT_FALSE(finds(findings_of(d, Task::classification), "too high"));
}

// A rate far from the range test's is wrong only where another one comes to more.
TEST(Findings, RatesAreJudgedByWhatAnotherOneComesTo) {
  for (const double rate : {1e-4, 1.0}) {
    Diagnosis d = healthy();
    d.learning_rate = rate;
    d.result.validation.loss = 0.2;
    d.training.loss = 0.19;
    d.other_rate = {0.01, 0.1};
    const auto worse = findings_of(d, Task::regression);
    EXPECT_TRUE(finds(worse, rate < 1 ? "too low" : "too high")) << names(worse);
    d.other_rate.validation_loss = 0.199;
    const auto as_good = findings_of(d, Task::regression);
    EXPECT_FALSE(finds(as_good, "learning rate")) << names(as_good);
  }
}

TEST(Findings, NothingIsGoodWhereNothingWasLearnt) {
  Diagnosis d = healthy();
  d.training.loss = d.result.validation.loss = 1.01;
  for (const Finding& finding : findings_of(d, Task::regression)) {
    EXPECT_TRUE(finding.kind == Finding::Kind::problem) << finding.name;
  }
  EXPECT_EQ(findings_of(d, Task::regression)[0].name, "nothing was learnt");
  d.training.loss = 0.3;
  EXPECT_EQ(findings_of(d, Task::regression)[0].name,
            "nothing was learnt that holds for other rows");
  // Too sure of itself, but mostly right.
  d.result.validation.balanced_accuracy = 0.85;
  EXPECT_FALSE(finds(findings_of(d, Task::classification), "nothing was learnt"));
  // A quantile is no mean.
  d.result.criterion.loss = Loss::quantile;
  EXPECT_FALSE(finds(findings_of(d, Task::regression), "nothing was learnt"));
}

}  // namespace
}  // namespace caviar
