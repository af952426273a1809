#include "caviar/math/forest.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

// The leaf at a place, by a walk from the root.
double by_walk(const Tree& tree, const std::vector<double>& unit,
               const std::vector<int>& categories) {
  int at = tree.nodes.empty() ? -1 : 0;
  while (at >= 0) {
    const Tree::Node& node = tree.nodes.at(static_cast<std::size_t>(at));
    const double x = unit[node.axis];
    const int count = categories[node.axis];
    const bool in_set = count > 0 && ((node.categories >> category_at(x, count)) & 1) != 0;
    at = (count > 0 ? in_set : x < node.threshold) ? node.left : node.right;
  }
  return tree.leaves.at(static_cast<std::size_t>(-1 - at)).value;
}

TEST(RegressionForest, PredictsTheMeanOfItsTrees) {
  Rng rng(2);
  std::vector<double> units, values;
  for (int row = 0; row < 120; ++row) {
    const double x = rng.uniform(), c = (static_cast<double>(rng.below(3)) + 0.5) / 3;
    units.insert(units.end(), {x, c});
    values.push_back(std::sin(6 * x) + c + 0.1 * rng.normal());
  }
  const std::vector<int> categories = {0, 3};
  const Forest forest(units, values, categories, {.trees = 16}, rng);
  double errors = 0;
  for (int k = 0; k < 200; ++k) {
    const std::vector<double> at = {rng.uniform(), (static_cast<double>(rng.below(3)) + 0.5) / 3};
    double sum = 0, squares = 0;
    for (const Tree& tree : forest.trees()) {
      const double value = by_walk(tree, at, categories);
      sum += value / 16;
      squares += value * value / 16;
    }
    const Forest::Prediction found = forest.predict_with_variance(at);
    EXPECT_NEAR(found.mean, sum, 1e-12);
    EXPECT_GE(found.variance, squares - sum * sum - 1e-9);  // between trees, and within leaves
    errors += std::abs(found.mean - std::sin(6 * at[0]) - at[1]) / 200;
  }
  EXPECT_LT(errors, 0.2);
}

// One tree of one leaf: the law of total variance in its simplest form.
TEST(RegressionForest, KnowsTheVarianceWithinALeaf) {
  Rng rng(2);
  const std::vector<double> units(50, 0.5);
  std::vector<double> values;
  for (int row = 0; row < 50; ++row) values.push_back(row % 2);
  const Forest forest(units, values, {0}, {.trees = 400}, rng);
  const auto found = forest.predict_with_variance(std::vector<double>{0.1});
  EXPECT_NEAR(found.mean, 0.5, 0.02);
  // Var(leaf) = p(1 − p), mean 0.25 (1 − 1/50); means of bootstrap samples vary by 0.25/50.
  EXPECT_NEAR(found.variance, 0.25, 0.01);
}

}  // namespace
}  // namespace caviar
