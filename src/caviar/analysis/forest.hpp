// A forest of regression trees over the unit cube (Breiman, "Random Forests", 2001), kept as boxes:
// every leaf knows the part of each axis it covers, so that integrals over the cube are exact sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"

namespace caviar {

// One axis of a box: an interval, or a set of categories as bits.
struct Side {
  double low = 0, high = 1;
  std::uint64_t categories = 0;
};

struct Leaf {
  std::vector<Side> sides;  // one an axis
  double value = 0;
};

using Tree = std::vector<Leaf>;  // the leaves share the cube out among them

struct ForestOptions {
  int trees = 64;
  std::size_t leaf_rows = 2;  // a leaf holds at least so many
  std::size_t rows = 1000;    // drawn with replacement for each tree, at most
};

class Forest {
 public:
  // units: row after row, one coordinate an axis. categories: the number of choices of an unordered
  // axis (2 … 64, coordinates at the middle of equal cells), 0 for an ordered one.
  // A NaN coordinate (an inactive parameter) changes nothing about a row's value, so each tree sees
  // it as a fresh uniform draw: splits on it explain nothing.
  Forest(std::span<const double> units, std::span<const double> values, std::vector<int> categories,
         const ForestOptions& options, Rng& rng);

  double predict(std::span<const double> unit) const;  // no NaN
  std::span<const Tree> trees() const { return trees_; }
  const std::vector<int>& categories() const { return categories_; }

 private:
  std::vector<int> categories_;
  std::vector<Tree> trees_;
};

// The share of the axis that a side covers, in (0, 1].
double share(const Side& side, int categories);
// The category at a coordinate: 0 … categories − 1.
int category_at(double unit, int categories);

}  // namespace caviar
