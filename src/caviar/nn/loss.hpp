// What training makes small, always the mean over the batch.
//
//   cross_entropy  −log softmax(outputs)[label], by log-sum-exp; outputs are logits
//   squared_error  (output − target)², the mean over all outputs of all samples
#pragma once

#include "caviar/nn/kernels.hpp"
#include "caviar/nn/samples.hpp"

namespace caviar {

enum class Loss { cross_entropy, squared_error };

// Returns the mean loss and writes its derivative by each output to delta (shaped like outputs).
template <class T>
double loss_and_delta(const Kernels<T>& kernels, Loss loss, ConstMatrix<T> outputs,
                      const Samples<T>& samples, Matrix<T> delta);

// How many rows have their largest output at their label; the first one where several are equal.
template <class T>
std::size_t count_correct(ConstMatrix<T> outputs, std::span<const std::int32_t> labels);

// Turns rows of logits into probabilities that sum to 1.
template <class T>
void softmax_rows(Matrix<T> logits);

}  // namespace caviar
