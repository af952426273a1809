#include "caviar/math/gaussian_process.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "caviar/math/minimize.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

Index as_index(std::size_t size) { return static_cast<Index>(size); }

// Points as rows of ordinary coordinates, whose squared distances are the kernel's: one column a
// numeric axis, one a label of a categorical axis (and one for labels never seen), each √½ where it
// applies, so that two different labels lie 1 apart.
class Embedding {
 public:
  Embedding(std::vector<Axis> axes, std::span<const double> points) : axes_(std::move(axes)) {
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      columns_.push_back({a, std::nan("")});
      if (!axes_[a].categorical) continue;
      std::vector<double> labels;
      for (std::size_t i = a; i < points.size(); i += axes_.size()) {
        labels.push_back(label(points[i]));
      }
      std::ranges::sort(labels);
      const auto repeated = std::ranges::unique(labels);
      labels.erase(repeated.begin(), repeated.end());
      for (const double value : labels) columns_.push_back({a, value});
    }
  }

  const std::vector<Axis>& axes() const { return axes_; }
  std::size_t columns() const { return columns_.size(); }
  std::size_t axis_of(std::size_t column) const { return columns_[column].axis; }

  Matrix embed(std::span<const double> points, std::size_t rows) const {
    Matrix result(as_index(rows), as_index(columns_.size()));
    for (std::size_t i = 0; i < rows; ++i) {
      bool seen = false;
      // From the last column to the first: a label's own columns come before the unseen one's turn.
      for (std::size_t c = columns_.size(); c-- > 0;) {
        const auto [axis, value] = columns_[c];
        const double x = points[i * axes_.size() + axis];
        double& entry = result(as_index(i), as_index(c));
        if (!axes_[axis].categorical) {
          entry = std::isnan(x) ? 0.5 : x;
        } else if (std::isnan(value)) {
          entry = seen ? 0 : half_root;
          seen = false;
        } else {
          const bool same = label(x) == value;
          seen = seen || same;
          entry = same ? half_root : 0;
        }
      }
    }
    return result;
  }

 private:
  static constexpr double half_root = std::numbers::sqrt2 / 2;
  struct Column {
    std::size_t axis;
    double label;  // NaN: the numeric axis itself, or any label never seen
  };

  static double label(double coordinate) { return std::isnan(coordinate) ? -1 : coordinate; }

  std::vector<Axis> axes_;
  std::vector<Column> columns_;
};

Matrix scaled(const Embedding& embedding, Matrix points, const Kernel& kernel) {
  for (std::size_t c = 0; c < embedding.columns(); ++c) {
    points.col(as_index(c)) /= kernel.lengths[embedding.axis_of(c)];
  }
  return points;
}

Matrix squared_distances(const Matrix& a, const Matrix& b) {
  Matrix result = -2 * a * b.transpose();
  result.colwise() += a.rowwise().squaredNorm();
  result.rowwise() += b.rowwise().squaredNorm().transpose();
  return result.cwiseMax(0);  // what cancellation left below zero
}

// Matérn 5/2 as a function of r² (Rasmussen and Williams, equation 4.17), and its derivative.
struct Correlation {
  Matrix value, slope;
};
Correlation correlation(const Matrix& squared) {
  const Eigen::ArrayXXd s = (5 * squared.array()).sqrt();
  const Eigen::ArrayXXd decay = (-s).exp();
  return {((1 + s + squared.array() * (5.0 / 3)) * decay).matrix(),
          ((-5.0 / 6) * (1 + s) * decay).matrix()};
}
Matrix correlation_value(const Matrix& squared) {
  const Eigen::ArrayXXd s = (5 * squared.array()).sqrt();
  return ((1 + s + squared.array() * (5.0 / 3)) * (-s).exp()).matrix();
}

// The prior of every hyperparameter is normal in its logarithm (the mean's is plain).
struct Prior {
  double centre, deviation;
  Bounds bounds;

  double log_density(double x) const {
    const double z = (x - centre) / deviation;
    return -0.5 * z * z;
  }
  double slope(double x) const { return -(x - centre) / (deviation * deviation); }
};

// Length scales grow with the root of the dimensions, as distances in the cube do (Hvarfner et al.,
// "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024).
std::vector<Prior> priors(std::span<const Axis> axes) {
  const double width = std::sqrt(static_cast<double>(std::max<std::size_t>(axes.size(), 1)));
  std::vector<Prior> result;
  for (const Axis& axis : axes) {
    result.push_back({std::log(0.5 * width * axis.length), 1, {std::log(0.01), std::log(1000.0)}});
  }
  result.push_back({0, 1, {std::log(0.01), std::log(1000.0)}});            // amplitude
  result.push_back({std::log(1e-4), 2, {std::log(1e-7), std::log(2.0)}});  // noise
  result.push_back({0, 1, {-5, 5}});                                       // mean
  return result;
}

std::vector<double> packed(const Kernel& kernel) {
  std::vector<double> theta;
  for (const double length : kernel.lengths) theta.push_back(std::log(length));
  theta.insert(theta.end(), {std::log(kernel.amplitude), std::log(kernel.noise), kernel.mean});
  return theta;
}

Kernel unpacked(std::span<const double> theta) {
  const std::size_t axes = theta.size() - 3;
  Kernel kernel;
  for (const double x : theta.first(axes)) kernel.lengths.push_back(std::exp(x));
  kernel.amplitude = std::exp(theta[axes]);
  kernel.noise = std::exp(theta[axes + 1]);
  kernel.mean = theta[axes + 2];
  return kernel;
}

double log_likelihood(const Eigen::LLT<Matrix>& factor, const Vector& residual,
                      const Vector& weights) {
  const auto n = static_cast<double>(residual.size());
  return -0.5 * residual.dot(weights) - factor.matrixLLT().diagonal().array().log().sum() -
         0.5 * n * std::log(2 * std::numbers::pi);
}

// Log likelihood plus log prior, with the gradient (Rasmussen and Williams, equations 2.30, 5.9).
// −∞ where the covariance cannot be factorised.
double posterior_density(const Embedding& embedding, const Matrix& embedded, const Vector& values,
                         std::span<const double> theta, std::span<double> gradient) {
  const std::size_t axes = embedding.axes().size();
  const Kernel kernel = unpacked(theta);
  const Matrix z = scaled(embedding, embedded, kernel);
  Correlation k = correlation(squared_distances(z, z));
  Matrix covariance = kernel.amplitude * k.value;
  covariance.diagonal().array() += kernel.noise;
  const Eigen::LLT<Matrix> factor(covariance);
  if (factor.info() != Eigen::Success) return -INFINITY;
  const Vector residual = values.array() - kernel.mean;
  const Vector weights = factor.solve(residual);
  double density = log_likelihood(factor, residual, weights);

  // Twice the derivative by a parameter is Σ (ααᵀ − K⁻¹) ∘ ∂K.
  Matrix pull = weights * weights.transpose();
  pull -= factor.solve(Matrix::Identity(values.size(), values.size()));
  std::ranges::fill(gradient, 0.0);
  gradient[axes] = 0.5 * kernel.amplitude * pull.cwiseProduct(k.value).sum();
  gradient[axes + 1] = 0.5 * kernel.noise * pull.trace();
  gradient[axes + 2] = weights.sum();
  // ∂r²/∂log length = −2 Δz²; Σ_ij P_ij (z_i − z_j)² = 2 (Σ_i z_i² ΣP_i − zᵀPz).
  pull.array() *= kernel.amplitude * k.slope.array();
  const Vector sums = pull.rowwise().sum();
  const Matrix image = pull * z;
  for (std::size_t c = 0; c < embedding.columns(); ++c) {
    const auto column = z.col(as_index(c));
    gradient[embedding.axis_of(c)] -= 2 * (column.array().square() * sums.array() -
                                           column.array() * image.col(as_index(c)).array())
                                              .sum();
  }
  const std::vector<Prior> prior = priors(embedding.axes());
  for (std::size_t i = 0; i < theta.size(); ++i) {
    density += prior[i].log_density(theta[i]);
    gradient[i] += prior[i].slope(theta[i]);
  }
  return density;
}

struct Standardised {
  Vector values;
  double shift = 0, scale = 1;
};
Standardised standardised(std::span<const double> values) {
  Standardised result;
  result.shift = mean(values);
  const double deviation = standard_deviation(values);
  if (deviation > 0 && std::isfinite(deviation)) result.scale = deviation;
  result.values = Eigen::Map<const Vector>(values.data(), as_index(values.size()));
  result.values = (result.values.array() - result.shift) / result.scale;
  return result;
}

// MAP from two starts: the middle of the priors, and a rough, noisy function.
Kernel most_probable(const Embedding& embedding, const Matrix& embedded, const Vector& values) {
  const std::vector<Prior> prior = priors(embedding.axes());
  const Differentiable loss = [&](std::span<const double> theta, std::span<double> gradient) {
    const double density = posterior_density(embedding, embedded, values, theta, gradient);
    for (double& entry : gradient) entry = -entry;
    return -density;
  };
  std::vector<double> smooth, rough;
  std::vector<Bounds> bounds;
  for (const Prior& p : prior) {
    smooth.push_back(p.centre);
    rough.push_back(p.centre - (rough.size() < embedding.axes().size() ? 1 : 0));
    bounds.push_back(p.bounds);
  }
  rough[rough.size() - 2] = std::log(0.1);
  const MinimizeOptions options{.max_iterations = 40,
                                .max_evaluations = 60,
                                .gradient_tolerance = 1e-3,
                                .value_tolerance = 1e-6};
  const Minimum first = minimize(loss, smooth, bounds, options);
  const Minimum second = minimize(loss, rough, bounds, options);
  const Minimum& best = second.value < first.value ? second : first;
  if (!std::isfinite(best.value)) throw std::runtime_error("no kernel fits the values");
  return unpacked(best.x);
}

}  // namespace

struct GaussianProcess::Posterior {
  Embedding embedding;
  Kernel kernel;
  Matrix inputs;  // rows × columns, scaled by the lengths
  Eigen::LLT<Matrix> factor;
  Vector weights;  // K⁻¹ (y − mean)
  double shift = 0, scale = 1;
  double log_likelihood = 0;

  Posterior(Embedding e, std::span<const double> points, std::span<const double> values,
            const Kernel& k)
      : embedding(std::move(e)), kernel(k) {
    const Standardised y = standardised(values);
    shift = y.shift;
    scale = y.scale;
    inputs = scaled(embedding, embedding.embed(points, values.size()), kernel);
    Matrix covariance = kernel.amplitude * correlation_value(squared_distances(inputs, inputs));
    covariance.diagonal().array() += kernel.noise;
    factor.compute(covariance);
    const Vector residual = y.values.array() - kernel.mean;
    if (factor.info() == Eigen::Success) weights = factor.solve(residual);
    if (factor.info() != Eigen::Success || !weights.allFinite()) {
      throw std::runtime_error("the covariance cannot be factorised");
    }
    log_likelihood = caviar::log_likelihood(factor, residual, weights);
  }

  Prediction prediction(double mean, double variance) const {
    return {shift + scale * mean, scale * scale * std::max(variance, 0.0)};
  }
};

GaussianProcess GaussianProcess::fit(std::vector<Axis> axes, std::span<const double> points,
                                     std::span<const double> values) {
  const Embedding embedding(axes, points);
  const Kernel kernel =
      most_probable(embedding, embedding.embed(points, values.size()), standardised(values).values);
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
  const std::size_t axes = p.embedding.axes().size();
  const std::size_t rows = axes == 0 ? 1 : points.size() / axes;
  const Matrix z = scaled(p.embedding, p.embedding.embed(points, rows), p.kernel);
  Matrix k = p.kernel.amplitude * correlation_value(squared_distances(p.inputs, z));
  const Vector means = k.transpose() * p.weights;
  p.factor.matrixL().solveInPlace(k);
  const Vector explained = k.colwise().squaredNorm();
  std::vector<Prediction> result;
  result.reserve(static_cast<std::size_t>(means.size()));
  for (Index i = 0; i < means.size(); ++i) {
    result.push_back(p.prediction(p.kernel.mean + means[i], p.kernel.amplitude - explained[i]));
  }
  return result;
}

GaussianProcess::Slope GaussianProcess::slope(std::span<const double> point) const {
  const Posterior& p = *posterior_;
  const Matrix z = scaled(p.embedding, p.embedding.embed(point, 1), p.kernel);
  Correlation k = correlation(squared_distances(p.inputs, z));
  k.value *= p.kernel.amplitude;
  k.slope *= p.kernel.amplitude;
  const Vector solved = p.factor.solve(k.value.col(0));
  Slope result;
  result.at = p.prediction(p.kernel.mean + k.value.col(0).dot(p.weights),
                           p.kernel.amplitude - k.value.col(0).dot(solved));
  result.mean.assign(point.size(), 0.0);
  result.variance.assign(point.size(), 0.0);
  for (std::size_t c = 0; c < p.embedding.columns(); ++c) {
    const std::size_t axis = p.embedding.axis_of(c);
    if (p.embedding.axes()[axis].categorical || std::isnan(point[axis])) continue;
    // ∂k/∂x = k'(r²) · 2 (z − z_i) / length
    const auto column = as_index(c);
    const Vector rise = k.slope.col(0).array() * (z(0, column) - p.inputs.col(column).array()) *
                        (2 / p.kernel.lengths[axis]);
    result.mean[axis] = p.scale * rise.dot(p.weights);
    result.variance[axis] = -2 * p.scale * p.scale * rise.dot(solved);
  }
  return result;
}

const Kernel& GaussianProcess::kernel() const { return posterior_->kernel; }

double GaussianProcess::noise_variance() const {
  return posterior_->kernel.noise * posterior_->scale * posterior_->scale;
}

double GaussianProcess::log_marginal_likelihood() const { return posterior_->log_likelihood; }

double log_posterior_density(std::span<const Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<double> gradient) {
  const Embedding embedding({axes.begin(), axes.end()}, points);
  const Vector y = Eigen::Map<const Vector>(values.data(), as_index(values.size()));
  return posterior_density(embedding, embedding.embed(points, values.size()), y, packed(kernel),
                           gradient);
}

}  // namespace caviar
