// What the training benchmarks measure with.
#pragma once

#include <functional>
#include <vector>

namespace caviar::bench {

// Seconds of one call: the median of `runs` runs of as many calls as fill `run_seconds`.
double seconds_per_call(const std::function<void()>& call, int runs = 7, double run_seconds = 0.01);

// The same for several calls, in turns, so that a disturbance meets all of them.
std::vector<double> seconds_per_call(const std::vector<std::function<void()>>& calls, int runs = 7,
                                     double run_seconds = 0.01);

// The most float32 operations a second that one core does here, by fused multiply-adds on
// registers: two operations each.
double peak_flops();

}  // namespace caviar::bench
