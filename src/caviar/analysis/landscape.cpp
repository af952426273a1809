#include "caviar/analysis/landscape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "caviar/analysis/evidence.hpp"
#include "caviar/math/gaussian_process.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_rows = 240;

// The places at which a parameter is looked at: the middles of its cells where it has few values.
std::vector<double> places(const Distribution& distribution, std::size_t points) {
  const std::optional<std::uint64_t> values = cardinality(distribution);
  std::vector<double> units;
  if (values && *values <= points) {
    for (std::uint64_t index = 0; index < *values; ++index) {
      units.push_back(encode(distribution, value_at(distribution, index)));
    }
    return units;
  }
  for (std::size_t point = 0; point < points; ++point) {
    units.push_back(static_cast<double>(point) / static_cast<double>(points - 1));
  }
  return units;
}

// A place as the model knows it: a category's coordinate is its cell's middle, nothing between.
double snapped(const Distribution& distribution, double unit) {
  return is_categorical(distribution) ? encode(distribution, decode(distribution, unit)) : unit;
}

std::vector<std::vector<double>> ranked_units(const History& history) {
  std::vector<const Trial*> complete;
  for (const Trial& trial : history.trials()) {
    const bool whole = trial.unit.size() == history.space().size();
    if (trial.state == TrialState::complete && whole && !is_touched(trial))
      complete.push_back(&trial);
  }
  const auto standing = [&](const Trial* trial) {  // solutions first
    return std::pair(!is_solution(history.goal(), *trial), history.loss(*trial));
  };
  std::stable_sort(complete.begin(), complete.end(),
                   [&](const Trial* a, const Trial* b) { return standing(a) < standing(b); });
  std::vector<std::vector<double>> units;
  for (const Trial* trial : complete) units.push_back(trial->unit);
  return units;
}

}  // namespace

struct Landscape::Model {
  Space space;
  Taming taming;
  GaussianProcess process;
  std::vector<std::vector<double>> ranked;  // unit vectors of the complete trials, the best first

  // The best trial in which these parameters are in use, or the best of all.
  const std::vector<double>& base(std::span<const std::size_t> parameters) const {
    for (const std::vector<double>& unit : ranked) {
      const auto used = [&](std::size_t parameter) { return !std::isnan(unit[parameter]); };
      if (std::all_of(parameters.begin(), parameters.end(), used)) return unit;
    }
    return ranked.front();
  }

  // Appends a point to look at. Where moving it has put parameters in or out of use, their
  // coordinates follow: the middle of the axis, or NaN.
  void append(std::vector<double>& points, std::vector<double> unit) const {
    if (space.has_conditions()) {
      for (double& each : unit) {
        if (std::isnan(each)) each = 0.5;
      }
      const std::vector<double> active = encode(space, decode(space, unit));
      for (std::size_t axis = 0; axis < unit.size(); ++axis) {
        if (std::isnan(active[axis])) unit[axis] = active[axis];
      }
    }
    points.insert(points.end(), unit.begin(), unit.end());
  }
};

std::optional<Landscape> Landscape::learn(const History& history) {
  const std::optional<Evidence> all = evidence(history);
  if (!all) return std::nullopt;
  std::vector<std::vector<double>> ranked = ranked_units(history);
  if (ranked.empty()) return std::nullopt;
  const Evidence seen = thinned(*all, most_rows);
  std::vector<Axis> axes;
  for (const Parameter& parameter : history.space().parameters()) {
    axes.push_back({is_categorical(parameter.distribution)});
  }
  Landscape landscape;
  landscape.model_ = std::make_shared<Model>(
      Model{history.space(), seen.taming,
            GaussianProcess::fit(std::move(axes), seen.units, seen.losses), std::move(ranked)});
  return landscape;
}

Slice Landscape::slice(std::size_t parameter, std::size_t points) const {
  const Model& model = *model_;
  Slice slice;
  slice.parameter = parameter;
  slice.unit = places(model.space[parameter].distribution, points);
  std::vector<double> unit = model.base(std::array{parameter});
  std::vector<double> where;
  for (double place : slice.unit) {
    unit[parameter] = place;
    model.append(where, unit);
  }
  for (const auto& [mean, variance] : model.process.predict_all(where)) {
    const double deviation = std::sqrt(variance);
    const double one = model.taming.value(mean - deviation);
    const double other = model.taming.value(mean + deviation);
    slice.value.push_back(model.taming.value(mean));
    slice.low.push_back(std::min(one, other));
    slice.high.push_back(std::max(one, other));
  }
  return slice;
}

Surface Landscape::surface(std::size_t x, std::size_t y, std::size_t cells) const {
  const Model& model = *model_;
  Surface surface{x, y, cells, cells, {}, {}};
  const auto middle = [&](std::size_t axis, std::size_t cell) {
    const double place = (static_cast<double>(cell) + 0.5) / static_cast<double>(cells);
    return snapped(model.space[axis].distribution, place);
  };
  std::vector<double> unit = model.base(std::array{x, y});
  std::vector<double> where;
  for (std::size_t row = 0; row < cells; ++row) {
    unit[y] = middle(y, row);
    for (std::size_t column = 0; column < cells; ++column) {
      unit[x] = middle(x, column);
      model.append(where, unit);
    }
  }
  for (const auto& prediction : model.process.predict_all(where)) {
    const double deviation = std::sqrt(prediction.variance);
    surface.value.push_back(model.taming.value(prediction.mean));
    surface.deviation.push_back(std::abs(model.taming.value(prediction.mean + deviation) -
                                         model.taming.value(prediction.mean - deviation)) /
                                2);
  }
  return surface;
}

}  // namespace caviar
