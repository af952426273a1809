// Scores against hand calculations and scikit-learn 1.x.
#include "caviar/trainer/scores.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

using Labels = std::vector<std::int32_t>;

ConfusionMatrix confusion_of(std::size_t classes, const Labels& actual, const Labels& predicted) {
  ConfusionMatrix matrix(classes);
  for (std::size_t i = 0; i < actual.size(); ++i) {
    matrix.add(static_cast<std::size_t>(actual[i]), static_cast<std::size_t>(predicted[i]));
  }
  return matrix;
}

ConstMatrix<float> rows(const std::vector<float>& values, std::size_t columns) {
  return {values.data(), values.size() / columns, columns};
}

TEST(Scores, CountsWhatWasTakenForWhat) {
  const std::vector<float> outputs = {3, 1, 0,   // 0
                                      1, 1, 0,   // equal: the first one
                                      0, 2, 5};  // 2
  const ConfusionMatrix matrix(rows(outputs, 3), Labels{0, 1, 2});
  EXPECT_EQ(matrix.at(0, 0), 1U);
  EXPECT_EQ(matrix.at(1, 0), 1U);
  EXPECT_EQ(matrix.at(2, 2), 1U);
  EXPECT_EQ(matrix.actual(1), 1U);
  EXPECT_EQ(matrix.predicted(0), 2U);
  EXPECT_EQ(matrix.all(), 3U);
  EXPECT_DOUBLE_EQ(accuracy(matrix), 2.0 / 3);
}

// sklearn.metrics: balanced_accuracy_score, f1_score(average="macro"),
// precision_recall_fscore_support
TEST(Scores, AgreeWithScikitLearnOnUnevenClasses) {
  const Labels actual = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 0};
  const Labels predicted = {0, 0, 0, 1, 2, 0, 1, 1, 0, 2, 1, 0};
  const ConfusionMatrix matrix = confusion_of(3, actual, predicted);
  EXPECT_NEAR(accuracy(matrix), 0.6666666666666666, 1e-12);
  EXPECT_NEAR(balanced_accuracy(matrix), 0.626984126984127, 1e-12);
  EXPECT_NEAR(f1_macro(matrix), 0.6135531135531136, 1e-12);
  const std::vector<ClassScore> scores = class_scores(matrix);
  const double expected[3][3] = {{0.8333333333333334, 0.7142857142857143, 0.7692307692307693},
                                 {0.5, 0.6666666666666666, 0.5714285714285714},
                                 {0.5, 0.5, 0.5}};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(scores[i].precision, expected[i][0], 1e-12);
    EXPECT_NEAR(scores[i].recall, expected[i][1], 1e-12);
    EXPECT_NEAR(scores[i].f1, expected[i][2], 1e-12);
  }
  EXPECT_EQ(scores[0].rows, 7U);
}

TEST(Scores, LeaveOutClassesThatNeverOccur) {
  const ConfusionMatrix matrix = confusion_of(4, {0, 0, 1, 1}, {0, 0, 1, 2});
  EXPECT_DOUBLE_EQ(balanced_accuracy(matrix), 0.75);            // of classes 0 and 1
  EXPECT_NEAR(f1_macro(matrix), (1 + 2.0 / 3 + 0) / 3, 1e-12);  // class 2 was predicted: F1 0
  EXPECT_TRUE(std::isnan(accuracy(ConfusionMatrix(3))));
  EXPECT_TRUE(std::isnan(f1_macro(ConfusionMatrix(3))));
}

TEST(Scores, TopKTakesTheFirstOfEqualOutputs) {
  const std::vector<float> outputs = {0.1F, 0.5F, 0.4F, 0.2F,   //
                                      0.3F, 0.3F, 0.3F, 0.1F,   //
                                      0.0F, 0.1F, 0.2F, 0.7F};  //
  const Labels labels = {2, 1, 0};
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows(outputs, 4), labels, 1), 0);
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows(outputs, 4), labels, 2), 2.0 / 3);
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows(outputs, 4), labels, 3), 2.0 / 3);
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows(outputs, 4), labels, 4), 1);
}

TEST(Scores, AreaUnderTheCurveCountsTiesHalf) {
  const bool of_class[] = {true, false, true, false, true, false, false};
  const std::vector<float> apart = {9, 1, 8, 2, 7, 3, 4};
  EXPECT_DOUBLE_EQ(roc_auc(apart, of_class), 1);
  EXPECT_DOUBLE_EQ(roc_auc(std::vector<float>(7, 0.5F), of_class), 0.5);
  const std::vector<float> some = {0.8F, 0.8F, 0.4F, 0.4F, 0.4F, 0.1F, 0.9F};
  EXPECT_NEAR(roc_auc(some, of_class), 0.4583333333333333, 1e-12);  // sklearn.metrics.roc_auc_score
  const bool all[] = {true, true};
  EXPECT_TRUE(std::isnan(roc_auc(std::vector<float>{1, 2}, all)));
}

// Every pair of a row of the class and one that is not: what the area means.
TEST(Scores, AreaUnderTheCurveIsTheShareOfPairsInOrder) {
  Rng rng(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<float> scores;
    bool of_class[40];
    for (bool& in : of_class) {
      in = rng.uniform() < 0.3;
      scores.push_back(static_cast<float>(rng.below(8)));  // many ties
    }
    of_class[0] = true;
    of_class[1] = false;
    double won = 0, pairs = 0;
    for (std::size_t a = 0; a < 40; ++a) {
      for (std::size_t b = 0; b < 40; ++b) {
        if (!of_class[a] || of_class[b]) continue;
        ++pairs;
        won += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0;
      }
    }
    EXPECT_NEAR(roc_auc(scores, of_class), won / pairs, 1e-12);
  }
}

// sklearn.metrics.roc_auc_score(multi_class="ovr"), log_loss
TEST(Scores, ProbabilitiesOfSeveralClasses) {
  const std::vector<float> p = {0.7F, 0.2F, 0.1F, 0.3F, 0.4F, 0.3F, 0.2F, 0.2F,  0.6F,
                                0.5F, 0.3F, 0.2F, 0.1F, 0.8F, 0.1F, 0.4F, 0.35F, 0.25F};
  const Labels labels = {0, 1, 2, 1, 1, 2};
  EXPECT_NEAR(roc_auc(rows(p, 3), labels), 0.9212962962962963, 1e-7);
  std::vector<float> logs;
  for (const float probability : p) logs.push_back(std::log(probability));
  EXPECT_NEAR(log_loss(rows(logs, 3), labels), 0.7662003360564857, 1e-6);
  const Labels without_two = {0, 1, 1, 1, 0, 0};
  EXPECT_FALSE(std::isnan(roc_auc(rows(p, 3), without_two)));  // of the classes that occur
}

// accuracy_score, precision_score, …, log_loss of scikit-learn 1.9.
TEST(Scores, LabelsAgreeWithScikitLearn) {
  const std::vector<float> logits = {2,     -1,   0.5F, -0.5F, 0.3F,  -2,    1.5F,  -0.2F,
                                     0.1F,  -3,   1.2F, -0.7F, 0.4F,  0.9F,  -0.3F, -0.1F,
                                     -1.5F, 2.5F, 0.8F, 0.2F,  -1.1F, -0.6F, 2.2F,  0.3F};
  const std::vector<float> targets = {1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0,
                                      0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0};
  const auto labels = label_scores(rows(logits, 3), rows(targets, 3));
  ASSERT_EQ(labels.size(), 3U);
  EXPECT_DOUBLE_EQ(labels[1].accuracy, 0.625);
  EXPECT_DOUBLE_EQ(labels[1].balanced_accuracy, 0.625);
  EXPECT_DOUBLE_EQ(labels[1].yes.precision, 0.6);
  EXPECT_DOUBLE_EQ(labels[1].yes.recall, 0.75);
  EXPECT_DOUBLE_EQ(labels[1].yes.f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(labels[1].auc, 0.875);
  EXPECT_NEAR(labels[0].log_loss, 0.5896257692108451, 1e-7);
  EXPECT_NEAR(labels[1].log_loss, 0.4593534513214376, 1e-7);
  EXPECT_NEAR((labels[0].yes.f1 + labels[1].yes.f1 + labels[2].yes.f1) / 3, 0.5555555555555555,
              1e-12);
  EXPECT_DOUBLE_EQ(exact_match(rows(logits, 3), rows(targets, 3)), 0.25);
  const auto certain = label_scores(rows({1000, -1000}, 1), rows({0, 0}, 1));
  EXPECT_DOUBLE_EQ(certain[0].log_loss, 500);
  EXPECT_TRUE(std::isnan(certain[0].auc));
}

TEST(Scores, LogLossOfACertainMistakeIsFinite) {
  const std::vector<float> logits = {0, 1000};
  EXPECT_DOUBLE_EQ(log_loss(rows(logits, 2), Labels{0}), 1000);
  EXPECT_DOUBLE_EQ(log_loss(rows(logits, 2), Labels{1}), 0);
}

TEST(Scores, NumbersAgainstTrueOnes) {
  const std::vector<float> actual = {3, -0.5F, 2, 7}, predicted = {2.5F, 0, 2, 8};
  EXPECT_DOUBLE_EQ(mean_squared_error(predicted, actual), 0.375);
  EXPECT_DOUBLE_EQ(mean_absolute_error(predicted, actual), 0.5);
  EXPECT_NEAR(r_squared(predicted, actual), 0.9486081370449679, 1e-12);
  const std::vector<float> constant(4, 2.0F);
  EXPECT_TRUE(std::isnan(r_squared(predicted, constant)));
  EXPECT_TRUE(std::isnan(mean_absolute_error({}, {})));
}

}  // namespace
}  // namespace caviar
