#include "caviar/math/forest.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace caviar {
namespace {

// What the tree's boxes say of a place, which the walk from its root must say, too.
double by_boxes(const Tree& tree, const std::vector<double>& unit,
                const std::vector<int>& categories) {
  for (const Leaf& leaf : tree.leaves) {
    bool inside = true;
    for (std::size_t axis = 0; axis < unit.size(); ++axis) {
      const Side& side = leaf.sides[axis];
      inside =
          inside && (categories[axis] > 0
                         ? ((side.categories >> category_at(unit[axis], categories[axis])) & 1) != 0
                         : unit[axis] >= side.low && unit[axis] < side.high);
    }
    if (inside) return leaf.value;
  }
  ADD_FAILURE() << "no leaf";
  return 0;
}

TEST(RegressionForest, PredictsWhatItsBoxesSay) {
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
      const double value = by_boxes(tree, at, categories);
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
  const Forest forest(units, values, {0}, {.trees = 400, .boxes = false}, rng);
  const auto found = forest.predict_with_variance(std::vector<double>{0.1});
  EXPECT_NEAR(found.mean, 0.5, 0.02);
  // Var(leaf) = p(1 − p), mean 0.25 (1 − 1/50); means of bootstrap samples vary by 0.25/50.
  EXPECT_NEAR(found.variance, 0.25, 0.01);
}

}  // namespace
}  // namespace caviar
