// A forest of regression trees over the unit cube (Breiman, "Random Forests", 2001).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"

namespace caviar {

struct Leaf {
  double value = 0;     // the mean of its rows
  double variance = 0;  // about it
};

struct Tree {
  // Where rows part: below the threshold, or in the set, to the left. Children as indices of nodes,
  // or of leaves as −1 − index. The first node is the root; none: one leaf.
  struct Node {
    std::size_t axis = 0;
    double threshold = 0;
    std::uint64_t categories = 0;
    int left = 0, right = 0;
  };
  std::vector<Node> nodes;
  std::vector<Leaf> leaves;
};

struct ForestOptions {
  int trees = 64;
  std::size_t leaf_rows = 2;  // a leaf holds at least so many
  std::size_t rows = 1000;    // drawn with replacement for each tree, at most
};

class Forest {
 public:
  // units: row after row, one coordinate an axis. categories: the number of choices of an unordered
  // axis (2 … 64, coordinates at the middle of equal cells), 0 for an ordered one, whose
  // coordinates may lie outside [0, 1]. A NaN coordinate (an inactive parameter) changes nothing
  // about a row's value, so each tree sees it as a fresh uniform draw: splits on it explain
  // nothing.
  Forest(std::span<const double> units, std::span<const double> values, std::vector<int> categories,
         const ForestOptions& options, Rng& rng);

  double predict(std::span<const double> unit) const;  // no NaN
  // The mean of the trees' leaves, and the variance of a row there: within leaves and between trees
  // (Hutter, Xu, Hoos and Leyton-Brown, "Algorithm runtime prediction", 2014, section 4.3.2).
  struct Prediction {
    double mean = 0, variance = 0;
  };
  Prediction predict_with_variance(std::span<const double> unit) const;  // no NaN
  std::span<const Tree> trees() const { return trees_; }
  const std::vector<int>& categories() const { return categories_; }

 private:
  const Leaf& leaf_of(const Tree& tree, std::span<const double> unit) const;

  std::vector<int> categories_;
  std::vector<Tree> trees_;
};

// The category at a coordinate: 0 … categories − 1.
int category_at(double unit, int categories);

}  // namespace caviar
