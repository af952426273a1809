#include "caviar/math/cma_es.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

using Matrix = Eigen::Map<Eigen::MatrixXd>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXd>;
using Vector = Eigen::Map<Eigen::VectorXd>;
using ConstVector = Eigen::Map<const Eigen::VectorXd>;

Vector vector(std::vector<double>& v) { return {v.data(), static_cast<Eigen::Index>(v.size())}; }
ConstVector vector(std::span<const double> v) {
  return {v.data(), static_cast<Eigen::Index>(v.size())};
}
Matrix square(std::vector<double>& m, std::size_t n) {
  return {m.data(), static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n)};
}
ConstMatrix square(const std::vector<double>& m, std::size_t n) {
  return {m.data(), static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n)};
}

}  // namespace

int CmaEs::usual_population(std::size_t axes) {
  return 4 + static_cast<int>(3 * std::log(static_cast<double>(std::max<std::size_t>(1, axes))));
}

CmaEs::CmaEs(std::vector<double> mean, double sigma, int population)
    : n_(mean.size()),
      population_(population),
      sigma_(sigma),
      mean_(std::move(mean)),
      path_sigma_(n_),
      path_c_(n_),
      stretch_(n_, 1.0),
      covariance_(n_ * n_),
      axes_(n_ * n_),
      lengths_(n_, 1.0) {
  if (population_ < 4) population_ = usual_population(n_);
  for (std::size_t i = 0; i < n_; ++i) covariance_[i * n_ + i] = axes_[i * n_ + i] = 1;
  set_weights();
}

// Table 1 of the tutorial.
void CmaEs::set_weights() {
  const auto n = static_cast<double>(n_);
  std::vector<double> raw;
  double sum = 0, squares = 0, low_sum = 0, low_squares = 0;
  for (int i = 1; i <= population_; ++i) {
    raw.push_back(std::log((population_ + 1) / 2.0) - std::log(i));
    (raw.back() > 0 ? sum : low_sum) += raw.back();
    (raw.back() > 0 ? squares : low_squares) += raw.back() * raw.back();
    if (raw.back() > 0) ++parents_;
  }
  mass_ = sum * sum / squares;
  c_c_ = (4 + mass_ / n) / (n + 4 + 2 * mass_ / n);
  c_sigma_ = (mass_ + 2) / (n + mass_ + 5);
  damping_ = 1 + 2 * std::max(0.0, std::sqrt((mass_ - 1) / (n + 1)) - 1) + c_sigma_;
  c_1_ = 2 / ((n + 1.3) * (n + 1.3) + mass_);
  c_mu_ = std::min(1 - c_1_, 2 * (0.25 + mass_ + 1 / mass_ - 2) / ((n + 2) * (n + 2) + mass_));
  expected_norm_ = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  const double low_mass = low_squares > 0 ? low_sum * low_sum / low_squares : 0;
  const double low_share = std::min(
      {1 + c_1_ / c_mu_, 1 + 2 * low_mass / (mass_ + 2), (1 - c_1_ - c_mu_) / (n * c_mu_)});
  for (const double w : raw) {
    weights_.push_back(w > 0 ? w / sum : low_sum < 0 ? w * low_share / -low_sum : 0);
  }
}

double CmaEs::deviation(std::size_t axis) const {
  return sigma_ * stretch_[axis] * std::sqrt(covariance_[axis * n_ + axis]);
}

double CmaEs::condition() const {
  const auto [least, greatest] = std::ranges::minmax(lengths_);
  return greatest / least;
}

void CmaEs::draw(Rng& rng, std::span<double> x) const {
  std::ranges::copy(mean_, x.begin());
  for (std::size_t k = 0; k < n_; ++k) {
    const double z = sigma_ * lengths_[k] * rng.normal();
    for (std::size_t i = 0; i < n_; ++i) x[i] += stretch_[i] * axes_[k * n_ + i] * z;
  }
}

std::vector<double> CmaEs::whitened(std::span<const double> y) const {
  std::vector<double> result(n_);
  const Eigen::VectorXd turned =
      (square(axes_, n_).transpose() * vector(y)).cwiseQuotient(vector(std::span(lengths_)));
  vector(result) = square(axes_, n_) * turned;
  return result;
}

void CmaEs::update(std::span<const double> rows) {
  const auto n = static_cast<double>(n_);
  const double longest = std::sqrt(n) + 2 * n / (n + 2);
  std::vector<double> steps(rows.begin(), rows.end()), step(n_), norms;
  for (std::size_t row = 0; row < static_cast<std::size_t>(population_); ++row) {
    const auto y = std::span(steps).subspan(row * n_, n_);
    for (std::size_t i = 0; i < n_; ++i) y[i] = (y[i] - mean_[i]) / (sigma_ * stretch_[i]);
    const std::vector<double> white = whitened(y);
    norms.push_back(vector(std::span(white)).norm());
    if (norms.back() > longest) {
      for (double& yi : y) yi *= longest / norms.back();
      norms.back() = longest;
    }
    for (std::size_t i = 0; i < n_; ++i) step[i] += std::max(0.0, weights_[row]) * y[i];
  }
  ++generation_;
  for (std::size_t i = 0; i < n_; ++i) mean_[i] += sigma_ * stretch_[i] * step[i];

  vector(path_sigma_) =
      (1 - c_sigma_) * vector(path_sigma_) + std::sqrt(c_sigma_ * (2 - c_sigma_) * mass_) *
                                                 vector(std::span<const double>(whitened(step)));
  const double norm = vector(path_sigma_).norm();
  const double warm = std::sqrt(1 - std::pow(1 - c_sigma_, 2 * generation_));
  const bool quiet = norm / warm < (1.4 + 2 / (n + 1)) * expected_norm_;
  vector(path_c_) = (1 - c_c_) * vector(path_c_) +
                    (quiet ? std::sqrt(c_c_ * (2 - c_c_) * mass_) : 0.0) * vector(step);

  Matrix c = square(covariance_, n_);
  double total = 0;
  for (const double w : weights_) total += w;
  c *= 1 - c_1_ - c_mu_ * total + (quiet ? 0 : c_1_ * c_c_ * (2 - c_c_));
  c += c_1_ * vector(path_c_) * vector(path_c_).transpose();
  for (std::size_t row = 0; row < static_cast<std::size_t>(population_); ++row) {
    const double w = weights_[row];
    const double scale = w >= 0 ? 1 : n / std::max(norms[row] * norms[row], 1e-12);
    const auto y = vector(std::span<const double>(steps).subspan(row * n_, n_));
    c += c_mu_ * w * scale * y * y.transpose();
  }
  sigma_ *= std::exp(std::min(1.0, c_sigma_ / damping_ * (norm / expected_norm_ - 1)));
  // A decomposition costs n³: only once the matrix has changed by a tenth of its memory.
  if (generation_ - decomposed_ > 1 / ((c_1_ + c_mu_) * n * 10)) decompose();
}

void CmaEs::decompose() {
  decomposed_ = generation_;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(square(covariance_, n_));
  if (solver.info() != Eigen::Success) return;  // the last one stays in use
  square(axes_, n_) = solver.eigenvectors();
  const double floor = 1e-20 * std::max(1e-200, solver.eigenvalues().maxCoeff());
  vector(lengths_) = solver.eigenvalues().cwiseMax(floor).cwiseSqrt();
}

void CmaEs::keep_moving(std::size_t axis, std::span<const double> edges) {
  if (edges.size() < 3) return;  // one cell: nowhere to go
  const auto inner = edges.subspan(1, edges.size() - 2);
  const auto above =
      static_cast<std::size_t>(std::ranges::upper_bound(inner, mean_[axis]) - inner.begin());
  const double least = 1 / (static_cast<double>(n_) * population_);
  const double spread = deviation(axis);
  double& mean = mean_[axis];
  if (above == 0 || above == inner.size()) {  // an outer cell: one way out
    const double edge = above == 0 ? inner.front() : inner.back();
    const double reach = -normal_quantile(least) * spread;
    mean = above == 0 ? std::max(mean, edge - reach) : std::min(mean, edge + reach);
    return;
  }
  const double low = inner[above - 1], high = inner[above];
  const double down = normal_cdf((low - mean) / spread), up = normal_cdf((mean - high) / spread);
  const double stay = 1 - down - up;
  const double more_down = std::max(least / 2, down), more_up = std::max(least / 2, up);
  if (more_down == down && more_up == up) return;
  const double excess =
      (1 - more_down - more_up - stay) / (more_down + more_up + stay - 1.5 * least);
  const double p_down = more_down + excess * (more_down - least / 2);
  const double p_up = more_up + excess * (more_up - least / 2);
  const double z_down = -normal_quantile(p_down), z_up = -normal_quantile(p_up);
  if (!(z_down + z_up > 1e-9)) return;
  mean = (low * z_up + high * z_down) / (z_down + z_up);
  stretch_[axis] *= (high - low) / (spread * (z_down + z_up));
}

}  // namespace caviar
