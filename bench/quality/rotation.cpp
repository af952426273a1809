#include "rotation.hpp"

#include <cmath>
#include <numeric>

namespace caviar::quality {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

Rotation::Rotation(int dims, Rng& rng) {
  for (int i = 0; i < dims; ++i) {
    std::vector<double> row(static_cast<std::size_t>(dims));
    for (double& value : row) value = rng.normal();
    for (const std::vector<double>& other : rows_) {
      const double share = dot(row, other);
      for (std::size_t k = 0; k < row.size(); ++k) row[k] -= share * other[k];
    }
    const double length = std::sqrt(dot(row, row));
    for (double& value : row) value /= length;
    rows_.push_back(std::move(row));
  }
}

std::vector<double> Rotation::operator()(const std::vector<double>& x) const {
  std::vector<double> y;
  y.reserve(x.size());
  for (const std::vector<double>& row : rows_) y.push_back(dot(row, x));
  return y;
}

std::vector<double> Rotation::back(const std::vector<double>& x) const {
  std::vector<double> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t k = 0; k < y.size(); ++k) y[k] += rows_[i][k] * x[i];
  }
  return y;
}

}  // namespace caviar::quality
