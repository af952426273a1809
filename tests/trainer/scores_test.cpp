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

// Everything with sample_weight, on outputs with many ties. scikit-learn 1.9, to the last digits.
TEST(Scores, AgreeWithScikitLearnOnWeightedRows) {
  const std::vector<float> logits = {
      1.25F, 0.75F, 1,     1.25F, 0.75F, 1,     1.25F, 0.25F, 0,     0.25F, 0.25F, 1.25F,
      1.25F, 0,     0.5F,  1,     0,     1,     0,     0.5F,  1,     0.25F, 0.5F,  0.25F,
      1,     0.25F, 1.25F, 0.5F,  0.5F,  0.75F, 0.75F, 0.75F, 0.75F, 1.25F, 1,     1,
      1,     0.75F, 0.5F,  1.25F, 0.5F,  0.25F, 1.25F, 0,     1.25F, 0.75F, 0,     0,
      0.5F,  0,     0,     0.75F, 1.25F, 0.5F,  1,     1.25F};
  const Labels labels = {0, 1, 2, 3, 1, 1, 1, 0, 3, 0, 0, 0, 3, 2};
  const std::vector<float> weights = {1, 0.5F, 1.5F, 0.5F, 1, 0, 1.5F, 2, 1.5F, 0, 1, 0.5F, 2, 2};
  const ConstMatrix<float> outputs = rows(logits, 4);
  const ConfusionMatrix matrix(outputs, labels, weights);
  EXPECT_NEAR(accuracy(matrix), 0.3, 1e-12);
  EXPECT_NEAR(balanced_accuracy(matrix), 0.29166666666666663, 1e-12);
  EXPECT_NEAR(f1_macro(matrix), 0.28823529411764703, 1e-12);
  const double expected[3][4] = {
      {0.375, 0.2222222222222222, 0.0, 0.5714285714285714},
      {0.3333333333333333, 0.3333333333333333, 0.0, 0.5},
      {0.35294117647058826, 0.26666666666666666, 0.0, 0.5333333333333333}};
  const std::vector<ClassScore> scores = class_scores(matrix);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(scores[i].precision, expected[0][i], 1e-12);
    EXPECT_NEAR(scores[i].recall, expected[1][i], 1e-12);
    EXPECT_NEAR(scores[i].f1, expected[2][i], 1e-12);
  }
  EXPECT_NEAR(log_loss(outputs, labels, weights), 1.3873868589151936, 1e-12);
  EXPECT_NEAR(roc_auc(outputs, labels, weights), 0.5364401977853065, 1e-12);
  std::vector<float> first;
  bool of_class[14];
  for (std::size_t row = 0; row < 14; ++row) {
    first.push_back(outputs.row(row)[0]);
    of_class[row] = labels[row] > 1;
  }
  EXPECT_NEAR(roc_auc(first, of_class, weights), 0.5155555555555555, 1e-12);
  const std::vector<float> actual = {0.06F,  -1.23F, 0.08F, 1.36F, -1.55F, 0.86F, 0.12F,
                                     -0.64F, 2,      0.76F, -1.2F, 0.07F,  0.58F, -0.19F};
  const std::vector<float> said = {0.74F,  -1.3F, 0.75F, 2.8F,  -2.23F, 1.06F, -0.34F,
                                   -0.51F, 0.81F, 0.18F, -1.4F, 0.97F,  1.73F, -1.51F};
  EXPECT_NEAR(mean_squared_error(said, actual, weights), 0.7791700086065145, 1e-12);
  EXPECT_NEAR(mean_absolute_error(said, actual, weights), 0.7630000002682209, 1e-12);
  EXPECT_NEAR(r_squared(said, actual, weights), 0.10933404837039196, 1e-12);
}

// A row of weight 2 is two rows, one of weight 0 is none.
TEST(Scores, CountARowOfWeightTwoTwice) {
  Rng rng(5);
  const std::vector<float> weights = {2, 1, 0, 2, 1, 1, 2, 0, 1, 1};
  std::vector<float> once, yes, twice, yes_twice;
  Labels labels, labels_twice;
  for (const float weight : weights) {
    const auto label = static_cast<std::int32_t>(labels.size() % 3);
    labels.push_back(label);
    std::vector<float> row, targets;
    for (int i = 0; i < 3; ++i) {
      row.push_back(static_cast<float>(rng.below(5)) - 2);
      targets.push_back(i == label ? 1.0F : 0.0F);
    }
    once.insert(once.end(), row.begin(), row.end());
    yes.insert(yes.end(), targets.begin(), targets.end());
    for (int copy = 0; copy < static_cast<int>(weight); ++copy) {
      labels_twice.push_back(label);
      twice.insert(twice.end(), row.begin(), row.end());
      yes_twice.insert(yes_twice.end(), targets.begin(), targets.end());
    }
  }
  const auto a = rows(once, 3), b = rows(twice, 3), a_yes = rows(yes, 3),
             b_yes = rows(yes_twice, 3);
  for (std::size_t k = 1; k <= 3; ++k) {
    EXPECT_NEAR(top_k_accuracy(a, labels, k, weights), top_k_accuracy(b, labels_twice, k), 1e-12);
  }
  EXPECT_NEAR(exact_match(a, a_yes, weights), exact_match(b, b_yes), 1e-12);
  const auto weighted = label_scores(a, a_yes, weights), repeated = label_scores(b, b_yes);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(weighted[i].accuracy, repeated[i].accuracy, 1e-12);
    EXPECT_NEAR(weighted[i].yes.f1, repeated[i].yes.f1, 1e-12);
    EXPECT_NEAR(weighted[i].auc, repeated[i].auc, 1e-12);
    EXPECT_NEAR(weighted[i].log_loss, repeated[i].log_loss, 1e-12);
    EXPECT_EQ(weighted[i].yes.rows, repeated[i].yes.rows);
  }
  const std::vector<float> nothing(10, 0.0F);
  EXPECT_TRUE(std::isnan(log_loss(a, labels, nothing)));
  EXPECT_TRUE(std::isnan(roc_auc(a, labels, nothing)));
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
