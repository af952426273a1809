#include "caviar/math/kernel_learning.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "caviar/base/rng.hpp"
#include "caviar/math/minimize.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;
using Theta = std::vector<double>;

// What stands where in a Theta: log lengths, log amplitude, log noise, mean; log bowl; the noise's
// growth; log a and log b of every axis.
struct Layout {
  std::size_t axes = 0;
  bool bowl = false, uneven = false, warped = false;

  std::size_t amplitude() const { return axes; }
  std::size_t noise() const { return axes + 1; }
  std::size_t mean() const { return axes + 2; }
  std::size_t bowl_at() const { return axes + 3; }
  std::size_t growth() const { return axes + (bowl ? 4 : 3); }
  std::size_t warp(std::size_t axis) const { return growth() + (uneven ? 1 : 0) + 2 * axis; }
  std::size_t size() const { return warp(warped ? axes : 0); }
};

Index as_index(std::size_t size) { return static_cast<Index>(size); }
std::span<double> below(Matrix& matrix, Index column) {
  return {&matrix(column, column), static_cast<std::size_t>(matrix.rows() - column)};
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
// "Vanilla Bayesian optimization performs great in high dimensions", ICML 2024). Beside a bowl the
// rest of the function may be nearly nothing.
std::vector<Prior> priors(std::span<const Axis> axes, const Layout& layout, double least_noise) {
  const double width = std::sqrt(static_cast<double>(std::max<std::size_t>(axes.size(), 1)));
  std::vector<Prior> result;
  for (const Axis& axis : axes) {
    result.push_back({std::log(0.5 * width * axis.length), 1, {std::log(0.01), std::log(1000.0)}});
  }
  const Prior amplitude{0, 1, {std::log(0.01), std::log(1000.0)}};
  const Prior rest{std::log(0.1), 2.5, {std::log(1e-8), std::log(1000.0)}};
  result.push_back(layout.bowl ? rest : amplitude);
  result.push_back({std::log(1e-4), 2, {std::log(least_noise), std::log(2.0)}});
  result.push_back({0, 1, {-5, 5}});  // mean
  if (layout.bowl) result.push_back({0, 2, {std::log(1e-6), std::log(1e4)}});
  if (layout.uneven) result.push_back({0, 1, {0, 3}});
  if (layout.warped) result.insert(result.end(), 2 * axes.size(), {0, 0.5, {-2, 2}});
  return result;
}

Theta packed(const Kernel& kernel, const Layout& layout) {
  Theta theta;
  for (const double length : kernel.lengths) theta.push_back(std::log(length));
  theta.insert(theta.end(), {std::log(kernel.amplitude), std::log(kernel.noise), kernel.mean});
  if (layout.bowl) theta.push_back(std::log(kernel.bowl));
  if (layout.uneven) theta.push_back(kernel.noise_growth);
  for (const Warp& warp : kernel.warps) {
    theta.insert(theta.end(), {std::log(warp.a), std::log(warp.b)});
  }
  return theta;
}

Kernel unpacked(std::span<const double> theta, const Layout& layout) {
  Kernel kernel;
  for (const double x : theta.first(layout.axes)) kernel.lengths.push_back(std::exp(x));
  kernel.amplitude = std::exp(theta[layout.amplitude()]);
  kernel.noise = std::exp(theta[layout.noise()]);
  kernel.mean = theta[layout.mean()];
  if (layout.bowl) kernel.bowl = std::exp(theta[layout.bowl_at()]);
  if (layout.uneven) kernel.noise_growth = theta[layout.growth()];
  for (std::size_t axis = 0; layout.warped && axis < layout.axes; ++axis) {
    const std::size_t at = layout.warp(axis);
    kernel.warps.push_back({std::exp(theta[at]), std::exp(theta[at + 1])});
  }
  return kernel;
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

// What the density needs of the data: it does not change as the kernel does.
struct Sample {
  const Embedding& embedding;
  std::vector<double> embedded;
  Vector values;
  Layout layout;
  std::vector<Prior> prior;
  std::vector<double> levels = {};  // of the function at each row, where noise may be uneven

  Inputs inputs(const Kernel& kernel) const {
    return scaled_inputs(embedding, kernel, embedded, static_cast<std::size_t>(values.size()));
  }
  // Of each row.
  Vector noise(const Kernel& kernel) const {
    Vector result = Vector::Constant(values.size(), kernel.noise);
    for (std::size_t row = 0; row < levels.size(); ++row) {
      result[as_index(row)] = noise_at(kernel, levels[row]);
    }
    return result;
  }
};

// A covariance, factorised, and what the values say under it.
struct Fit {
  Eigen::LLT<Matrix> factor;
  Vector weights;  // K⁻¹ (y − mean)
  double log_likelihood = 0;
};
std::optional<Fit> fitted(const Matrix& covariance, const Vector& values, const Kernel& kernel) {
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
Matrix covariance_of(const Sample& sample, const Kernel& kernel) {
  const Inputs z = sample.inputs(kernel);
  Matrix covariance(sample.values.size(), sample.values.size());
  for (Index j = 0; j < covariance.cols(); ++j) {
    const auto row = static_cast<std::size_t>(j);
    covariances(kernel, z, row, z, row, below(covariance, j));
  }
  return covariance;
}

double log_likelihood(const Sample& sample, std::span<const double> theta) {
  const Kernel kernel = unpacked(theta, sample.layout);
  Matrix covariance = covariance_of(sample, kernel);
  covariance.diagonal() += sample.noise(kernel);
  const std::optional<Fit> fit = fitted(covariance, sample.values, kernel);
  return fit ? fit->log_likelihood : -INFINITY;
}

// Log likelihood plus log prior, with the gradient (Rasmussen and Williams, equations 2.30, 5.9).
// −∞ where the covariance cannot be factorised. Only lower triangles are computed.
class Density {
 public:
  Density(const Sample& sample, std::span<const double> theta)
      : sample_(sample),
        theta_(theta),
        kernel_(unpacked(theta, sample.layout)),
        z_(sample.inputs(kernel_)),
        n_(sample.values.size()) {}

  double operator()(std::span<double> gradient) {
    correlate();
    Matrix covariance = kernel_.amplitude * correlation_;
    if (kernel_.bowl > 0) covariance.array() += kernel_.bowl * roots_.array().square();
    covariance.diagonal() += sample_.noise(kernel_);
    const std::optional<Fit> fit = fitted(covariance, sample_.values, kernel_);
    if (!fit) return -INFINITY;
    // Twice the derivative by a parameter is Σ (ααᵀ − K⁻¹) ∘ ∂K.
    pull_ = -inverse(fit->factor);
    pull_.selfadjointView<Eigen::Lower>().rankUpdate(fit->weights);
    differentiate(gradient);
    gradient[sample_.layout.mean()] = fit->weights.sum();
    double density = fit->log_likelihood;
    for (std::size_t i = 0; i < theta_.size(); ++i) {
      density += sample_.prior[i].log_density(theta_[i]);
      gradient[i] += sample_.prior[i].slope(theta_[i]);
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
    const Layout& at = sample_.layout;
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
        gradient[sample_.embedding.axis_of(c)] -=
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
    const Vector pull = 0.5 * pull_.diagonal().cwiseProduct(sample_.noise(kernel_));
    gradient[sample_.layout.noise()] = pull.sum();
    for (std::size_t row = 0; row < sample_.levels.size(); ++row) {
      gradient[sample_.layout.growth()] += pull[as_index(row)] * sample_.levels[row];
    }
  }

  // Place of log a or log b in theta; two of bends_ a numeric column.
  std::size_t warps_at(std::size_t k) const {
    return sample_.layout.warp(sample_.embedding.axis_of(k / 2)) + k % 2;
  }

  // Derivatives of the numeric columns by log a and log b of their axes.
  void bend_columns() {
    bends_.assign(kernel_.warps.empty() ? 0 : 2 * z_.numeric, Vector(n_));
    for (std::size_t k = 0; k + 1 < bends_.size(); k += 2) {
      const std::size_t axis = sample_.embedding.axis_of(k / 2);
      for (Index i = 0; i < n_; ++i) {
        const double x = sample_.embedded[k / 2 * z_.rows + static_cast<std::size_t>(i)] + 0.5;
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
    gradient[sample_.layout.bowl_at()] += bent.dot(roots_.col(j).tail(left));
    for (std::size_t c = 0; c < z_.numeric; ++c) {
      const auto column = column_of(c);
      gradient[sample_.embedding.axis_of(c)] -= 4 * column[j] * bent.dot(column.tail(left));
    }
  }

  Eigen::Map<const Vector> column_of(std::size_t c) const { return {z_.column(c).data(), n_}; }

  const Sample& sample_;
  std::span<const double> theta_;
  Kernel kernel_;
  Inputs z_;
  Index n_;
  Matrix correlation_, slope_, roots_, pull_;
  std::vector<Vector> bends_;
};

Minimum most_probable_from(const Sample& sample, const Theta& start) {
  const Differentiable loss = [&](std::span<const double> theta, std::span<double> gradient) {
    const double density = Density(sample, theta)(gradient);
    for (double& entry : gradient) entry = -entry;
    return -density;
  };
  std::vector<Bounds> bounds;
  for (const Prior& p : sample.prior) bounds.push_back(p.bounds);
  return minimize(loss, start, bounds,
                  {.max_iterations = 40,
                   .max_evaluations = 60,
                   .gradient_tolerance = 1e-3,
                   .value_tolerance = 1e-6});
}

// MAP from two starts: the middle of the priors, and a rough, noisy function.
Theta most_probable(const Sample& sample) {
  Theta smooth, rough;
  for (const Prior& p : sample.prior) {
    smooth.push_back(p.centre);
    rough.push_back(p.centre - (rough.size() < sample.layout.axes ? 1 : 0));
  }
  rough[sample.layout.noise()] = std::log(0.1);
  const Minimum first = most_probable_from(sample, smooth);
  const Minimum second = most_probable_from(sample, rough);
  const Minimum& best = second.value < first.value ? second : first;
  if (!std::isfinite(best.value)) throw std::runtime_error("no kernel fits the values");
  return best.x;
}

// The function at each row: its value with the noise, which is even, taken off.
std::vector<double> levels_under(const Sample& sample, const Kernel& kernel) {
  Matrix covariance = covariance_of(sample, kernel);
  covariance.diagonal().array() += kernel.noise;
  const std::optional<Fit> fit = fitted(covariance, sample.values, kernel);
  if (!fit) throw std::runtime_error("the covariance cannot be factorised");
  const Vector levels = sample.values - kernel.noise * fit->weights;
  return {levels.begin(), levels.end()};
}

struct Found {
  Sample sample;
  Theta best;
};

// Nothing where it makes the values less than e² times as likely as even noise does: a few values
// that chance has put close together are no ground for believing in a quiet place.
std::optional<Found> with_uneven_noise(Sample sample, const Kernel& even, double least_noise) {
  constexpr double enough = 2;
  sample.levels = levels_under(sample, even);
  sample.layout.uneven = true;
  sample.prior = priors(sample.embedding.axes(), sample.layout, least_noise);
  const Theta start = packed(even, sample.layout);
  Theta ignored(start.size());
  const double before = Density(sample, start)(ignored);
  Minimum found = most_probable_from(sample, start);
  if (!(-found.value > before + enough)) return std::nullopt;
  return Found{std::move(sample), std::move(found.x)};
}

// Steps of elliptical slice sampling: on the ellipse through the present place and a draw from the
// prior, a point at least as likely as a level drawn below the present one.
class Walk {
 public:
  Walk(const Sample& sample, Theta start, Rng rng)
      : sample_(sample), at_(std::move(start)), rng_(rng), level_(log_likelihood(sample, at_)) {}

  const Theta& at() const { return at_; }

  void step() {
    constexpr double turn = 2 * std::numbers::pi;
    Theta draw(at_.size()), next(at_.size());
    for (std::size_t i = 0; i < draw.size(); ++i) {
      draw[i] = sample_.prior[i].deviation * rng_.normal();
    }
    const double floor = level_ + std::log(1 - rng_.uniform());
    double angle = rng_.uniform(0, turn), low = angle - turn, high = angle;
    for (int attempt = 0; attempt < 30; ++attempt) {
      for (std::size_t i = 0; i < next.size(); ++i) {
        const double centre = sample_.prior[i].centre;
        next[i] = centre + (at_[i] - centre) * std::cos(angle) + draw[i] * std::sin(angle);
      }
      const double level = allowed(next) ? log_likelihood(sample_, next) : -INFINITY;
      if (level > floor) {
        at_ = std::move(next);
        level_ = level;
        return;
      }
      (angle < 0 ? low : high) = angle;
      angle = rng_.uniform(low, high);
    }
  }

 private:
  bool allowed(const Theta& theta) const {
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const Bounds& bounds = sample_.prior[i].bounds;
      if (theta[i] < bounds.low || theta[i] > bounds.high) return false;
    }
    return true;
  }

  const Sample& sample_;
  Theta at_;
  Rng rng_;
  double level_;
};

Vector as_vector(std::span<const double> values) {
  return Eigen::Map<const Vector>(values.data(), as_index(values.size()));
}

}  // namespace

Standardised standardised(std::span<const double> values) {
  Standardised result{{values.begin(), values.end()}, mean(values), 1};
  const double deviation = standard_deviation(values);
  if (deviation > 0 && std::isfinite(deviation)) result.scale = deviation;
  for (double& value : result.values) value = (value - result.shift) / result.scale;
  return result;
}

std::vector<Kernel> likely_kernels(std::span<const Axis> axes, std::span<const double> points,
                                   std::span<const double> values, const Learning& learning) {
  const Embedding embedding({axes.begin(), axes.end()}, points);
  const Layout layout{.axes = axes.size(), .bowl = learning.bowl, .warped = learning.warped};
  Found found{
      {embedding, embedding.embed(points, values.size()), as_vector(standardised(values).values),
       layout, priors(axes, layout, learning.least_noise)},
      {}};
  found.best = most_probable(found.sample);
  const Kernel even = unpacked(found.best, layout);
  const bool noisy = even.noise >= learning.noisy_from;
  const std::optional<Found> uneven =
      noisy && learning.uneven ? with_uneven_noise(found.sample, even, learning.least_noise)
                               : std::nullopt;
  const auto& [sample, best] = uneven ? *uneven : found;
  constexpr int steps = 2;  // from one sample to the next
  Walk walk(sample, best, Rng(learning.seed, values.size()));
  std::vector<Kernel> kernels = {unpacked(walk.at(), sample.layout)};
  for (int k = 0; noisy && k < learning.samples; ++k) {
    for (int step = 0; step < steps; ++step) walk.step();
    kernels.push_back(unpacked(walk.at(), sample.layout));
  }
  return kernels;
}

double log_posterior_density(std::span<const Axis> axes, std::span<const double> points,
                             std::span<const double> values, const Kernel& kernel,
                             std::span<double> gradient, std::span<const double> levels) {
  const Embedding embedding({axes.begin(), axes.end()}, points);
  const Layout layout{.axes = axes.size(),
                      .bowl = kernel.bowl > 0,
                      .uneven = !levels.empty(),
                      .warped = !kernel.warps.empty()};
  const Sample sample{
      embedding, embedding.embed(points, values.size()),       as_vector(values),
      layout,    priors(axes, layout, Learning().least_noise), {levels.begin(), levels.end()}};
  const Theta theta = packed(kernel, layout);
  return Density(sample, theta)(gradient);
}

}  // namespace caviar
