// Family table: settings of scikit-learn's models on real data, from the tables that make_tables.py
// writes. Between the grid's values of numbers the losses are interpolated linearly (on the
// parameter's own scale), so that the lowest cell of the table is the minimum.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/node.hpp"
#include "caviar/data/content.hpp"
#include "caviar/space/space_text.hpp"

#include "suite.hpp"

namespace caviar::quality {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Where a value lies among the levels of its axis: `share` of the way from level `below` to the
// next.
struct Place {
  std::size_t below = 0;
  double share = 0;
};

class Table {
 public:
  explicit Table(const Node& node) : space_(parse_space(node_at(node, "space"))) {
    for (const Parameter& parameter : space_.parameters()) {
      std::vector<Value> levels;
      for (const Node& level : node_at(node_at(node, "levels"), parameter.name).items()) {
        levels.push_back(normalised(parameter.distribution, parse_value(level)));
      }
      levels_.push_back(std::move(levels));
    }
    for (const Node& loss : node_at(node, "losses").items()) {
      losses_.push_back(loss.is_null() ? missing : loss.number());
    }
    std::size_t cells = 1;
    for (const auto& levels : levels_) cells *= levels.size();
    if (cells != losses_.size()) node.fail("as many losses as cells are expected");
  }

  const Space& space() const { return space_; }

  double lowest() const {
    double lowest = std::numeric_limits<double>::infinity();
    for (const double loss : losses_) lowest = std::fmin(lowest, loss);
    return lowest;
  }

  // NaN where a cell that counts has no loss.
  double loss(const Point& point) const {
    std::vector<Place> places;
    for (std::size_t axis = 0; axis < levels_.size(); ++axis) places.push_back(place(axis, point));
    return interpolated(places, 0, 0);
  }

 private:
  static const Node& node_at(const Node& node, const std::string& key) {
    const Node* found = node.find(key);
    if (found == nullptr) node.fail(key + " is missing");
    return *found;
  }

  Place place(std::size_t axis, const Point& point) const {
    const Parameter& parameter = space_[axis];
    const std::vector<Value>& levels = levels_[axis];
    const Value* value = point.find(parameter.name);
    if (value == nullptr) return {};  // inactive: all levels hold the same losses
    if (is_categorical(parameter.distribution)) {
      const auto found =
          std::ranges::find_if(levels, [&](const Value& level) { return same(level, *value); });
      return {static_cast<std::size_t>(found - levels.begin()), 0};
    }
    const double at = on_axis(parameter.distribution, *value);
    std::size_t below = 0;
    while (below + 2 < levels.size() && on_axis(parameter.distribution, levels[below + 1]) <= at)
      ++below;
    const double low = on_axis(parameter.distribution, levels[below]),
                 high = on_axis(parameter.distribution, levels[below + 1]);
    return {below, std::clamp((at - low) / (high - low), 0.0, 1.0)};
  }

  static double on_axis(const Distribution& distribution, const Value& value) {
    const double number = as_number(value).value();
    const bool log = std::visit(
        [](const auto& axis) {
          if constexpr (requires { axis.scale; }) return axis.scale == Scale::log;
          return false;
        },
        distribution);
    return log ? std::log(number) : number;
  }

  double interpolated(const std::vector<Place>& places, std::size_t axis, std::size_t cell) const {
    if (axis == places.size()) return losses_[cell];
    const auto [below, share] = places[axis];
    cell = cell * levels_[axis].size() + below;
    if (share == 0) return interpolated(places, axis + 1, cell);
    if (share == 1) return interpolated(places, axis + 1, cell + 1);
    return (1 - share) * interpolated(places, axis + 1, cell) +
           share * interpolated(places, axis + 1, cell + 1);
  }

  Space space_;
  std::vector<std::vector<Value>> levels_;  // of each axis, in the space's order
  std::vector<double> losses_;              // row-major, the last axis fastest
};

Problem from_table(const std::string& name) {
  const std::string path = std::string(CAVIAR_QUALITY_TABLES) + "/" + name + ".json.gz";
  const auto table =
      std::make_shared<const Table>(Node::parse_json(read_content(path).bytes, path));
  return {.name = "table/" + name,
          .family = "table",
          .space = table->space(),
          .best = table->lowest(),
          .loss = [table](const Point& point) { return table->loss(point); }};
}

}  // namespace

std::vector<Problem> table_problems() {
  return {
      from_table("svm_breast"),
      from_table("svm_digits"),
      from_table("svr_diabetes"),
      held_out(from_table("neighbours_digits")),
      from_table("tree_breast"),
      from_table("forest_breast"),
      held_out(from_table("extra_trees_wine")),
      from_table("forest_diabetes"),
      from_table("boosting_diabetes"),
      held_out(from_table("boosting_penguins")),
      from_table("ada_breast"),
      from_table("network_wine"),
      from_table("linear_digits"),
      held_out(from_table("ridge_diabetes")),
      from_table("elastic_diabetes"),
  };
}

}  // namespace caviar::quality
