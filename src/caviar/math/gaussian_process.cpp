#include "caviar/math/gaussian_process.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace caviar {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

// Covariances of all rows of a with all rows of b: a's rows down, b's across.
Matrix covariance_matrix(const Kernel& kernel, const Inputs& a, const Inputs& b) {
  Matrix result(static_cast<Index>(a.rows), static_cast<Index>(b.rows));
  for (std::size_t j = 0; j < b.rows; ++j) {
    covariances(kernel, a, 0, b, j, {result.col(static_cast<Index>(j)).data(), a.rows});
  }
  return result;
}

// A function of waves whose covariance is on average that of a Matérn 5/2 kernel with variance 1:
// its spectral density is Student's t with five degrees of freedom.
class Waves {
 public:
  Waves(Index columns, int count, Rng& rng)
      : frequencies_(columns, count), phases_(count), heights_(count) {
    constexpr int freedom = 5;
    for (Index wave = 0; wave < count; ++wave) {
      double squares = 0;
      for (int k = 0; k < freedom; ++k) squares += std::pow(rng.normal(), 2);
      const double stretch = std::sqrt(freedom / squares);
      for (double& frequency : frequencies_.col(wave)) frequency = stretch * rng.normal();
      phases_[wave] = rng.uniform(0, 2 * std::numbers::pi);
      heights_[wave] = std::sqrt(2.0 / count) * rng.normal();
    }
  }

  Vector operator()(const Inputs& at) const {
    const Eigen::Map<const Matrix> rows(at.values.data(), static_cast<Index>(at.rows),
                                        static_cast<Index>(at.columns));
    const Matrix angles = (rows * frequencies_).rowwise() + phases_;
    return angles.array().cos().matrix() * heights_;
  }

 private:
  Matrix frequencies_;
  Eigen::RowVectorXd phases_;
  Vector heights_;
};

}  // namespace

struct GaussianProcess::Posterior {
  Embedding embedding;
  Kernel kernel;
  Inputs inputs;
  Eigen::LLT<Matrix> factor;
  Vector weights;  // K⁻¹ (y − mean)
  Vector noise;    // of each row
  double shift = 0, scale = 1;
  double log_likelihood = 0;

  Posterior(Embedding e, std::span<const double> points, std::span<const double> values,
            const Kernel& k)
      : embedding(std::move(e)),
        kernel(k),
        inputs(scaled_inputs(embedding, points, values.size(), kernel)) {
    const Standardised y = standardised(values);
    shift = y.shift;
    scale = y.scale;
    Matrix covariance = covariance_matrix(kernel, inputs, inputs);
    const Vector own = covariance.diagonal();
    const auto n = static_cast<Index>(values.size());
    const Vector seen = Eigen::Map<const Vector>(y.values.data(), n);
    const Vector residual = seen.array() - kernel.mean;
    noise = Vector::Constant(n, kernel.noise);
    covariance.diagonal() += noise;
    solve(covariance, residual);
    if (kernel.noise_growth != 0) {
      // The levels are those that even noise would give: they must be known beforehand.
      noise = seen - kernel.noise * weights;
      for (double& level : noise) level = noise_at(kernel, level);
      covariance.diagonal() = own + noise;
      solve(covariance, residual);
    }
    log_likelihood = -0.5 * residual.dot(weights) -
                     factor.matrixLLT().diagonal().array().log().sum() -
                     0.5 * static_cast<double>(n) * std::log(2 * std::numbers::pi);
  }

  void solve(const Matrix& covariance, const Vector& residual) {
    factor.compute(covariance);
    if (factor.info() == Eigen::Success) weights = factor.solve(residual);
    if (factor.info() != Eigen::Success || !weights.allFinite()) {
      throw std::runtime_error("the covariance cannot be factorised");
    }
  }

  // Points, row after row, in the kernel's own coordinates.
  Inputs inputs_of(std::span<const double> points) const {
    const std::size_t axes = embedding.axes().size();
    return scaled_inputs(embedding, points, axes == 0 ? 1 : points.size() / axes, kernel);
  }

  Prediction prediction(double mean, double variance) const {
    return {shift + scale * mean, scale * scale * std::max(variance, 0.0)};
  }
};

GaussianProcess GaussianProcess::fit(std::vector<Axis> axes, std::span<const double> points,
                                     std::span<const double> values, const Learning& learning) {
  const Kernel kernel = likely_kernels(axes, points, values, learning).front();
  return {std::move(axes), points, values, kernel};
}

GaussianProcess::GaussianProcess(std::vector<Axis> axes, std::span<const double> points,
                                 std::span<const double> values, const Kernel& kernel) {
  assert(!values.empty() && points.size() == values.size() * axes.size());
  assert(kernel.lengths.size() == axes.size());
  posterior_ =
      std::make_shared<Posterior>(Embedding(std::move(axes), points), points, values, kernel);
}

GaussianProcess::Prediction GaussianProcess::predict(std::span<const double> point) const {
  return predict_all(point).front();
}

std::vector<GaussianProcess::Prediction> GaussianProcess::predict_all(
    std::span<const double> points) const {
  const Posterior& p = *posterior_;
  const Inputs z = p.inputs_of(points);
  Matrix k = covariance_matrix(p.kernel, p.inputs, z);
  const Vector means = k.transpose() * p.weights;
  p.factor.matrixL().solveInPlace(k);
  const Vector explained = k.colwise().squaredNorm();
  std::vector<Prediction> result;
  result.reserve(z.rows);
  for (std::size_t i = 0; i < z.rows; ++i) {
    const auto row = static_cast<Index>(i);
    result.push_back(
        p.prediction(p.kernel.mean + means[row], own_variance(p.kernel, z, i) - explained[row]));
  }
  return result;
}

std::vector<double> GaussianProcess::means(std::span<const double> points) const {
  const Posterior& p = *posterior_;
  const Inputs z = p.inputs_of(points);
  Vector k(static_cast<Index>(p.inputs.rows));
  std::vector<double> result;
  result.reserve(z.rows);
  for (std::size_t row = 0; row < z.rows; ++row) {
    covariances(p.kernel, p.inputs, 0, z, row, {k.data(), p.inputs.rows});
    result.push_back(p.shift + p.scale * (p.kernel.mean + k.dot(p.weights)));
  }
  return result;
}

std::vector<std::vector<double>> GaussianProcess::draws(std::span<const double> points, int count,
                                                        int features, Rng& rng) const {
  const Posterior& p = *posterior_;
  assert(p.kernel.bowl == 0);
  const Inputs z = p.inputs_of(points);
  const Matrix k = covariance_matrix(p.kernel, p.inputs, z);
  const double height = std::sqrt(p.kernel.amplitude);
  std::vector<std::vector<double>> result;
  for (int draw = 0; draw < count; ++draw) {
    const Waves waves(static_cast<Index>(z.columns), features, rng);
    Vector off = -height * waves(p.inputs);
    for (Index row = 0; row < off.size(); ++row) off[row] += std::sqrt(p.noise[row]) * rng.normal();
    const Vector values = height * waves(z) + k.transpose() * (p.weights + p.factor.solve(off));
    result.emplace_back();
    for (const double value : values) {
      result.back().push_back(p.shift + p.scale * (p.kernel.mean + value));
    }
  }
  return result;
}

GaussianProcess::Slope GaussianProcess::slope(std::span<const double> point) const {
  const Posterior& p = *posterior_;
  const auto n = static_cast<Index>(p.inputs.rows);
  const Inputs z = scaled_inputs(p.embedding, point, 1, p.kernel);
  Vector k(n), fall(n), roots = Vector::Zero(n);
  const std::span<double> squared(k.data(), p.inputs.rows);
  squared_distances(p.inputs, 0, z, 0, squared);
  matern(squared, {fall.data(), p.inputs.rows});
  k *= p.kernel.amplitude;
  if (p.kernel.bowl > 0) {
    bowl_roots(p.inputs, 0, z, 0, {roots.data(), p.inputs.rows});
    k.array() += p.kernel.bowl * roots.array().square();
  }
  const Vector solved = p.factor.solve(k);
  const double own = own_variance(p.kernel, z, 0);
  Slope result;
  result.at = p.prediction(p.kernel.mean + k.dot(p.weights), own - k.dot(solved));
  result.mean.assign(point.size(), 0.0);
  result.variance.assign(point.size(), 0.0);
  // Of the bowl at the point itself: bowl · (1 + z·z)².
  const double bend = p.kernel.bowl > 0 ? std::sqrt((own - p.kernel.amplitude) * p.kernel.bowl) : 0;
  for (std::size_t c = 0; c < p.embedding.numeric(); ++c) {
    const std::size_t axis = p.embedding.axis_of(c);
    if (std::isnan(point[axis])) continue;
    const Eigen::Map<const Vector> column(p.inputs.column(c).data(), n);
    const double x = z.at(0, c);
    const double length = p.kernel.lengths[axis] /
                          (p.kernel.warps.empty() ? 1 : p.kernel.warps[axis].slope(point[axis]));
    // ∂k/∂x = k'(r²) · 2 (z − z_i) / length, and of the bowl 2 bowl (1 + z·z_i) z_i / length
    const Vector rise = (2 / length) * (p.kernel.amplitude * fall.array() * (x - column.array()) +
                                        p.kernel.bowl * roots.array() * column.array());
    result.mean[axis] = p.scale * rise.dot(p.weights);
    result.variance[axis] = p.scale * p.scale * (4 * bend * x / length - 2 * rise.dot(solved));
  }
  return result;
}

const Kernel& GaussianProcess::kernel() const { return posterior_->kernel; }

double GaussianProcess::noise_variance(double value) const {
  const Posterior& p = *posterior_;
  return noise_at(p.kernel, (value - p.shift) / p.scale) * p.scale * p.scale;
}

double GaussianProcess::log_marginal_likelihood() const { return posterior_->log_likelihood; }

}  // namespace caviar
