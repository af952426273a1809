#include "caviar/math/parzen.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

#include "caviar/math/normal.hpp"

namespace caviar {
namespace {

constexpr double least_mass = 1e-12;  // of a cell under a kernel: keeps logarithms finite

// Φ by linear interpolation, off by 8e-6 at most: a hundred times cheaper than erfc where thousands
// of kernels want their share of the unit interval.
double quick_normal_cdf(double z) {
  constexpr int per_unit = 64, last = 6 * per_unit;
  static const std::array<double, last + 2> table = [] {
    std::array<double, last + 2> values{};
    for (int i = 0; i < last + 2; ++i) {
      values[static_cast<std::size_t>(i)] = normal_cdf(static_cast<double>(i) / per_unit);
    }
    return values;
  }();
  const double at = std::min(std::fabs(z) * per_unit, static_cast<double>(last));
  const auto below = static_cast<std::size_t>(at);
  const double p = std::lerp(table[below], table[below + 1], at - static_cast<double>(below));
  return z < 0 ? 1 - p : p;
}

double mass_between(double low, double high, double centre, double width) {
  return quick_normal_cdf((high - centre) / width) - quick_normal_cdf((low - centre) / width);
}

// e^x for x ≤ 0, to single precision and without a branch, so that loops over it become vectors:
// 2^n from the bits of the exponent, 2^f by the Taylor polynomial on [−1/2, 1/2].
float quick_exp(float x) {
  const float t = std::max(x, -86.0F) * 1.44269504F;
  const float shifted = t + 12582912.0F;  // 1.5 · 2^23: rounds to an integer in the low bits
  const float f = (t - (shifted - 12582912.0F)) * 0.693147181F;
  const float power =
      1 + f * (1 + f * (0.5F + f * (0.166666667F + f * (0.0416666667F + f * 0.00833333333F))));
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(power) +
                              (std::bit_cast<std::uint32_t>(shifted) << 23));
}

double log_sum_exp(std::span<float> terms) {
  const float top = *std::ranges::max_element(terms);
  for (float& term : terms) term = quick_exp(term - top);
  std::array<float, 8> lanes{};
  std::size_t i = 0;
  for (; i + 8 <= terms.size(); i += 8) {
    for (std::size_t k = 0; k < 8; ++k) lanes[k] += terms[i + k];
  }
  double sum = 0;
  for (; i < terms.size(); ++i) sum += terms[i];
  for (const float lane : lanes) sum += lane;
  return top + std::log(sum);
}

double truncated_normal(double centre, double width, Rng& rng) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const double x = centre + width * rng.normal();
    if (x >= 0 && x <= 1) return x;
  }
  return std::clamp(centre, 0.0, 1.0);
}

}  // namespace

ParzenEstimator::ParzenEstimator(std::vector<ParzenAxis> axes, std::span<const double> rows,
                                 std::span<const double> weights, double prior,
                                 std::span<const double> widths)
    : axes_(std::move(axes)),
      size_(axes_.size()),
      rows_(rows.begin(), rows.end()),
      widths_(widths.begin(), widths.end()),
      columns_(axes_.size()) {
  double sum = 0;
  for (const double weight : weights) cumulative_.push_back(sum += weight);
  cumulative_.push_back(sum += prior);
  for (const double weight : weights) log_weights_.push_back(static_cast<float>(weight / sum));
  log_weights_.push_back(static_cast<float>(prior / sum));
  for (float& weight : log_weights_) weight = std::log(weight);
  for (std::size_t axis = 0; axis < size_; ++axis) {
    if (axes_[axis].kind == ParzenAxis::Kind::continuous) {
      add_gaussian(axis);
    } else {
      add_cells(axis);
    }
  }
}

void ParzenEstimator::add_gaussian(std::size_t axis) {
  Column& column = columns_[axis];
  const std::size_t kernels = log_weights_.size() - 1;
  const double width = widths_[axis];
  const double scale = 1 / (width * std::sqrt(2 * std::numbers::pi));
  const auto precision = static_cast<float>(0.5 / (width * width));
  column.centre.resize(kernels);
  column.precision.resize(kernels);
  column.norm.resize(kernels);
  for (std::size_t k = 0; k < kernels; ++k) {
    const double centre = row(k, axis);
    if (std::isnan(centre)) continue;  // all zero: uniform
    column.centre[k] = static_cast<float>(centre);
    column.precision[k] = precision;
    column.norm[k] = std::log(static_cast<float>(scale / mass_between(0, 1, centre, width)));
  }
}

void ParzenEstimator::add_cells(std::size_t axis) {
  Column& column = columns_[axis];
  const ParzenAxis& kind = axes_[axis];
  const bool ordered = kind.kind == ParzenAxis::Kind::ordered;
  const std::size_t cells =
      ordered ? kind.edges.size() - 1 : static_cast<std::size_t>(kind.choices);
  const double width = widths_[axis];
  column.table.resize(cells);
  for (std::size_t k = 0; k + 1 < log_weights_.size(); ++k) {
    const double centre = row(k, axis);
    column.cell.push_back(std::isnan(centre) ? -1 : cell_of(axis, centre));
    if (column.cell.back() < 0) continue;
    const auto own = static_cast<std::size_t>(column.cell.back());
    std::vector<float>& masses = column.table[own];
    if (!masses.empty()) continue;
    const double inside = ordered ? mass_between(0, 1, centre, width) : 1;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const double mass =
          ordered ? mass_between(kind.edges[cell], kind.edges[cell + 1], centre, width) / inside
          : cell == own ? 1 - width
                        : width / std::max(1.0, static_cast<double>(cells) - 1);
      masses.push_back(static_cast<float>(std::log(std::max(mass, least_mass))));
    }
  }
}

int ParzenEstimator::cell_of(std::size_t axis, double unit) const {
  const ParzenAxis& kind = axes_[axis];
  if (kind.kind == ParzenAxis::Kind::categorical) {
    return std::clamp(static_cast<int>(unit * kind.choices), 0, kind.choices - 1);
  }
  const auto inner = std::span(kind.edges).subspan(1, kind.edges.size() - 2);
  return static_cast<int>(std::ranges::upper_bound(inner, unit) - inner.begin());
}

double ParzenEstimator::prior_term(std::size_t axis, double at) const {
  const ParzenAxis& kind = axes_[axis];
  if (kind.kind == ParzenAxis::Kind::continuous) return 0;
  if (kind.kind == ParzenAxis::Kind::categorical) return -std::log(kind.choices);
  const auto cell = static_cast<std::size_t>(cell_of(axis, at));
  return std::log(kind.edges[cell + 1] - kind.edges[cell]);
}

void ParzenEstimator::add_term(std::size_t axis, double at, std::span<float> terms) const {
  const Column& column = columns_[axis];
  const std::size_t kernels = terms.size() - 1;
  const double uniform = prior_term(axis, at);
  terms[kernels] += static_cast<float>(uniform);
  if (axes_[axis].kind == ParzenAxis::Kind::continuous) {
    const auto x = static_cast<float>(at);
    const float* centre = column.centre.data();
    const float* precision = column.precision.data();
    const float* norm = column.norm.data();
    float* term = terms.data();
    for (std::size_t k = 0; k < kernels; ++k) {
      const float off = x - centre[k];
      term[k] += norm[k] - precision[k] * off * off;
    }
    return;
  }
  const auto cell = static_cast<std::size_t>(cell_of(axis, at));
  // By the kernel's own cell; the last entry is for kernels that say nothing about this axis.
  std::vector<float> by_own;
  for (const auto& masses : column.table) by_own.push_back(masses.empty() ? 0 : masses[cell]);
  by_own.push_back(static_cast<float>(uniform));
  const int absent = static_cast<int>(by_own.size()) - 1;
  for (std::size_t k = 0; k < kernels; ++k) {
    const int own = column.cell[k];
    terms[k] += by_own[static_cast<std::size_t>(own < 0 ? absent : own)];
  }
}

std::vector<double> ParzenEstimator::log_density(std::span<const double> points) const {
  std::vector<double> densities;
  std::vector<float> terms(log_weights_.size());
  for (std::size_t start = 0; start < points.size(); start += size_) {
    std::ranges::copy(log_weights_, terms.begin());
    for (std::size_t axis = 0; axis < size_; ++axis) {
      const double at = points[start + axis];
      if (!std::isnan(at)) add_term(axis, at, terms);
    }
    densities.push_back(log_sum_exp(terms));
  }
  return densities;
}

double ParzenEstimator::draw_along(std::size_t axis, std::size_t kernel, Rng& rng) const {
  const ParzenAxis& kind = axes_[axis];
  const bool prior = kernel + 1 == log_weights_.size();
  const double centre = prior ? std::nan("") : row(kernel, axis);
  if (kind.kind == ParzenAxis::Kind::categorical) {
    const auto choices = static_cast<std::uint64_t>(kind.choices);
    std::uint64_t choice = 0;
    if (std::isnan(centre)) {
      choice = rng.below(choices);
    } else {
      choice = static_cast<std::uint64_t>(cell_of(axis, centre));
      const bool other = choices > 1 && rng.uniform() < widths_[axis];
      if (other) choice = (choice + 1 + rng.below(choices - 1)) % choices;
    }
    return (static_cast<double>(choice) + 0.5) / static_cast<double>(choices);
  }
  const double x =
      std::isnan(centre) ? rng.uniform() : truncated_normal(centre, widths_[axis], rng);
  if (kind.kind == ParzenAxis::Kind::continuous) return x;
  const auto cell = static_cast<std::size_t>(cell_of(axis, x));
  return (kind.edges[cell] + kind.edges[cell + 1]) / 2;
}

void ParzenEstimator::draw(Rng& rng, std::span<double> unit) const {
  const double at = rng.uniform() * cumulative_.back();
  const auto found = std::ranges::upper_bound(cumulative_, at) - cumulative_.begin();
  const auto kernel = std::min(static_cast<std::size_t>(found), log_weights_.size() - 1);
  for (std::size_t axis = 0; axis < size_; ++axis) unit[axis] = draw_along(axis, kernel, rng);
}

}  // namespace caviar
