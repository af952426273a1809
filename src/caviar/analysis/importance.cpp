#include "caviar/analysis/importance.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "caviar/analysis/evidence.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_paired = 8;

// One axis of one tree, cut into the cells between all thresholds of its leaves; a category is a
// cell.
class Cells {
 public:
  Cells(const std::vector<Leaf>& tree, std::size_t axis, int categories)
      : axis_(axis), categories_(categories) {
    if (categories_ > 0) {
      widths_.assign(static_cast<std::size_t>(categories_), 1.0 / categories_);
      return;
    }
    edges_ = {0, 1};
    for (const Leaf& leaf : tree) edges_.push_back(leaf.sides[axis].low);
    std::sort(edges_.begin(), edges_.end());
    edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
    for (std::size_t cell = 0; cell + 1 < edges_.size(); ++cell) {
      widths_.push_back(edges_[cell + 1] - edges_[cell]);
    }
  }

  const std::vector<double>& widths() const { return widths_; }
  double share(const Leaf& leaf) const { return caviar::share(leaf.sides[axis_], categories_); }

  // Calls visit(cell) for every cell that the leaf covers.
  template <class Visit>
  void each(const Leaf& leaf, Visit&& visit) const {
    const Side& side = leaf.sides[axis_];
    if (categories_ > 0) {
      for (std::size_t cell = 0; cell < widths_.size(); ++cell) {
        if ((side.categories >> cell) & 1) visit(cell);
      }
      return;
    }
    const auto first = std::lower_bound(edges_.begin(), edges_.end(), side.low) - edges_.begin();
    const auto last = std::lower_bound(edges_.begin(), edges_.end(), side.high) - edges_.begin();
    for (auto cell = first; cell < last; ++cell) visit(static_cast<std::size_t>(cell));
  }

 private:
  std::size_t axis_;
  int categories_;
  std::vector<double> edges_, widths_;
};

// The variance of one tree over the unit cube, and its parts.
class TreeVariance {
 public:
  TreeVariance(const std::vector<Leaf>& tree, const std::vector<int>& categories) : tree_(tree) {
    for (std::size_t axis = 0; axis < categories.size(); ++axis) {
      cells_.emplace_back(tree, axis, categories[axis]);
    }
    double square = 0;
    for (const Leaf& leaf : tree) {
      double volume = 1;
      for (const Cells& cells : cells_) volume *= cells.share(leaf);
      volumes_.push_back(volume);
      mean_ += volume * leaf.value;
      square += volume * leaf.value * leaf.value;
    }
    total_ = square - mean_ * mean_;
  }

  double total() const { return total_; }

  // Variance of the marginal a(x) = ∫ tree over all other axes (equation 5 and 8 of the paper).
  double single(std::size_t axis) const {
    const Cells& cells = cells_[axis];
    std::vector<double> marginal(cells.widths().size());
    for (std::size_t leaf = 0; leaf < tree_.size(); ++leaf) {
      const double mass = tree_[leaf].value * volumes_[leaf] / cells.share(tree_[leaf]);
      cells.each(tree_[leaf], [&](std::size_t cell) { marginal[cell] += mass; });
    }
    double variance = 0;
    for (std::size_t cell = 0; cell < marginal.size(); ++cell) {
      variance += cells.widths()[cell] * (marginal[cell] - mean_) * (marginal[cell] - mean_);
    }
    return variance;
  }

  // Variance of the marginal over two axes; what the two explain singly is still in it.
  double both(std::size_t first, std::size_t second) const {
    const Cells& rows = cells_[first];
    const Cells& columns = cells_[second];
    const std::size_t width = columns.widths().size();
    std::vector<double> marginal(rows.widths().size() * width);
    for (std::size_t leaf = 0; leaf < tree_.size(); ++leaf) {
      const double mass = tree_[leaf].value * volumes_[leaf] /
                          (rows.share(tree_[leaf]) * columns.share(tree_[leaf]));
      rows.each(tree_[leaf], [&](std::size_t row) {
        columns.each(tree_[leaf],
                     [&](std::size_t column) { marginal[row * width + column] += mass; });
      });
    }
    double variance = 0;
    for (std::size_t row = 0; row < rows.widths().size(); ++row) {
      for (std::size_t column = 0; column < width; ++column) {
        const double away = marginal[row * width + column] - mean_;
        variance += rows.widths()[row] * columns.widths()[column] * away * away;
      }
    }
    return variance;
  }

 private:
  const std::vector<Leaf>& tree_;
  std::vector<Cells> cells_;
  std::vector<double> volumes_;
  double mean_ = 0, total_ = 0;
};

struct MeanAndSpread {
  double mean = 0, spread = 0;
};

MeanAndSpread summarise(const std::vector<double>& shares) {
  double sum = 0, square = 0;
  for (double share : shares) {
    sum += share;
    square += share * share;
  }
  const auto count = static_cast<double>(shares.size());
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, square / count - mean * mean))};
}

std::vector<int> categories_of(const Space& space) {
  std::vector<int> categories;
  for (const Parameter& parameter : space.parameters()) {
    const auto* choice = std::get_if<Choice>(&parameter.distribution);
    const std::size_t count = choice && !choice->ordered ? choice->values.size() : 0;
    categories.push_back(count >= 2 && count <= 64 ? static_cast<int>(count) : 0);
  }
  return categories;
}

template <class Item>
void greatest_first(std::vector<Item>& items) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.share > b.share; });
}

}  // namespace

std::optional<Importance> importance(const Forest& forest) {
  std::vector<TreeVariance> trees;
  for (const Tree& tree : forest.trees()) {
    TreeVariance variance(tree.leaves, forest.categories());
    if (variance.total() > 1e-12) trees.push_back(std::move(variance));
  }
  if (trees.empty()) return std::nullopt;
  const std::size_t axes = forest.categories().size();
  std::vector<std::vector<double>> singles(axes);  // variances, axis by tree
  Importance result;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::vector<double> shares;
    for (const TreeVariance& tree : trees) {
      singles[axis].push_back(tree.single(axis));
      shares.push_back(singles[axis].back() / tree.total());
    }
    const auto [mean, spread] = summarise(shares);
    result.parameters.push_back({axis, mean, spread});
  }
  greatest_first(result.parameters);
  const std::size_t paired = std::min(axes, most_paired);
  for (std::size_t a = 0; a < paired; ++a) {
    for (std::size_t b = a + 1; b < paired; ++b) {
      const std::size_t first = result.parameters[a].parameter;
      const std::size_t second = result.parameters[b].parameter;
      std::vector<double> shares;
      for (std::size_t tree = 0; tree < trees.size(); ++tree) {
        const double alone = singles[first][tree] + singles[second][tree];
        const double beyond = trees[tree].both(first, second) - alone;
        shares.push_back(std::max(0.0, beyond) / trees[tree].total());
      }
      const auto [mean, spread] = summarise(shares);
      result.pairs.push_back({first, second, mean, spread});
    }
  }
  greatest_first(result.pairs);
  return result;
}

std::optional<Importance> importance(const History& history, const ImportanceOptions& options) {
  const std::optional<Evidence> known = evidence(history, options.objective);
  if (!known) return std::nullopt;
  Rng rng(options.seed, 0xfa0fa);
  return importance(
      Forest(known->units, known->losses, categories_of(history.space()), options.forest, rng));
}

}  // namespace caviar
