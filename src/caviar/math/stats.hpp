// Descriptive statistics of plain numbers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace caviar {

double mean(std::span<const double> values);                // at least one value
double variance(std::span<const double> values);            // of the sample (n − 1); 0 below two
double standard_deviation(std::span<const double> values);  // its root
// By linear interpolation between order statistics (Hyndman and Fan 1996, type 7), 0 ≤ share ≤ 1.
double quantile(std::span<const double> values, double share);
double median(std::span<const double> values);

// The place of each value in ascending order, 0 … n − 1; equal values share their mean place.
std::vector<double> ranks(std::span<const double> values);
// Indices that would sort the values; equal values keep their order.
std::vector<std::size_t> ascending(std::span<const double> values);

}  // namespace caviar
