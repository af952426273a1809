// Folds: every row chooses once, a bad configuration ends after the first, nothing touches the
// test.
#include "caviar/trainer/cross_validation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv.hpp"

namespace caviar {
namespace {

TrainSpec iris(int folds, int repeats = 1) {
  TrainSpec spec;
  spec.data = std::string(CAVIAR_SOURCE_DIR) + "/data/iris.csv";
  spec.targets = {"species"};
  spec.folds = folds;
  spec.repeats = repeats;
  spec.fixed.set("epochs", std::int64_t{15});
  spec.fixed.set("learning_rate", 0.02);
  return spec;
}

TEST(Folds, ShareTheTestPartAndDealOutTheRest) {
  const TrainSpec spec = iris(4, 2);
  const PreparedData once = prepare(spec);
  const std::vector<PreparedData> folds = prepare_folds(spec);
  ASSERT_EQ(folds.size(), 8U);
  std::size_t chosen = 0;
  for (const PreparedData& fold : folds) {
    EXPECT_EQ(fold.test.labels, once.test.labels);
    EXPECT_EQ(fold.training.rows + fold.validation.rows + fold.test.rows, 150U);
    chosen += fold.validation.rows;
  }
  EXPECT_EQ(chosen, 2 * (150 - once.test.rows));
  EXPECT_TRUE(prepare_folds(iris(0)).empty());
}

TEST(Folds, GiveTheMeanAndTheSpread) {
  const TrainSpec spec = iris(3);
  const std::vector<PreparedData> folds = prepare_folds(spec);
  std::size_t seen = 0;
  const FoldScores scores = cross_validate(folds, spec, settings(spec), [&](const FoldScores& now) {
    EXPECT_EQ(now.folds.size(), ++seen);
    return Flow::go;
  });
  ASSERT_EQ(scores.folds.size(), 3U);
  double sum = 0, squares = 0;
  for (const auto& fold : scores.folds) {
    const double value = fold.at("validation_loss");
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(scores.mean.at("validation_loss"), sum / 3, 1e-12);
  EXPECT_NEAR(scores.deviation.at("validation_loss"), std::sqrt(squares / 3 - sum * sum / 9), 1e-9);
  EXPECT_GT(scores.mean.at("validation_accuracy"), 0.9);
}

TEST(Folds, EndWhenTold) {
  const TrainSpec spec = iris(5);
  const std::vector<PreparedData> folds = prepare_folds(spec);
  const FoldScores one =
      cross_validate(folds, spec, settings(spec), [](const FoldScores&) { return Flow::stop; });
  EXPECT_EQ(one.folds.size(), 1U);
  const FoldScores none = cross_validate(folds, spec, settings(spec), nullptr, [] { return true; });
  EXPECT_TRUE(none.folds.empty());
  EXPECT_TRUE(none.mean.empty());
}

// A number of its own for each patient: whoever has seen the patient knows the answer.
TEST(Folds, KeepGroupsTogether) {
  TrainSpec spec;
  spec.targets = {"y"};
  spec.group = "patient";
  spec.folds = 3;
  std::string text = "patient,x,y\n";
  for (int i = 0; i < 60; ++i) {
    text += "p" + std::to_string(i / 6) + "," + std::to_string(i / 6) + "," +
            (i % 2 == 0 ? "yes" : "no") + "\n";
  }
  for (const PreparedData& fold : prepare_folds(spec, parse_csv(text, "t.csv"))) {
    EXPECT_EQ(fold.features(), 1U);  // the group itself is nothing to learn from
    for (const float held : fold.validation.x) {
      EXPECT_EQ(std::count(fold.training.x.begin(), fold.training.x.end(), held), 0);
    }
  }
}

// Each row judges in one outer fold, and chooses in one inner fold of every other.
TEST(Folds, WithinOuterOnesLeaveThemAlone) {
  TrainSpec spec = iris(3);
  spec.outer = 4;
  spec.test = 0;
  std::size_t judged = 0;
  for (spec.outer_fold = 1; spec.outer_fold <= 4; ++spec.outer_fold) {
    const std::vector<PreparedData> inner = prepare_folds(spec);
    ASSERT_EQ(inner.size(), 3U);
    const PreparedData once = prepare(spec);
    EXPECT_EQ(once.validation.x, inner[0].validation.x);
    std::size_t chosen = 0;
    for (const PreparedData& fold : inner) {
      EXPECT_EQ(fold.test.labels, once.test.labels);
      EXPECT_EQ(fold.training.rows + fold.validation.rows + fold.test.rows, 150U);
      chosen += fold.validation.rows;
    }
    EXPECT_EQ(chosen, 150 - once.test.rows);
    judged += once.test.rows;
  }
  EXPECT_EQ(judged, 150U);
  Settings settings;
  settings.epochs = 3;
  const FoldScores scores = judge_outer(spec, settings, nullptr);
  EXPECT_EQ(scores.folds.size(), 4U);
  EXPECT_GT(scores.mean.at("test_accuracy"), 0.3);
}

TEST(Folds, AreWrittenInTheSpec) {
  const auto parse = [](const std::string& yaml) {
    return parse_train_spec(Node::parse_yaml("data: d\ntarget: t\nvalidation: " + yaml, "s.yaml"));
  };
  const TrainSpec spec = parse("{folds: 5, repeats: 2, group: g, stratified: false}");
  EXPECT_EQ(spec.folds, 5);
  EXPECT_EQ(spec.repeats, 2);
  EXPECT_EQ(spec.group, "g");
  EXPECT_FALSE(spec.stratified);
  EXPECT_EQ(parse("{share: 0.1, time: day}").time, "day");
  EXPECT_EQ(parse("{outer: 5, folds: 4}").outer, 5);
  EXPECT_EQ(parse("{outer: 5, folds: 4}").test, 0);
  EXPECT_EQ(parse("{outer: 5, outer_fold: 2}").outer_fold, 2);
  EXPECT_THROW(parse("{outer: 5, outer_fold: 6}"), Error);
  EXPECT_THROW(parse("{outer: 5, folds: 4, repeats: 2}"), Error);
  EXPECT_THROW(parse("{folds: 1}"), Error);
  EXPECT_THROW(parse("{repeats: 2}"), Error);
  EXPECT_THROW(parse("{fold: 2}"), Error);
}

}  // namespace
}  // namespace caviar
