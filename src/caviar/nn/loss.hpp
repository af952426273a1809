// What training makes small: the mean over the batch of each sample's loss.
//
//   cross_entropy         −log softmax(outputs)[label], by log-sum-exp; outputs are logits
//   binary_cross_entropy  −t log σ(z) − (1 − t) log(1 − σ(z)), the mean over the outputs: one or
//                         many yes/no labels; outputs are logits
//   squared_error         d², d = output − target; this and those below: the mean over the outputs
//   absolute_error        |d|
//   huber                 ½ d² where |d| ≤ huber_delta, else huber_delta (|d| − ½ huber_delta)
//   quantile              max(−q d, (1 − q) d): its minimum is the q-quantile
//
// Where samples or classes have weights, the loss is the weighted mean Σ w · loss / Σ w, so that
// only their ratios matter.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "caviar/nn/kernels.hpp"
#include "caviar/nn/samples.hpp"

namespace caviar {

enum class Loss {
  cross_entropy,
  binary_cross_entropy,
  squared_error,
  absolute_error,
  huber,
  quantile
};

std::span<const std::string> loss_names();  // in the order of the enum
std::string name_of(Loss loss);
// Throws Error{input} that begins with `where` and suggests the nearest name.
Loss parse_loss(const std::string& name, const std::string& where);

// Whether labels are told apart, so that there is an accuracy.
constexpr bool classifies(Loss loss) {
  return loss == Loss::cross_entropy || loss == Loss::binary_cross_entropy;
}

// A loss with its constants.
struct Criterion {
  Loss loss = Loss::cross_entropy;
  // cross_entropy: the labels' share that is spread evenly over all classes (Szegedy et al., 2016);
  // binary_cross_entropy: targets move so far towards ½ from both ends. 0 ≤ label_smoothing < 1
  double label_smoothing = 0;
  // cross_entropy: a weight for each class; binary_cross_entropy: those of no and of yes; or none.
  std::vector<double> class_weights = {};
  double huber_delta = 1;              // above 0
  double quantile = 0.5;               // between 0 and 1
  std::vector<double> quantiles = {};  // one for each output, in place of `quantile`; or none

  Criterion() = default;
  Criterion(Loss plain) : loss(plain) {}  // NOLINT(google-explicit-constructor)
};

// Throws Error{input} unless the constants make sense and suit so many outputs.
void check_criterion(const Criterion& criterion, std::size_t outputs, const std::string& where);

// The mean weight of the samples; 1 where nothing has one. What loss_and_delta divides by.
template <class T>
double mean_weight(const Criterion& criterion, const Samples<T>& samples);

// Returns Σ w · loss / (rows · mean_weight) and writes its derivative by each output to delta
// (shaped like outputs). With the mean weight of all samples, batches add up to the weighted mean.
template <class T>
double loss_and_delta(const Kernels<T>& kernels, const Criterion& criterion, ConstMatrix<T> outputs,
                      const Samples<T>& samples, Matrix<T> delta, double mean_weight = 1);

// How many labels are met: the largest output of a row lies at its label (the first one where
// several are equal); binary: an output above 0 for yes. In samples, so a row of many yes/no labels
// counts as its share, and one that has a weight as that.
template <class T>
double count_correct(const Criterion& criterion, ConstMatrix<T> outputs, const Samples<T>& samples);

// Turns rows of logits into probabilities that sum to 1.
template <class T>
void softmax_rows(Matrix<T> logits);

}  // namespace caviar
