#include "caviar/nn/initializer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "caviar/nn/names.hpp"

namespace caviar {
namespace {

const std::array<std::string, 8> names = {"glorot_uniform", "glorot_normal", "he_uniform",
                                          "he_normal",      "lecun_uniform", "lecun_normal",
                                          "orthogonal",     "zeros"};

// The variance that the initialiser wants.
double variance_of(Initializer initializer, double in, double out) {
  switch (initializer) {
    case Initializer::glorot_uniform:
    case Initializer::glorot_normal:
      return 2 / (in + out);
    case Initializer::he_uniform:
    case Initializer::he_normal:
      return 2 / in;
    case Initializer::lecun_uniform:
    case Initializer::lecun_normal:
      return 1 / in;
    case Initializer::orthogonal:
    case Initializer::zeros:
      break;
  }
  return 0;
}

bool is_uniform(Initializer initializer) {
  return initializer == Initializer::glorot_uniform || initializer == Initializer::he_uniform ||
         initializer == Initializer::lecun_uniform;
}

double dot(const double* a, const double* b, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

// `count` vectors of `length` ≥ count numbers: normal draws, each freed from its part along those
// before it (twice, or rounding would leave some) and brought to length 1.
std::vector<double> orthogonal_rows(std::size_t count, std::size_t length, Rng& rng) {
  std::vector<double> rows(count * length);
  for (std::size_t i = 0; i < count; ++i) {
    double* row = rows.data() + i * length;
    for (std::size_t j = 0; j < length; ++j) row[j] = rng.normal();
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t before = 0; before < i; ++before) {
        const double* other = rows.data() + before * length;
        const double along = dot(row, other, length);
        for (std::size_t j = 0; j < length; ++j) row[j] -= along * other[j];
      }
    }
    const double norm = std::sqrt(dot(row, row, length));
    for (std::size_t j = 0; j < length; ++j) row[j] /= norm;
  }
  return rows;
}

template <class T>
void make_orthogonal(std::size_t in, std::size_t out, std::span<T> weights, Rng& rng) {
  const std::size_t count = std::min(in, out), length = std::max(in, out);
  const std::vector<double> rows = orthogonal_rows(count, length, rng);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < length; ++j) {
      const std::size_t at = in <= out ? i * out + j : j * out + i;
      weights[at] = static_cast<T>(rows[i * length + j]);
    }
  }
}

}  // namespace

std::span<const std::string> initializer_names() { return names; }

std::string name_of(Initializer initializer) {
  return names[static_cast<std::size_t>(initializer)];
}

Initializer parse_initializer(const std::string& name, const std::string& where) {
  return static_cast<Initializer>(index_of_name(names, name, where, "an initializer"));
}

Initializer usual_initializer(Activation activation) {
  switch (activation) {
    case Activation::relu:
    case Activation::leaky_relu:
    case Activation::elu:
    case Activation::gelu:
    case Activation::silu:
    case Activation::softplus:
      return Initializer::he_normal;
    case Activation::selu:
      return Initializer::lecun_normal;
    case Activation::linear:
    case Activation::tanh:
    case Activation::sigmoid:
      break;
  }
  return Initializer::glorot_uniform;
}

template <class T>
void initialize(Initializer initializer, std::size_t fan_in, std::size_t fan_out,
                std::span<T> weights, Rng& rng) {
  if (initializer == Initializer::orthogonal) return make_orthogonal(fan_in, fan_out, weights, rng);
  const double variance =
      variance_of(initializer, static_cast<double>(fan_in), static_cast<double>(fan_out));
  const double deviation = std::sqrt(variance);
  const double limit = std::sqrt(3 * variance);
  const bool uniform = is_uniform(initializer);
  if (initializer == Initializer::zeros) {
    std::fill(weights.begin(), weights.end(), T(0));
    return;
  }
  for (T& w : weights) {
    w = static_cast<T>(uniform ? rng.uniform(-limit, limit) : deviation * rng.normal());
  }
}

template void initialize(Initializer, std::size_t, std::size_t, std::span<float>, Rng&);
template void initialize(Initializer, std::size_t, std::size_t, std::span<double>, Rng&);

}  // namespace caviar
