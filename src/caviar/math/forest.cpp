#include "caviar/math/forest.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

namespace caviar {
namespace {

// Where a set of rows is cut in two: below a threshold, or by category.
struct Split {
  std::size_t axis = 0;
  double threshold = 0;
  std::uint64_t left = 0;
  double gain = 0;  // how much less the squares about the mean(s) sum up to
};

// Grows one tree on one bootstrap sample.
class Grower {
 public:
  Grower(std::span<const double> units, std::span<const double> values,
         const std::vector<int>& categories, const ForestOptions& options, Rng& rng)
      : categories_(categories),
        leaf_rows_(options.leaf_rows),
        rng_(rng),
        axes_(categories.size()) {
    const std::size_t given = values.size();
    const std::size_t rows = std::min(given, options.rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t from = rng_.below(given);
      values_.push_back(values[from]);
      for (std::size_t axis = 0; axis < axes_; ++axis) {
        const double unit = units[from * axes_ + axis];
        units_.push_back(std::isnan(unit) ? rng_.uniform() : unit);
      }
    }
  }

  Tree grow() {
    std::vector<std::size_t> rows(values_.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    grow(rows);
    return std::move(tree_);
  }

 private:
  double unit(std::size_t row, std::size_t axis) const { return units_[row * axes_ + axis]; }

  bool goes_left(const Split& split, std::size_t row) const {
    const double at = unit(row, split.axis);
    const int count = categories_[split.axis];
    return count == 0 ? at < split.threshold : (split.left >> category_at(at, count)) & 1;
  }

  int add_leaf(std::span<const std::size_t> rows) {
    const auto count = static_cast<double>(rows.size());
    double sum = 0, squares = 0;
    for (const std::size_t row : rows) sum += values_[row];
    for (const std::size_t row : rows) squares += std::pow(values_[row] - sum / count, 2);
    tree_.leaves.push_back({sum / count, squares / count});
    return -static_cast<int>(tree_.leaves.size());
  }

  // The index of what was grown, as a child.
  int grow(std::span<std::size_t> rows) {
    const std::optional<Split> split = best_split(rows);
    if (!split) return add_leaf(rows);
    const std::size_t at = tree_.nodes.size();
    tree_.nodes.push_back({split->axis, split->threshold, split->left, 0, 0});
    const auto middle = std::partition(rows.begin(), rows.end(),
                                       [&](std::size_t row) { return goes_left(*split, row); });
    const auto count = static_cast<std::size_t>(middle - rows.begin());
    const int left_child = grow(rows.first(count));
    const int right_child = grow(rows.subspan(count));
    tree_.nodes[at].left = left_child;
    tree_.nodes[at].right = right_child;
    return static_cast<int>(at);
  }

  // Each split looks at a random 5 of 6 axes, as the forests of SMAC do: trees then differ.
  std::optional<Split> best_split(std::span<const std::size_t> rows) {
    if (rows.size() < 2 * leaf_rows_) return std::nullopt;
    std::vector<std::size_t> axes(axes_);
    std::iota(axes.begin(), axes.end(), std::size_t{0});
    rng_.shuffle(std::span(axes));
    axes.resize(std::max<std::size_t>(1, (5 * axes_ + 5) / 6));
    Split best;
    for (std::size_t axis : axes) {
      const Split split =
          categories_[axis] > 0 ? by_category(rows, axis) : by_threshold(rows, axis);
      if (split.gain > best.gain) best = split;
    }
    if (best.gain <= 1e-12) return std::nullopt;
    return best;
  }

  Split by_threshold(std::span<const std::size_t> rows, std::size_t axis) {
    sorted_.clear();
    double total = 0;
    for (std::size_t row : rows) {
      sorted_.emplace_back(unit(row, axis), values_[row]);
      total += values_[row];
    }
    std::sort(sorted_.begin(), sorted_.end());
    Split best{axis, 0, 0, 0};
    std::size_t cut = 0;
    double left = 0;
    const auto count = static_cast<double>(rows.size());
    for (std::size_t row = 1; row < sorted_.size(); ++row) {
      left += sorted_[row - 1].second;
      if (sorted_[row].first <= sorted_[row - 1].first) continue;
      if (row < leaf_rows_ || sorted_.size() - row < leaf_rows_) continue;
      const auto below = static_cast<double>(row);
      const double gain = gain_of(left, below, total, count);
      if (gain > best.gain) {
        best.gain = gain;
        cut = row;
      }
    }
    // Anywhere between the two neighbours is as good: drawn, so that the forest's mean is smooth.
    if (cut > 0) {
      best.threshold = rng_.uniform(sorted_[cut - 1].first, sorted_[cut].first);
      if (best.threshold <= sorted_[cut - 1].first) best.threshold = sorted_[cut].first;
    }
    return best;
  }

  // The best of all two-way splits puts the categories in the order of their means and cuts there
  // (Fisher, 1958). Categories that no row has go left or right by chance.
  Split by_category(std::span<const std::size_t> rows, std::size_t axis) {
    const int count = categories_[axis];
    std::vector<double> sums(static_cast<std::size_t>(count)), sizes(sums.size());
    double total = 0;
    for (std::size_t row : rows) {
      const auto at = static_cast<std::size_t>(category_at(unit(row, axis), count));
      sums[at] += values_[row];
      sizes[at] += 1;
      total += values_[row];
    }
    std::vector<std::size_t> order;
    Split best{axis, 0, 0, 0};
    std::uint64_t absent = 0;
    for (std::size_t at = 0; at < sums.size(); ++at) {
      if (sizes[at] > 0)
        order.push_back(at);
      else if (rng_.below(2) == 0)
        absent |= std::uint64_t{1} << at;
    }
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return sums[a] / sizes[a] < sums[b] / sizes[b]; });
    double left = 0, below = 0;
    std::uint64_t set = absent;
    for (std::size_t place = 0; place + 1 < order.size(); ++place) {
      left += sums[order[place]];
      below += sizes[order[place]];
      set |= std::uint64_t{1} << order[place];
      const auto least = static_cast<double>(leaf_rows_);
      const auto all = static_cast<double>(rows.size());
      if (below < least || all - below < least) continue;
      const double gain = gain_of(left, below, total, all);
      if (gain > best.gain) {
        best.gain = gain;
        best.left = set;
      }
    }
    return best;
  }

  static double gain_of(double left, double below, double total, double count) {
    const double right = total - left;
    return left * left / below + right * right / (count - below) - total * total / count;
  }

  const std::vector<int>& categories_;
  std::size_t leaf_rows_;
  Rng& rng_;
  std::size_t axes_;
  std::vector<double> units_, values_;
  std::vector<std::pair<double, double>> sorted_;
  Tree tree_;
};

}  // namespace

int category_at(double unit, int categories) {
  return std::clamp(static_cast<int>(unit * categories), 0, categories - 1);
}

Forest::Forest(std::span<const double> units, std::span<const double> values,
               std::vector<int> categories, const ForestOptions& options, Rng& rng)
    : categories_(std::move(categories)) {
  for (int tree = 0; tree < options.trees; ++tree) {
    trees_.push_back(Grower(units, values, categories_, options, rng).grow());
  }
}

const Leaf& Forest::leaf_of(const Tree& tree, std::span<const double> unit) const {
  int at = tree.nodes.empty() ? -1 : 0;
  while (at >= 0) {
    const Tree::Node& node = tree.nodes[static_cast<std::size_t>(at)];
    const double x = unit[node.axis];
    const int count = categories_[node.axis];
    const bool left =
        count == 0 ? x < node.threshold : ((node.categories >> category_at(x, count)) & 1) != 0;
    at = left ? node.left : node.right;
  }
  return tree.leaves[static_cast<std::size_t>(-1 - at)];
}

double Forest::predict(std::span<const double> unit) const {
  return predict_with_variance(unit).mean;
}

Forest::Prediction Forest::predict_with_variance(std::span<const double> unit) const {
  double sum = 0, squares = 0, within = 0;
  for (const Tree& tree : trees_) {
    const Leaf& leaf = leaf_of(tree, unit);
    sum += leaf.value;
    squares += leaf.value * leaf.value;
    within += leaf.variance;
  }
  const auto count = static_cast<double>(trees_.size());
  const double mean = sum / count;
  return {mean, within / count + std::max(0.0, squares / count - mean * mean)};
}

}  // namespace caviar
