// Sobol points: a sequence that fills the unit cube evenly, for any number of dimensions.
#pragma once

#include <cstdint>
#include <vector>

namespace caviar {

// The dimensions that have direction numbers of their own.
inline constexpr int sobol_dimensions = 256;

// The index-th point (0 is the origin) in binary order, 1 ≤ dimensions ≤ sobol_dimensions; indices
// repeat after 2^32. Sobol 1967 with the direction numbers of Joe and Kuo 2008.
std::vector<double> sobol_point(std::uint64_t index, int dimensions);

// The same under a nested uniform (Owen) scrambling drawn by the seed: each single point is uniform
// over the open cube, and the first 2^m points stay as even as before. Any number of dimensions:
// every further block of sobol_dimensions visits the points in a shuffled order of its own.
// Owen 1995; by hashing, Burley, "Practical Hash-based Owen Scrambling", JCGT 9(4), 2020.
std::vector<double> scrambled_sobol_point(std::uint64_t index, int dimensions, std::uint64_t seed);

}  // namespace caviar
