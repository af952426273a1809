// Which learning rates work: the rate rises from iteration to iteration, and the loss tells
// (Smith, 2017, §3.3).
#pragma once

#include <vector>

#include "caviar/nn/fit.hpp"

namespace caviar {

struct RangeTest {
  double low = 1e-7, high = 10;  // the rates of the first and the last iteration, 0 < low < high
  int iterations = 200;          // at least 2
  double smoothing = 0.9;        // of the loss: the share that each iteration leaves, [0, 1)
  double give_up = 4;            // stop when the smoothed loss is so many times the smallest
};

struct RatePoint {
  double rate = 0, loss = 0, smoothed = 0;
};

struct RateCurve {
  std::vector<RatePoint> points;  // by rising rate; shorter where the loss ran away
  double steepest = unknown;      // where the smoothed loss falls fastest: a good rate; unknown
                                  // where it never falls
  double largest = unknown;       // the rate of its minimum: from here on training is unstable
};

// Trains a copy of the model. The options say loss, optimiser, batch size and seed; the knobs all
// but the rate. Throws Error{input} where the range makes no sense.
template <class T>
RateCurve range_test(Model<T> model, const Samples<T>& training, const FitOptions& options,
                     const Knobs& knobs, const RangeTest& range);

}  // namespace caviar
