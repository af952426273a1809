#include "caviar/math/kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <Eigen/Core>

namespace caviar {
namespace {

constexpr double half_root = std::numbers::sqrt2 / 2;

double label_of(double coordinate) { return std::isnan(coordinate) ? -1 : coordinate; }

Eigen::Map<Eigen::ArrayXd> array(std::span<double> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

// Rows of one column from `first` on.
Eigen::Map<const Eigen::ArrayXd> array(const Inputs& inputs, std::size_t column,
                                       std::size_t first) {
  const std::span<const double> rows = inputs.column(column).subspan(first);
  return {rows.data(), static_cast<Eigen::Index>(rows.size())};
}

}  // namespace

Embedding::Embedding(std::vector<Axis> axes, std::span<const double> points)
    : axes_(std::move(axes)) {
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (!axes_[a].categorical) columns_.push_back({a, std::nan("")});
  }
  numeric_ = columns_.size();
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (!axes_[a].categorical) continue;
    columns_.push_back({a, std::nan("")});
    std::vector<double> labels;
    for (std::size_t i = a; i < points.size(); i += axes_.size()) {
      labels.push_back(label_of(points[i]));
    }
    std::ranges::sort(labels);
    const auto repeated = std::ranges::unique(labels);
    labels.erase(repeated.begin(), repeated.end());
    for (const double label : labels) columns_.push_back({a, label});
  }
}

std::vector<double> Embedding::embed(std::span<const double> points, std::size_t rows) const {
  std::vector<double> result(rows * columns_.size());
  for (std::size_t i = 0; i < rows; ++i) {
    bool seen = false;
    // From the last column to the first: a label's own columns come before the unseen one's turn.
    for (std::size_t c = columns_.size(); c-- > 0;) {
      const auto [axis, label] = columns_[c];
      const double x = points[i * axes_.size() + axis];
      double& entry = result[c * rows + i];
      if (c < numeric_) {
        entry = std::isnan(x) ? 0 : x - 0.5;
      } else if (std::isnan(label)) {
        entry = seen ? 0 : half_root;
        seen = false;
      } else {
        const bool same = label_of(x) == label;
        seen = seen || same;
        entry = same ? half_root : 0;
      }
    }
  }
  return result;
}

double noise_at(const Kernel& kernel, double level) {
  return kernel.noise_growth == 0 ? kernel.noise
                                  : kernel.noise * std::exp(kernel.noise_growth * level);
}

Inputs scaled_inputs(const Embedding& embedding, std::span<const double> points, std::size_t rows,
                     const Kernel& kernel) {
  return scaled_inputs(embedding, kernel, embedding.embed(points, rows), rows);
}

Inputs scaled_inputs(const Embedding& embedding, const Kernel& kernel, std::vector<double> embedded,
                     std::size_t rows) {
  Inputs result{std::move(embedded), rows, embedding.columns(), embedding.numeric()};
  for (std::size_t c = 0; c < result.columns; ++c) {
    const std::size_t axis = embedding.axis_of(c);
    auto column = array(std::span(result.values).subspan(c * result.rows, result.rows));
    if (c < result.numeric && !kernel.warps.empty()) {
      for (double& x : column) x = kernel.warps[axis](x + 0.5) - 0.5;
    }
    column /= kernel.lengths[axis];
  }
  return result;
}

void squared_distances(const Inputs& a, std::size_t first, const Inputs& b, std::size_t of,
                       std::span<double> result) {
  std::ranges::fill(result, 0.0);
  for (std::size_t c = 0; c < a.columns; ++c) {
    array(result) += (array(a, c, first) - b.at(of, c)).square();
  }
}

void bowl_roots(const Inputs& a, std::size_t first, const Inputs& b, std::size_t of,
                std::span<double> result) {
  std::ranges::fill(result, 1.0);
  for (std::size_t c = 0; c < a.numeric; ++c) array(result) += array(a, c, first) * b.at(of, c);
}

void matern(std::span<double> squared, std::span<double> slope) {
  // In pieces that stay in the first cache.
  constexpr std::size_t piece = 256;
  for (std::size_t at = 0; at < squared.size(); at += piece) {
    const std::size_t count = std::min(piece, squared.size() - at);
    auto value = array(squared.subspan(at, count));
    const Eigen::Array<double, Eigen::Dynamic, 1, 0, piece, 1> s = (5 * value).sqrt(),
                                                               decay = (-s).exp();
    value = (1 + s + value * (5.0 / 3)) * decay;
    if (!slope.empty()) array(slope.subspan(at, count)) = (-5.0 / 6) * (1 + s) * decay;
  }
}

void covariances(const Kernel& kernel, const Inputs& a, std::size_t first, const Inputs& b,
                 std::size_t of, std::span<double> result) {
  squared_distances(a, first, b, of, result);
  matern(result);
  array(result) *= kernel.amplitude;
  if (!(kernel.bowl > 0)) return;
  std::vector<double> roots(result.size());
  bowl_roots(a, first, b, of, roots);
  array(result) += kernel.bowl * array(roots).square();
}

double own_variance(const Kernel& kernel, const Inputs& inputs, std::size_t row) {
  if (!(kernel.bowl > 0)) return kernel.amplitude;
  double root = 1;
  for (std::size_t c = 0; c < inputs.numeric; ++c) root += inputs.at(row, c) * inputs.at(row, c);
  return kernel.amplitude + kernel.bowl * root * root;
}

}  // namespace caviar
