#include "caviar/nn/loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 6> names = {"cross_entropy", "binary_cross_entropy",
                                          "squared_error", "absolute_error",
                                          "huber",         "quantile"};

// A loss and its slope.
struct Sloped {
  double value = 0, slope = 0;
};

template <class T>
double weight_of(const Samples<T>& samples, std::size_t row) {
  return samples.weights.empty() ? 1 : static_cast<double>(samples.weights[row]);
}

// What is aimed at: yes or no, softened by `smoothing`.
template <class T>
double yes_share(const Samples<T>& samples, std::size_t row, std::size_t output) {
  if (samples.targets.data == nullptr) return samples.labels[row];
  return static_cast<double>(samples.targets.row(row)[output]);
}

// The class weight of a whole sample of cross_entropy.
template <class T>
double class_weight(const Criterion& criterion, const Samples<T>& samples, std::size_t row) {
  const auto& weights = criterion.class_weights;
  if (weights.empty()) return 1;
  if (!samples.labels.empty()) return weights[static_cast<std::size_t>(samples.labels[row])];
  double sum = 0;
  const auto shares = samples.targets.row(row);
  for (std::size_t j = 0; j < shares.size(); ++j) sum += weights[j] * double(shares[j]);
  return sum;
}

// The weight of one output of binary_cross_entropy.
double side_weight(const Criterion& criterion, double yes) {
  if (criterion.class_weights.empty()) return 1;
  return (1 - yes) * criterion.class_weights[0] + yes * criterion.class_weights[1];
}

// Cross-entropy in all its forms: weights, smoothing, shares in place of labels. Rows pass in
// portions, so that their sums fit on the stack.
template <class T>
double general_cross_entropy(const Kernels<T>& kernels, const Criterion& criterion,
                             ConstMatrix<T> outputs, const Samples<T>& samples, Matrix<T> delta,
                             double scale) {
  constexpr std::size_t portion = 64;
  T largest[portion], log_sum[portion];
  const std::size_t classes = outputs.columns;
  const double kept = 1 - criterion.label_smoothing;
  const double spread = criterion.label_smoothing / static_cast<double>(classes);
  double loss = 0;
  for (std::size_t first = 0; first < outputs.rows; first += portion) {
    const std::size_t rows = std::min(portion, outputs.rows - first);
    kernels.softmax(outputs.slice(first, rows), delta.slice(first, rows), largest, log_sum);
    for (std::size_t r = first; r < first + rows; ++r) {
      const double weight = weight_of(samples, r) * class_weight(criterion, samples, r);
      const auto logits = outputs.row(r);
      const auto to = delta.row(r);
      const auto factor = static_cast<T>(weight * scale);
      double mean = 0;  // Σ share · (logit − largest)
      for (std::size_t j = 0; j < classes; ++j) {
        double share = samples.labels.empty()
                           ? static_cast<double>(samples.targets.row(r)[j])
                           : static_cast<double>(static_cast<std::size_t>(samples.labels[r]) == j);
        share = kept * share + spread;
        if (share != 0) mean += share * static_cast<double>(logits[j] - largest[r - first]);
        to[j] = factor * (to[j] - static_cast<T>(share));
      }
      loss += weight * (static_cast<double>(log_sum[r - first]) - mean);
    }
  }
  return loss * scale;
}

// max(z, 0) − z t + log(1 + e^−|z|): never the logarithm of a number that was rounded to 0.
Sloped binary(double z, double target, double on_no, double on_yes) {
  const double tail = std::log1p(std::exp(-std::abs(z)));
  const double minus_log_yes = (z > 0 ? 0 : -z) + tail;  // −log σ(z)
  const double minus_log_no = (z > 0 ? z : 0) + tail;
  const double e = std::exp(-std::abs(z));
  const double yes = z > 0 ? 1 / (1 + e) : e / (1 + e);
  const double no = z > 0 ? e / (1 + e) : 1 / (1 + e);
  return {on_yes * target * minus_log_yes + on_no * (1 - target) * minus_log_no,
          on_no * (1 - target) * yes - on_yes * target * no};
}

template <class T>
double binary_cross_entropy(const Criterion& criterion, ConstMatrix<T> outputs,
                            const Samples<T>& samples, Matrix<T> delta, double scale) {
  const bool weighted = !criterion.class_weights.empty();
  const double on_no = weighted ? criterion.class_weights[0] : 1;
  const double on_yes = weighted ? criterion.class_weights[1] : 1;
  double sum = 0;
  for (std::size_t r = 0; r < outputs.rows; ++r) {
    const double weight = weight_of(samples, r) * scale;
    for (std::size_t j = 0; j < outputs.columns; ++j) {
      const double target = (1 - criterion.label_smoothing) * yes_share(samples, r, j) +
                            criterion.label_smoothing / 2;
      const double z = static_cast<double>(outputs.row(r)[j]);
      const Sloped point = binary(z, target, on_no, on_yes);
      sum += weight * point.value;
      delta.row(r)[j] = static_cast<T>(weight * point.slope);
    }
  }
  return sum;
}

template <class T, class Function>
double of_differences(const Function& function, ConstMatrix<T> outputs, const Samples<T>& samples,
                      Matrix<T> delta, double scale) {
  double sum = 0;
  for (std::size_t r = 0; r < outputs.rows; ++r) {
    const double weight = weight_of(samples, r) * scale;
    const auto from = outputs.row(r);
    const auto target = samples.targets.row(r);
    const auto to = delta.row(r);
    for (std::size_t j = 0; j < from.size(); ++j) {
      const Sloped point =
          function(static_cast<double>(from[j]) - static_cast<double>(target[j]), j);
      sum += weight * point.value;
      to[j] = static_cast<T>(weight * point.slope);
    }
  }
  return sum;
}

template <class T>
double regression(const Criterion& criterion, ConstMatrix<T> outputs, const Samples<T>& samples,
                  Matrix<T> delta, double scale) {
  const auto with = [&](const auto& function) {
    return of_differences(function, outputs, samples, delta, scale);
  };
  if (criterion.loss == Loss::squared_error) {
    return with([](double d, std::size_t) { return Sloped{d * d, 2 * d}; });
  }
  if (criterion.loss == Loss::absolute_error) {
    return with(
        [](double d, std::size_t) { return Sloped{std::abs(d), double(d > 0) - double(d < 0)}; });
  }
  if (criterion.loss == Loss::huber) {
    return with([most = criterion.huber_delta](double d, std::size_t) {
      const bool near = std::abs(d) <= most;
      return near ? Sloped{0.5 * d * d, d}
                  : Sloped{most * (std::abs(d) - 0.5 * most), std::copysign(most, d)};
    });
  }
  return with([&](double d, std::size_t output) {
    const double q = criterion.quantiles.empty() ? criterion.quantile : criterion.quantiles[output];
    return Sloped{std::max(-q * d, (1 - q) * d), d > 0 ? 1 - q : (d < 0 ? -q : 0)};
  });
}

[[noreturn]] void refuse(const std::string& where, const std::string& seen,
                         const std::string& expected) {
  throw Error(Fault::input,
              fmt::format("{}: {} was given, {} was expected", where, seen, expected));
}

}  // namespace

std::span<const std::string> loss_names() { return names; }

std::string name_of(Loss loss) { return names[static_cast<std::size_t>(loss)]; }

Loss parse_loss(const std::string& name, const std::string& where) {
  return static_cast<Loss>(index_of_name(names, name, where, "a loss"));
}

void check_criterion(const Criterion& criterion, std::size_t outputs, const std::string& where) {
  const double smoothing = criterion.label_smoothing, q = criterion.quantile;
  if (!(smoothing >= 0 && smoothing < 1)) {
    refuse(where + ".label_smoothing", number_text(smoothing), "a number from 0 to below 1");
  }
  if (!(criterion.huber_delta > 0)) {
    refuse(where + ".huber_delta", number_text(criterion.huber_delta), "a number above 0");
  }
  if (!(q > 0 && q < 1)) {
    refuse(where + ".quantile", number_text(q), "a number between 0 and 1");
  }
  if (!criterion.quantiles.empty() && criterion.quantiles.size() != outputs) {
    refuse(where + ".quantiles", fmt::format("a list of {}", criterion.quantiles.size()),
           fmt::format("one for each of {} outputs", outputs));
  }
  for (const double each : criterion.quantiles) {
    if (each > 0 && each < 1) continue;
    refuse(where + ".quantiles", number_text(each), "a number between 0 and 1");
  }
  const auto& weights = criterion.class_weights;
  if (weights.empty()) return;
  if (!classifies(criterion.loss)) {
    refuse(where + ".class_weights", "a list", "none, since there are no classes to weigh");
  }
  const std::size_t classes = criterion.loss == Loss::cross_entropy ? outputs : 2;
  if (weights.size() != classes) {
    refuse(where + ".class_weights", fmt::format("a list of {} weights", weights.size()),
           fmt::format("one for each of {} classes", classes));
  }
  double sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0 && std::isfinite(weight))) {
      refuse(where + ".class_weights", number_text(weight), "a number from 0");
    }
    sum += weight;
  }
  if (sum == 0) refuse(where + ".class_weights", "only 0", "at least one number above 0");
}

template <class T>
double mean_weight(const Criterion& criterion, const Samples<T>& samples) {
  if (samples.weights.empty() && criterion.class_weights.empty()) return 1;
  double sum = 0;
  for (std::size_t r = 0; r < samples.size(); ++r) {
    double on_classes = 1;
    if (criterion.loss == Loss::cross_entropy) on_classes = class_weight(criterion, samples, r);
    if (criterion.loss == Loss::binary_cross_entropy) {
      const std::size_t outputs = std::max<std::size_t>(1, samples.targets.columns);
      on_classes = 0;
      for (std::size_t j = 0; j < outputs; ++j) {
        on_classes += side_weight(criterion, yes_share(samples, r, j));
      }
      on_classes /= static_cast<double>(outputs);
    }
    sum += weight_of(samples, r) * on_classes;
  }
  // Nothing counts: the loss is 0, not the quotient of two zeros.
  return sum > 0 ? sum / static_cast<double>(samples.size()) : 1;
}

template <class T>
double loss_and_delta(const Kernels<T>& kernels, const Criterion& criterion, ConstMatrix<T> outputs,
                      const Samples<T>& samples, Matrix<T> delta, double mean_weight) {
  const auto rows = static_cast<double>(outputs.rows);
  if (criterion.loss == Loss::cross_entropy) {
    const bool plain = criterion.label_smoothing == 0 && criterion.class_weights.empty() &&
                       samples.weights.empty() && !samples.labels.empty();
    if (!plain) {
      return general_cross_entropy(kernels, criterion, outputs, samples, delta,
                                   1 / (rows * mean_weight));
    }
    return kernels.cross_entropy(outputs, samples.labels.data(), static_cast<T>(1 / rows), delta) /
           rows;
  }
  const double scale = 1 / (rows * static_cast<double>(outputs.columns) * mean_weight);
  if (criterion.loss == Loss::binary_cross_entropy) {
    return binary_cross_entropy(criterion, outputs, samples, delta, scale);
  }
  return regression(criterion, outputs, samples, delta, scale);
}

template <class T>
double count_correct(const Criterion& criterion, ConstMatrix<T> outputs,
                     const Samples<T>& samples) {
  const auto largest = [](auto row) {
    return std::max_element(row.begin(), row.end()) - row.begin();
  };
  double correct = 0;
  if (criterion.loss == Loss::binary_cross_entropy) {
    for (std::size_t r = 0; r < outputs.rows; ++r) {
      std::size_t met = 0;
      for (std::size_t j = 0; j < outputs.columns; ++j) {
        met +=
            static_cast<std::size_t>((outputs.row(r)[j] > 0) == (yes_share(samples, r, j) > 0.5));
      }
      correct += weight_of(samples, r) * static_cast<double>(met);
    }
    return correct / static_cast<double>(outputs.columns);
  }
  for (std::size_t r = 0; r < outputs.rows; ++r) {
    const std::ptrdiff_t label =
        samples.labels.empty() ? largest(samples.targets.row(r)) : samples.labels[r];
    if (largest(outputs.row(r)) == label) correct += weight_of(samples, r);
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

template double mean_weight(const Criterion&, const Samples<float>&);
template double mean_weight(const Criterion&, const Samples<double>&);
template double loss_and_delta(const Kernels<float>&, const Criterion&, ConstMatrix<float>,
                               const Samples<float>&, Matrix<float>, double);
template double loss_and_delta(const Kernels<double>&, const Criterion&, ConstMatrix<double>,
                               const Samples<double>&, Matrix<double>, double);
template double count_correct(const Criterion&, ConstMatrix<float>, const Samples<float>&);
template double count_correct(const Criterion&, ConstMatrix<double>, const Samples<double>&);
template void softmax_rows(Matrix<float>);
template void softmax_rows(Matrix<double>);

}  // namespace caviar
