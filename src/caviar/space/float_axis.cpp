// Floats on the unit interval. The comments bound the rounding errors: a continuous float is read
// back exactly because decode lands within half a grid step of the value that was encoded.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "caviar/space/axis.hpp"
#include "caviar/space/decimal.hpp"

namespace caviar {
namespace {

constexpr int grid_digits = 12;            // of the decimal grid
constexpr int finest_reverse_places = 15;  // below 1, doubles lie 1.1e-16 apart
constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double denormal = std::numeric_limits<double>::denorm_min();
constexpr double step_tolerance = 1e-6;  // of a step

// The axis on which equal shares are equal distances: x, log x, or log(1 − x) with the sign turned.
double to_axis(Scale scale, double x) {
  return scale == Scale::log ? std::log(x) : scale == Scale::reverse_log ? -std::log1p(-x) : x;
}

// Decimal places of the linear grid: grid_digits digits of the range, but at least 32 ulps of the
// larger end. Encode and decode together err by less than 6 ulps of it, and multiples stay below
// 2^48.
int linear_places(double low, double high) {
  const double range = std::min(high - low, std::numeric_limits<double>::max());
  const double finest = 32 * (epsilon * std::max(std::fabs(low), std::fabs(high)) + denormal);
  const int wanted = grid_digits - 1 - decimal_exponent(range);
  if (wanted >= 0 && wanted <= 22 && power_of_ten(wanted) * finest <= 1) return wanted;
  return std::min(wanted, static_cast<int>(std::floor(-std::log10(finest))));
}

// Significant digits of the value on a logarithmic axis from `start` to `end`. Encode and decode
// together err by less than 8 eps of the larger end, which relative to x is the same.
int log_digits(double start, double end) {
  const double span = end - start;
  const double error = 16 * epsilon * (1 + std::max(std::fabs(start), std::fabs(end)));
  if (span >= 1 && error < 1e-12) return grid_digits;
  const int wanted = grid_digits - decimal_exponent(std::clamp(span, epsilon, 1.0));
  return std::min(wanted, static_cast<int>(std::floor(-std::log10(error))));
}

double decode_linear(const Float& axis, double unit) {
  const double x = axis.low * (1 - unit) + axis.high * unit;  // never overflows
  return round_to_places(x, linear_places(axis.low, axis.high));
}

double decode_log(const Float& axis, double unit) {
  const double start = std::log(axis.low), end = std::log(axis.high);
  const double x = std::clamp(std::exp(start + unit * (end - start)), axis.low, axis.high);
  return round_to_places(x, log_digits(start, end) - 1 - decimal_exponent(x));
}

double decode_reverse_log(const Float& axis, double unit) {
  const double start = to_axis(axis.scale, axis.low), end = to_axis(axis.scale, axis.high);
  const double y = std::exp(-(start + unit * (end - start)));  // 1 − x
  const int places =
      std::min(log_digits(start, end) - 1 - decimal_exponent(y), finest_reverse_places);
  if (places < 0) return 1 - round_to_places(y, places);
  // Subtracting the multiples, which are whole, keeps x the double nearest to its decimal text.
  const double power = power_of_ten(places);
  return (power - std::nearbyint(y * power)) / power;
}

double encode_continuous(const Float& axis, double x) {
  const double low = to_axis(axis.scale, axis.low), high = to_axis(axis.scale, axis.high);
  const double at = to_axis(axis.scale, x);
  const double range = high - low;
  if (range == 0) return 0.5;  // ends so close that their logarithms are one
  return std::isfinite(range) ? (at - low) / range : (at / 2 - low / 2) / (high / 2 - low / 2);
}

// base · factor^exponent without leaving the range of doubles on the way.
double times_power(double base, double factor, double exponent) {
  const double half = std::floor(exponent / 2);
  return base * std::pow(factor, half) * std::pow(factor, exponent - half);
}

double significant(double x, int digits) {
  return x == 0 ? 0 : round_to_places(x, digits - 1 - decimal_exponent(x));
}

double stepped_value(const Float& axis, double index) {
  switch (axis.scale) {
    case Scale::linear: {
      const double size = std::max(std::fabs(axis.low), std::fabs(axis.high));
      // fma, because index · step alone may overflow; 15 digits turn 0.30000000000000004 into 0.3.
      return round_to_places(std::fma(index, axis.step, axis.low), 14 - decimal_exponent(size));
    }
    case Scale::log:
      return significant(times_power(axis.low, axis.step, index), 14);
    case Scale::reverse_log: {
      const double y = significant(times_power(1 - axis.low, 1 / axis.step, index), 14);
      return y < 2 ? round_to_places(1 - y, finest_reverse_places) : 1 - y;
    }
  }
  return axis.low;
}

// How many steps `value` lies above low, as a real number.
double steps_to(const Float& axis, double value) {
  if (axis.scale != Scale::linear) {
    return (to_axis(axis.scale, value) - to_axis(axis.scale, axis.low)) / std::log(axis.step);
  }
  const double distance = value - axis.low;
  return std::isfinite(distance) ? distance / axis.step : value / axis.step - axis.low / axis.step;
}

// Where a finite number stands among all doubles, 0 at zero; neighbours differ by 1.
std::int64_t rank_of(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x);
  return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

double number_of_rank(std::int64_t rank) {
  return rank < 0 ? -std::bit_cast<double>(-rank) : std::bit_cast<double>(rank);
}

// A continuous range so narrow that its doubles can be counted is the finite set that it is: the
// decimal grid would meet few of them, and these again and again.
std::optional<std::uint64_t> narrow_count(const Float& axis) {
  constexpr std::uint64_t most = 1 << 16;
  const auto last = static_cast<std::uint64_t>(rank_of(axis.high)) -
                    static_cast<std::uint64_t>(rank_of(axis.low));
  return last < most ? std::optional(last + 1) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> count(const Float& axis) {
  if (axis.low == axis.high) return 1;
  if (axis.step == 0) return narrow_count(axis);
  return static_cast<std::uint64_t>(steps_to(axis, axis.high) + step_tolerance) + 1;
}

double value_at(const Float& axis, std::uint64_t index) {
  const auto steps = static_cast<double>(index);
  if (index == 0) return axis.low + 0.0;
  if (axis.step == 0) return number_of_rank(rank_of(axis.low) + static_cast<std::int64_t>(index));
  if (steps_to(axis, axis.high) - steps < step_tolerance) return axis.high + 0.0;
  return std::clamp(stepped_value(axis, steps), axis.low, axis.high) + 0.0;
}

std::optional<std::uint64_t> index_of(const Float& axis, double value) {
  if (axis.low == axis.high)
    return value == axis.low ? std::optional<std::uint64_t>(0) : std::nullopt;
  if (axis.step == 0) {
    if (!(value >= axis.low && value <= axis.high)) return std::nullopt;
    return static_cast<std::uint64_t>(rank_of(value) - rank_of(axis.low));
  }
  const double steps = steps_to(axis, value), nearest = std::nearbyint(steps);
  if (!(nearest >= 0 && nearest < static_cast<double>(*count(axis)))) return std::nullopt;
  const auto index = static_cast<std::uint64_t>(nearest);
  // Near 1 on the reverse scale a value is exact to an ulp, but not to a millionth of a step.
  if (std::fabs(steps - nearest) > step_tolerance && value_at(axis, index) != value)
    return std::nullopt;
  return index;
}

double decode_axis(const Float& axis, double unit) {
  if (const auto values = count(axis)) return value_at(axis, cell_at(unit, *values));
  double x = unit <= 0 ? axis.low : axis.high;
  if (unit > 0 && unit < 1) {
    x = axis.scale == Scale::linear ? decode_linear(axis, unit)
        : axis.scale == Scale::log  ? decode_log(axis, unit)
                                    : decode_reverse_log(axis, unit);
  }
  return std::clamp(x, axis.low, axis.high) + 0.0;  // + 0.0: there is no −0
}

double encode_axis(const Float& axis, double value) {
  if (const auto values = count(axis))
    return middle_of_cell(index_of(axis, value).value(), *values);
  if (value == axis.low) return 0;
  if (value == axis.high) return 1;
  // 0 and 1 are kept for the ends: a neighbour an ulp away must not be read back as the end.
  const double smallest = std::numeric_limits<double>::min();
  return std::clamp(encode_continuous(axis, value), smallest, std::nextafter(1.0, 0.0));
}

}  // namespace caviar
