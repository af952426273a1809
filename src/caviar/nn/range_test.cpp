#include "caviar/nn/range_test.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/training.hpp"

namespace caviar {
namespace {

void check(const RangeTest& range) {
  const auto need = [](bool makes_sense, const std::string& what, double value,
                       const std::string& expected) {
    if (makes_sense) return;
    throw Error(Fault::input, "range test: " + what + " " + number_text(value) + " was given, " +
                                  expected + " was expected");
  };
  need(range.low > 0 && std::isfinite(range.low), "low", range.low, "a rate above 0");
  need(range.high > range.low && std::isfinite(range.high), "high", range.high,
       "a rate above " + number_text(range.low));
  need(range.iterations >= 2, "iterations", range.iterations, "a whole number from 2");
  need(range.smoothing >= 0 && range.smoothing < 1, "smoothing", range.smoothing,
       "a number from 0 to below 1");
  need(range.give_up > 1, "give_up", range.give_up, "a number above 1");
}

// The slope of the smoothed loss by the logarithm of the rate, by least squares over `count`
// points.
double slope_of(const RatePoint* points, std::size_t count) {
  const double middle = 0.5 * static_cast<double>(count - 1);
  double along = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double offset = static_cast<double>(i) - middle;
    along += offset * points[i].smoothed;
    squares += offset * offset;
  }
  return along / squares;
}

// The steepest fall before the minimum, over a tenth of the points at a time. The first averages
// rest on few iterations and jump about, so they have no say where there are enough others.
void read_off(RateCurve& curve, double smoothing) {
  const auto& points = curve.points;
  const auto settled = static_cast<std::size_t>(1 / (1 - smoothing));
  const std::size_t first = 3 * settled <= points.size() ? settled : 0;
  const auto lowest = std::min_element(
      points.begin() + static_cast<std::ptrdiff_t>(first), points.end(),
      [](const RatePoint& x, const RatePoint& y) { return x.smoothed < y.smoothed; });
  if (lowest == points.end()) return;
  curve.largest = lowest->rate;
  const auto end = static_cast<std::size_t>(lowest - points.begin()) + 1;
  const std::size_t width = std::max<std::size_t>(3, points.size() / 10);
  double steepest = 0;
  for (std::size_t i = first; i + width <= end; ++i) {
    const double slope = slope_of(points.data() + i, width);
    if (slope >= steepest) continue;
    steepest = slope;
    curve.steepest = points[i + width / 2].rate;
  }
}

}  // namespace

template <class T>
RateCurve range_test(Model<T> model, const Samples<T>& training, const FitOptions& options,
                     const Knobs& knobs, const RangeTest& range) {
  check(range);
  const double growth = std::pow(range.high / range.low, 1.0 / (range.iterations - 1));
  FitOptions quick = options;
  quick.schedule = {};
  quick.patience.reset();
  quick.epochs = range.iterations;  // more than enough: an epoch has at least one iteration
  Knobs now = knobs;
  now.learning_rate = range.low;
  RateCurve curve;
  double average = 0, weight = 0, smallest = std::numeric_limits<double>::infinity();
  const auto watch = [&](const IterationStats& stats) {
    average = range.smoothing * average + (1 - range.smoothing) * stats.loss;
    weight = range.smoothing * weight + (1 - range.smoothing);
    const double smoothed = average / weight;
    curve.points.push_back({stats.learning_rate, stats.loss, smoothed});
    smallest = std::min(smallest, smoothed);
    now.learning_rate *= growth;
    const bool enough = curve.points.size() >= static_cast<std::size_t>(range.iterations);
    return enough || smoothed > range.give_up * smallest ? Flow::stop : Flow::go;
  };
  Training<T>(model, training, {}, quick, now).run({.on_iteration = watch});
  read_off(curve, range.smoothing);
  return curve;
}

template RateCurve range_test(Model<float>, const Samples<float>&, const FitOptions&, const Knobs&,
                              const RangeTest&);
template RateCurve range_test(Model<double>, const Samples<double>&, const FitOptions&,
                              const Knobs&, const RangeTest&);

}  // namespace caviar
