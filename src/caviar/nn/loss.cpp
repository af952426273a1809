#include "caviar/nn/loss.hpp"

#include <algorithm>
#include <cmath>

namespace caviar {
namespace {

template <class T>
double squared_error(ConstMatrix<T> outputs, ConstMatrix<T> targets, Matrix<T> delta) {
  const auto count = static_cast<double>(outputs.size());
  const auto factor = static_cast<T>(2 / count);
  double sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const T difference = outputs.data[i] - targets.data[i];
    sum += static_cast<double>(difference) * static_cast<double>(difference);
    delta.data[i] = factor * difference;
  }
  return sum / count;
}

}  // namespace

template <class T>
double loss_and_delta(const Kernels<T>& kernels, Loss loss, ConstMatrix<T> outputs,
                      const Samples<T>& samples, Matrix<T> delta) {
  if (loss == Loss::squared_error) return squared_error(outputs, samples.targets, delta);
  const auto rows = static_cast<double>(outputs.rows);
  return kernels.cross_entropy(outputs, samples.labels.data(), static_cast<T>(1 / rows), delta) /
         rows;
}

template <class T>
std::size_t count_correct(ConstMatrix<T> outputs, std::span<const std::int32_t> labels) {
  std::size_t correct = 0;
  for (std::size_t r = 0; r < outputs.rows; ++r) {
    const auto row = outputs.row(r);
    const auto largest = std::max_element(row.begin(), row.end()) - row.begin();
    correct += static_cast<std::size_t>(largest == labels[r]);
  }
  return correct;
}

template <class T>
void softmax_rows(Matrix<T> logits) {
  for (std::size_t r = 0; r < logits.rows; ++r) {
    const auto row = logits.row(r);
    const T largest = *std::max_element(row.begin(), row.end());
    T sum = 0;
    for (T& value : row) sum += value = std::exp(value - largest);
    for (T& value : row) value /= sum;
  }
}

template double loss_and_delta(const Kernels<float>&, Loss, ConstMatrix<float>,
                               const Samples<float>&, Matrix<float>);
template double loss_and_delta(const Kernels<double>&, Loss, ConstMatrix<double>,
                               const Samples<double>&, Matrix<double>);
template std::size_t count_correct(ConstMatrix<float>, std::span<const std::int32_t>);
template std::size_t count_correct(ConstMatrix<double>, std::span<const std::int32_t>);
template void softmax_rows(Matrix<float>);
template void softmax_rows(Matrix<double>);

}  // namespace caviar
