// How good predictions are: pure functions of what was predicted and what is true. Where a score
// has no meaning (no rows, one class only) it is `unknown`, which is NaN.
//
// `weights`: how much each row counts, from 0 on; none: all alike. A row of weight 2 is the same as
// two rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "caviar/nn/matrix.hpp"

namespace caviar {

using RowWeights = std::span<const float>;

// How often each class was taken for which: rows, or the sum of their weights.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(std::size_t classes) : classes_(classes), counts_(classes * classes) {}
  // Each row's largest output against its label; the first one where several are equal.
  ConfusionMatrix(ConstMatrix<float> outputs, std::span<const std::int32_t> labels,
                  RowWeights weights = {});

  void add(std::size_t actual, std::size_t predicted, double weight = 1) {
    counts_[actual * classes_ + predicted] += weight;
  }
  std::size_t classes() const { return classes_; }
  double at(std::size_t actual, std::size_t predicted) const {
    return counts_[actual * classes_ + predicted];
  }
  double actual(std::size_t index) const;     // rows of this class
  double predicted(std::size_t index) const;  // rows taken for it
  double all() const;

 private:
  std::size_t classes_;
  std::vector<double> counts_;
};

double accuracy(const ConfusionMatrix& confusion);
// The mean recall of the classes that occur.
double balanced_accuracy(const ConfusionMatrix& confusion);

struct ClassScore {
  double precision = 0;  // of the rows taken for the class, the share that is of it; none: 0
  double recall = 0;     // of the class's rows, the share that was found; none: 0
  double f1 = 0;         // 2 tp / (2 tp + fp + fn); none of them: 0
  double rows = 0;       // of the class
};
std::vector<ClassScore> class_scores(const ConfusionMatrix& confusion);
// The mean F1 of the classes that occur or were predicted.
double f1_macro(const ConfusionMatrix& confusion);

// The share of rows whose label is among the k largest outputs; of equal ones the first are taken.
double top_k_accuracy(ConstMatrix<float> outputs, std::span<const std::int32_t> labels,
                      std::size_t k, RowWeights weights = {});

// The area under the ROC curve: the chance that a row of the class scores higher than one that is
// not of it, a tie counting half (Mann and Whitney, 1947).
double roc_auc(std::span<const float> scores, std::span<const bool> of_class,
               RowWeights weights = {});
// Two classes: of the second one's probability. More: the mean over the classes that occur, each
// against the rest.
double roc_auc(ConstMatrix<float> probabilities, std::span<const std::int32_t> labels,
               RowWeights weights = {});

// The mean of −log softmax(logits)[label], by log-sum-exp: a certain mistake stays finite.
// Logarithms of probabilities are logits.
double log_loss(ConstMatrix<float> logits, std::span<const std::int32_t> labels,
                RowWeights weights = {});

// One label of several that do not exclude one another: an output above 0 says yes.
struct LabelScore {
  double accuracy = 0;           // the share of rows in which it is right
  double balanced_accuracy = 0;  // the mean recall of yes and no, of those that occur
  ClassScore yes;
  double auc = 0;       // unknown where all rows are alike
  double log_loss = 0;  // the mean of −log p(what is true)
};
// Outputs are logits, targets 0 or 1; a column a label. At least one row.
std::vector<LabelScore> label_scores(ConstMatrix<float> logits, ConstMatrix<float> targets,
                                     RowWeights weights = {});
// The share of rows in which all labels are right.
double exact_match(ConstMatrix<float> logits, ConstMatrix<float> targets, RowWeights weights = {});

// Numbers predicted against the true ones, of equal length.
double mean_squared_error(std::span<const float> predicted, std::span<const float> actual,
                          RowWeights weights = {});
double mean_absolute_error(std::span<const float> predicted, std::span<const float> actual,
                           RowWeights weights = {});
// 1 − the squared error over that of always saying the mean; unknown where all are equal.
double r_squared(std::span<const float> predicted, std::span<const float> actual,
                 RowWeights weights = {});

}  // namespace caviar
