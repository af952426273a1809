#include "caviar/math/kernel_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace caviar {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

Index as_index(std::size_t size) { return static_cast<Index>(size); }
std::span<double> below(Matrix& matrix, Index column) {
  return {&matrix(column, column), static_cast<std::size_t>(matrix.rows() - column)};
}

// K⁻¹ in the lower triangle, K = L Lᵀ: L⁻¹ by blocks of columns, then L⁻ᵀ L⁻¹ by blocks of rows,
// passing over the zeros of L⁻¹: a third of what solving for all unit vectors takes.
Matrix inverse(const Eigen::LLT<Matrix>& factor) {
  constexpr Index block = 24;
  const Matrix& lower = factor.matrixLLT();
  const Index n = lower.rows();
  Matrix root = Matrix::Zero(n, n), result = Matrix::Zero(n, n);
  for (Index j = 0; j < n; j += block) {
    const Index width = std::min(block, n - j), left = n - j;
    auto part = root.block(j, j, left, width);
    part.topRows(width).setIdentity();
    lower.block(j, j, left, left).triangularView<Eigen::Lower>().solveInPlace(part);
  }
  for (Index k = 0; k < n; k += block) {
    const Index height = std::min(block, n - k), size = k + height;
    result.topLeftCorner(size, size)
        .selfadjointView<Eigen::Lower>()
        .rankUpdate(root.block(k, 0, height, size).transpose());
  }
  return result;
}

Inputs inputs_of(const KernelData& data, const Kernel& kernel) {
  return scaled_inputs(data.embedding, kernel, data.embedded, data.values.size());
}

// Of each row.
Vector noise_of(const KernelData& data, const Kernel& kernel) {
  Vector result = Vector::Constant(as_index(data.values.size()), kernel.noise);
  for (std::size_t row = 0; row < data.levels.size(); ++row) {
    result[as_index(row)] = noise_at(kernel, data.levels[row]);
  }
  return result;
}

Eigen::Map<const Vector> values_of(const KernelData& data) {
  return {data.values.data(), as_index(data.values.size())};
}

// A covariance, factorised, and what the values say under it.
struct Fit {
  Eigen::LLT<Matrix> factor;
  Vector weights;  // K⁻¹ (y − mean)
  double log_likelihood = 0;
};
std::optional<Fit> fitted(const Matrix& covariance, const Eigen::Map<const Vector>& values,
                          const Kernel& kernel) {
  Fit fit{Eigen::LLT<Matrix>(covariance), {}, 0};
  if (fit.factor.info() != Eigen::Success) return std::nullopt;
  const Vector residual = values.array() - kernel.mean;
  fit.weights = fit.factor.solve(residual);
  fit.log_likelihood = -0.5 * residual.dot(fit.weights) -
                       fit.factor.matrixLLT().diagonal().array().log().sum() -
                       0.5 * static_cast<double>(values.size()) * std::log(2 * std::numbers::pi);
  if (!std::isfinite(fit.log_likelihood)) return std::nullopt;
  return fit;
}

// The lower triangle, without noise.
Matrix covariance_of(const KernelData& data, const Kernel& kernel) {
  const Inputs z = inputs_of(data, kernel);
  const Index n = as_index(data.values.size());
  Matrix covariance(n, n);
  for (Index j = 0; j < covariance.cols(); ++j) {
    const auto row = static_cast<std::size_t>(j);
    covariances(kernel, z, row, z, row, below(covariance, j));
  }
  return covariance;
}

// Only lower triangles are computed.
class Density {
 public:
  Density(const KernelData& data, std::span<const double> theta)
      : data_(data),
        theta_(theta),
        kernel_(unpacked(theta, data.layout)),
        z_(inputs_of(data, kernel_)),
        n_(as_index(data.values.size())) {}

  double operator()(std::span<double> gradient) {
    correlate();
    Matrix covariance = kernel_.amplitude * correlation_;
    if (kernel_.bowl > 0) covariance.array() += kernel_.bowl * roots_.array().square();
    covariance.diagonal() += noise_of(data_, kernel_);
    const std::optional<Fit> fit = fitted(covariance, values_of(data_), kernel_);
    if (!fit) return -INFINITY;
    // Twice the derivative by a parameter is Σ (ααᵀ − K⁻¹) ∘ ∂K.
    pull_ = -inverse(fit->factor);
    pull_.selfadjointView<Eigen::Lower>().rankUpdate(fit->weights);
    differentiate(gradient);
    gradient[data_.layout.mean()] = fit->weights.sum();
    double density = fit->log_likelihood;
    for (std::size_t i = 0; i < theta_.size(); ++i) {
      density += data_.prior[i].log_density(theta_[i]);
      gradient[i] += data_.prior[i].slope(theta_[i]);
    }
    return density;
  }

 private:
  void correlate() {
    correlation_.setZero(n_, n_);
    slope_.setZero(n_, n_);
    if (kernel_.bowl > 0) roots_.setZero(n_, n_);
    for (Index j = 0; j < n_; ++j) {
      const auto row = static_cast<std::size_t>(j);
      squared_distances(z_, row, z_, row, below(correlation_, j));
      matern(below(correlation_, j), below(slope_, j));
      if (kernel_.bowl > 0) bowl_roots(z_, row, z_, row, below(roots_, j));
    }
  }

  void differentiate(std::span<double> gradient) {
    const KernelLayout& at = data_.layout;
    bend_columns();
    std::ranges::fill(gradient, 0.0);
    differentiate_noise(gradient);
    for (Index j = 0; j < n_; ++j) {
      const Index left = n_ - j;
      // Every entry below the diagonal stands for two.
      const auto pull = pull_.col(j).tail(left).array();
      gradient[at.amplitude()] +=
          kernel_.amplitude * ((pull * correlation_.col(j).tail(left).array()).sum() -
                               0.5 * pull[0] * correlation_(j, j));
      // ∂r²/∂log length = −2 Δz²
      const Vector drag = 2 * kernel_.amplitude * pull * slope_.col(j).tail(left).array();
      for (std::size_t c = 0; c < z_.columns; ++c) {
        const auto column = column_of(c);
        gradient[data_.embedding.axis_of(c)] -=
            (drag.array() * (column.tail(left).array() - column[j]).square()).sum();
      }
      if (kernel_.bowl > 0) bend(j, gradient);
      for (std::size_t k = 0; k < bends_.size(); ++k) {
        // ∂r²/∂p = 2 Δz ∂Δz/∂p
        const auto column = column_of(k / 2);
        gradient[warps_at(k)] += (drag.array() * (column.tail(left).array() - column[j]) *
                                  (bends_[k].tail(left).array() - bends_[k][j]))
                                     .sum();
      }
    }
  }

  void differentiate_noise(std::span<double> gradient) {
    const Vector pull = 0.5 * pull_.diagonal().cwiseProduct(noise_of(data_, kernel_));
    gradient[data_.layout.noise()] = pull.sum();
    for (std::size_t row = 0; row < data_.levels.size(); ++row) {
      gradient[data_.layout.growth()] += pull[as_index(row)] * data_.levels[row];
    }
  }

  // Place of log a or log b in theta; two of bends_ a numeric column.
  std::size_t warps_at(std::size_t k) const {
    return data_.layout.warp(data_.embedding.axis_of(k / 2)) + k % 2;
  }

  // Derivatives of the numeric columns by log a and log b of their axes.
  void bend_columns() {
    bends_.assign(kernel_.warps.empty() ? 0 : 2 * z_.numeric, Vector(n_));
    for (std::size_t k = 0; k + 1 < bends_.size(); k += 2) {
      const std::size_t axis = data_.embedding.axis_of(k / 2);
      for (Index i = 0; i < n_; ++i) {
        const double x = data_.embedded[k / 2 * z_.rows + static_cast<std::size_t>(i)] + 0.5;
        const Warp::Bend bend = kernel_.warps[axis].bend(x);
        bends_[k][i] = bend.by_log_a / kernel_.lengths[axis];
        bends_[k + 1][i] = bend.by_log_b / kernel_.lengths[axis];
      }
    }
  }

  // The quadratic's share of column j.
  void bend(Index j, std::span<double> gradient) {
    const Index left = n_ - j;
    Vector bent = kernel_.bowl * pull_.col(j).tail(left).array() * roots_.col(j).tail(left).array();
    bent[0] *= 0.5;
    gradient[data_.layout.bowl_at()] += bent.dot(roots_.col(j).tail(left));
    for (std::size_t c = 0; c < z_.numeric; ++c) {
      const auto column = column_of(c);
      gradient[data_.embedding.axis_of(c)] -= 4 * column[j] * bent.dot(column.tail(left));
    }
  }

  Eigen::Map<const Vector> column_of(std::size_t c) const { return {z_.column(c).data(), n_}; }

  const KernelData& data_;
  std::span<const double> theta_;
  Kernel kernel_;
  Inputs z_;
  Index n_;
  Matrix correlation_, slope_, roots_, pull_;
  std::vector<Vector> bends_;
};

}  // namespace

// Length scales grow with the root of the dimensions, as distances in the cube do (Hvarfner et al.,
// "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024). Beside a bowl the
// rest of the function may be nearly nothing.
std::vector<KernelPrior> kernel_priors(std::span<const Axis> axes, const KernelLayout& layout,
                                       double least_noise) {
  const double width = std::sqrt(static_cast<double>(std::max<std::size_t>(axes.size(), 1)));
  std::vector<KernelPrior> result;
  for (const Axis& axis : axes) {
    result.push_back({std::log(0.5 * width * axis.length), 1, {std::log(0.01), std::log(1000.0)}});
  }
  const KernelPrior amplitude{0, 1, {std::log(0.01), std::log(1000.0)}};
  const KernelPrior rest{std::log(0.1), 2.5, {std::log(1e-8), std::log(1000.0)}};
  result.push_back(layout.bowl ? rest : amplitude);
  result.push_back({std::log(1e-4), 2, {std::log(least_noise), std::log(2.0)}});
  result.push_back({0, 1, {-5, 5}});  // mean
  if (layout.bowl) result.push_back({0, 2, {std::log(1e-6), std::log(1e4)}});
  if (layout.heteroscedastic) result.push_back({0, 1, {0, 3}});
  if (layout.warped) result.insert(result.end(), 2 * axes.size(), {0, 0.5, {-2, 2}});
  return result;
}

std::vector<double> packed(const Kernel& kernel, const KernelLayout& layout) {
  std::vector<double> theta;
  for (const double length : kernel.lengths) theta.push_back(std::log(length));
  theta.insert(theta.end(), {std::log(kernel.amplitude), std::log(kernel.noise), kernel.mean});
  if (layout.bowl) theta.push_back(std::log(kernel.bowl));
  if (layout.heteroscedastic) theta.push_back(kernel.noise_growth);
  for (const Warp& warp : kernel.warps) {
    theta.insert(theta.end(), {std::log(warp.a), std::log(warp.b)});
  }
  return theta;
}

Kernel unpacked(std::span<const double> theta, const KernelLayout& layout) {
  Kernel kernel;
  for (const double x : theta.first(layout.axes)) kernel.lengths.push_back(std::exp(x));
  kernel.amplitude = std::exp(theta[layout.amplitude()]);
  kernel.noise = std::exp(theta[layout.noise()]);
  kernel.mean = theta[layout.mean()];
  if (layout.bowl) kernel.bowl = std::exp(theta[layout.bowl_at()]);
  if (layout.heteroscedastic) kernel.noise_growth = theta[layout.growth()];
  for (std::size_t axis = 0; layout.warped && axis < layout.axes; ++axis) {
    const std::size_t at = layout.warp(axis);
    kernel.warps.push_back({std::exp(theta[at]), std::exp(theta[at + 1])});
  }
  return kernel;
}

double log_density(const KernelData& data, std::span<const double> theta,
                   std::span<double> gradient) {
  return Density(data, theta)(gradient);
}

double log_likelihood(const KernelData& data, std::span<const double> theta) {
  const Kernel kernel = unpacked(theta, data.layout);
  Matrix covariance = covariance_of(data, kernel);
  covariance.diagonal() += noise_of(data, kernel);
  const std::optional<Fit> fit = fitted(covariance, values_of(data), kernel);
  return fit ? fit->log_likelihood : -INFINITY;
}

std::vector<double> levels_under(const KernelData& data, const Kernel& kernel) {
  Matrix covariance = covariance_of(data, kernel);
  covariance.diagonal().array() += kernel.noise;
  const std::optional<Fit> fit = fitted(covariance, values_of(data), kernel);
  if (!fit) throw std::runtime_error("the covariance cannot be factorised");
  const Vector levels = values_of(data) - kernel.noise * fit->weights;
  return {levels.begin(), levels.end()};
}

}  // namespace caviar
