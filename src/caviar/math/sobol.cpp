#include "caviar/math/sobol.hpp"

#include <array>
#include <bit>
#include <cassert>

#include "caviar/math/sobol_directions.hpp"

namespace caviar {
namespace {

using Directions = std::array<std::uint32_t, 32>;  // of one dimension, as binary fractions

// Joe and Kuo 2008, equations (2) and (3): the numbers after the first s follow from the
// polynomial.
Directions extend(const std::uint16_t*& table) {
  const unsigned polynomial = *table++;
  const int degree = std::bit_width(polynomial) - 1;
  Directions v{};
  for (int k = 0; k < degree; ++k) v[k] = static_cast<std::uint32_t>(*table++) << (31 - k);
  for (int k = degree; k < 32; ++k) {
    v[k] = v[k - degree] ^ (v[k - degree] >> degree);
    for (int i = 1; i < degree; ++i) {
      if ((polynomial >> (degree - i)) & 1U) v[k] ^= v[k - i];
    }
  }
  return v;
}

const std::vector<Directions>& directions() {
  static const std::vector<Directions> all = [] {
    std::vector<Directions> result(sobol_dimensions);
    for (int k = 0; k < 32; ++k) result[0][k] = 1U << (31 - k);  // van der Corput
    const std::uint16_t* table = sobol_directions;
    for (int d = 1; d < sobol_dimensions; ++d) result[d] = extend(table);
    return result;
  }();
  return all;
}

std::uint32_t word(const Directions& v, std::uint32_t index) {
  std::uint32_t x = 0;
  for (int k = 0; index != 0; index >>= 1, ++k) {
    if (index & 1U) x ^= v[k];
  }
  return x;
}

std::uint32_t reversed(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555U) | ((x & 0x55555555U) << 1);
  x = ((x >> 2) & 0x33333333U) | ((x & 0x33333333U) << 2);
  x = ((x >> 4) & 0x0f0f0f0fU) | ((x & 0x0f0f0f0fU) << 4);
  return __builtin_bswap32(x);
}

// Flips every bit by a hash of the bits above it: on the reversed word every step carries
// information upwards only (Burley 2020, section 3; multipliers by N. Vegdahl).
std::uint32_t owen(std::uint32_t x, std::uint32_t seed) {
  x = reversed(x);
  x ^= x * 0x3d20adeaU;
  x += seed;
  x *= (seed >> 16) | 1U;
  x ^= x * 0x05526c56U;
  x ^= x * 0x53a22864U;
  return reversed(x);
}

std::uint32_t hash(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t z = seed + (stream + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
}

}  // namespace

std::vector<double> sobol_point(std::uint64_t index, int dimensions) {
  assert(dimensions <= sobol_dimensions);
  std::vector<double> point(static_cast<std::size_t>(dimensions));
  for (std::size_t d = 0; d < point.size(); ++d) {
    point[d] = word(directions()[d], static_cast<std::uint32_t>(index)) * 0x1p-32;
  }
  return point;
}

std::vector<double> scrambled_sobol_point(std::uint64_t index, int dimensions, std::uint64_t seed) {
  std::vector<double> point(static_cast<std::size_t>(dimensions));
  std::uint32_t shuffled = 0;
  for (std::size_t d = 0; d < point.size(); ++d) {
    const std::size_t block = d / sobol_dimensions;
    if (d % sobol_dimensions == 0) {
      shuffled = static_cast<std::uint32_t>(index);
      if (block > 0) shuffled = owen(shuffled, hash(~seed, block));
    }
    const std::uint32_t x = word(directions()[d % sobol_dimensions], shuffled);
    point[d] = (owen(x, hash(seed, d)) + 0.5) * 0x1p-32;
  }
  return point;
}

}  // namespace caviar
