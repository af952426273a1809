#include "caviar/nn/augmenter.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace caviar {
namespace {

// Marsaglia and Tsang, 2000; shapes below 1 by their remark at the end of section 6.
double draw_gamma(double shape, Rng& rng) {
  if (shape < 1) {
    return draw_gamma(shape + 1, rng) * std::pow(1 - rng.uniform(), 1 / shape);
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = rng.normal();
    const double v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) {
      return d * v;
    }
  }
}

}  // namespace

double draw_beta(double shape, Rng& rng) {
  const double a = draw_gamma(shape, rng), b = draw_gamma(shape, rng);
  // For tiny shapes both may round to 0: then either end is as good.
  if (a + b == 0) return static_cast<double>(rng.below(2));
  return a / (a + b);
}

template <class T>
Augmenter<T>::Augmenter(const Model<T>& model, const Criterion& criterion,
                        const Samples<T>& samples, std::size_t rows, const Knobs& knobs)
    : rows_(rows), features_(samples.x.columns), weighted_(!samples.weights.empty()) {
  for (std::size_t column = 0; column < features_; ++column) {
    codes_.push_back(static_cast<char>(model.steps()[0].layer->reads_codes(column)));
  }
  const bool one_label = criterion.loss == Loss::binary_cross_entropy;
  targets_each_ = !samples.targets.empty() ? samples.targets.columns
                  : one_label              ? 1
                                           : model.outputs();
  if (knobs.mixup > 0 || knobs.input_noise > 0) reserve();
}

template <class T>
void Augmenter<T>::reserve() {
  x_.resize(rows_ * features_);
  targets_.resize(rows_ * targets_each_);
  weights_.resize(weighted_ ? rows_ : 0);
  partners_.resize(rows_);
}

template <class T>
void Augmenter<T>::change_rows(RowChange<T> change) {
  change_ = std::move(change);
  changed_.resize(change_ ? rows_ * features_ : 0);
}

template <class T>
ConstMatrix<T> Augmenter<T>::changed(ConstMatrix<T> x, Rng& rng) {
  std::copy_n(x.data, x.size(), changed_.data());
  const Matrix<T> copy{changed_.data(), x.rows, features_};
  for (std::size_t r = 0; r < copy.rows; ++r) change_(copy.row(r), rng);
  return copy;
}

template <class T>
Samples<T> Augmenter<T>::apply(const Samples<T>& gathered, const Knobs& knobs, Rng& rng) {
  assert(gathered.size() <= rows_);
  Samples<T> batch = gathered;
  if (change_) batch.x = changed(gathered.x, rng);
  if (knobs.mixup <= 0 && knobs.input_noise <= 0) return batch;
  reserve();
  Samples<T> out = batch;
  out.x = {x_.data(), batch.size(), features_};
  if (knobs.mixup > 0) {
    mix(batch, draw_beta(knobs.mixup, rng), rng, out);
  } else {
    std::copy_n(batch.x.data, batch.x.size(), x_.data());
  }
  if (knobs.input_noise > 0) add_noise(knobs.input_noise, batch.size(), rng);
  return out;
}

template <class T>
void Augmenter<T>::mix(const Samples<T>& batch, double share, Rng& rng, Samples<T>& out) {
  const std::size_t rows = batch.size();
  const auto partners = std::span(partners_).first(rows);
  std::iota(partners.begin(), partners.end(), 0U);
  rng.shuffle(partners);
  const auto own = static_cast<T>(share), other = static_cast<T>(1 - share);
  for (std::size_t r = 0; r < rows; ++r) {
    const auto a = batch.x.row(r), b = batch.x.row(partners[r]);
    T* to = x_.data() + r * features_;
    for (std::size_t c = 0; c < features_; ++c) {
      to[c] = codes_[c] != 0 ? (share >= 0.5 ? a[c] : b[c]) : own * a[c] + other * b[c];
    }
  }
  mix_targets(batch, share, out);
  if (batch.weights.empty()) return;
  for (std::size_t r = 0; r < rows; ++r) {
    weights_[r] = own * batch.weights[r] + other * batch.weights[partners[r]];
  }
  out.weights = std::span<const T>(weights_).first(rows);
}

template <class T>
void Augmenter<T>::mix_targets(const Samples<T>& batch, double share, Samples<T>& out) {
  const std::size_t rows = batch.size(), each = targets_each_;
  std::fill(targets_.begin(), targets_.end(), T(0));
  const auto add = [&](std::size_t to_row, std::size_t from_row, T part) {
    T* to = targets_.data() + to_row * each;
    if (batch.labels.empty()) {
      for (std::size_t j = 0; j < each; ++j) to[j] += part * batch.targets.row(from_row)[j];
    } else if (each == 1) {
      to[0] += part * static_cast<T>(batch.labels[from_row]);
    } else {
      to[batch.labels[from_row]] += part;
    }
  };
  for (std::size_t r = 0; r < rows; ++r) {
    add(r, r, static_cast<T>(share));
    add(r, partners_[r], static_cast<T>(1 - share));
  }
  out.labels = {};
  out.targets = {targets_.data(), rows, each};
}

template <class T>
void Augmenter<T>::add_noise(double deviation, std::size_t rows, Rng& rng) {
  for (std::size_t r = 0; r < rows; ++r) {
    T* row = x_.data() + r * features_;
    for (std::size_t c = 0; c < features_; ++c) {
      if (codes_[c] == 0) row[c] += static_cast<T>(deviation * rng.normal());
    }
  }
}

template class Augmenter<float>;
template class Augmenter<double>;

}  // namespace caviar
