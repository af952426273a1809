// Integers on the unit interval.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "caviar/space/axis.hpp"
#include "caviar/space/decimal.hpp"

namespace caviar {
namespace {

constexpr int cell_bits = 48;     // a double tells 2^48 cells apart with room for rounding errors
constexpr int large_digits = 12;  // of integers too large for each to have a cell of its own
constexpr double large = 1e12;    // 10^large_digits

bool is_log_uniform(const Int& axis) { return axis.scale == Scale::log && axis.step == 1; }
bool is_geometric(const Int& axis) { return axis.scale == Scale::log && axis.step > 1; }

// The distance in two's complement, where high − low may not fit an int64.
std::uint64_t distance(std::int64_t low, std::int64_t high) {
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
}

std::int64_t advanced(std::int64_t low, std::uint64_t by) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + by);
}

std::uint64_t last_index(const Int& axis) {
  if (!is_geometric(axis)) {
    return distance(axis.low, axis.high) / static_cast<std::uint64_t>(axis.step);
  }
  std::uint64_t index = 0;
  for (std::int64_t x = axis.low; x <= axis.high / axis.step; x *= axis.step) ++index;
  return index;
}

// Where there are more values than cells, 2^shift neighbours share one, named by its first value.
int shared_bits(std::uint64_t last_index) {
  return std::max(0, static_cast<int>(std::bit_width(last_index)) - cell_bits);
}

// The log axis from low − 1/2 to high + 1/2: both ends get a whole cell.
struct LogSpan {
  explicit LogSpan(const Int& axis)
      : start(std::log(static_cast<double>(axis.low) - 0.5)),
        length(std::log(static_cast<double>(axis.high) + 0.5) - start) {}
  double start, length;
};

std::int64_t decode_log(const Int& axis, double unit) {
  if (unit <= 0 || axis.low == axis.high) return axis.low;
  if (unit >= 1) return axis.high;
  const LogSpan span(axis);
  double x = std::exp(span.start + unit * span.length);
  if (x >= large) x = round_to_places(x, large_digits - 1 - decimal_exponent(x));
  x = std::nearbyint(x);
  if (x <= static_cast<double>(axis.low)) return axis.low;
  if (x >= static_cast<double>(axis.high)) return axis.high;
  return static_cast<std::int64_t>(x);
}

double encode_log(const Int& axis, std::int64_t value) {
  if (axis.low == axis.high) return 0.5;
  const auto x = static_cast<double>(value);
  if (x >= large) {  // cells narrower than the rounding of decode: only the ends have their own
    if (value == axis.low) return 0;
    if (value == axis.high) return 1;
  }
  const LogSpan span(axis);
  const double middle = (std::log(x - 0.5) + std::log(x + 0.5)) / 2;
  return std::clamp((middle - span.start) / span.length, std::numeric_limits<double>::min(),
                    std::nextafter(1.0, 0.0));
}

}  // namespace

std::uint64_t cell_at(double unit, std::uint64_t count) {
  if (unit <= 0) return 0;
  return std::min(static_cast<std::uint64_t>(std::min(unit, 1.0) * static_cast<double>(count)),
                  count - 1);
}

double middle_of_cell(std::uint64_t index, std::uint64_t count) {
  return (static_cast<double>(index) + 0.5) / static_cast<double>(count);
}

std::uint64_t count(const Int& axis) {
  const std::uint64_t last = last_index(axis);
  return last == std::numeric_limits<std::uint64_t>::max() ? last : last + 1;
}

std::int64_t value_at(const Int& axis, std::uint64_t index) {
  if (!is_geometric(axis)) {
    return advanced(axis.low, index * static_cast<std::uint64_t>(axis.step));
  }
  std::int64_t x = axis.low;
  for (; index > 0; --index) x *= axis.step;
  return x;
}

std::optional<std::uint64_t> index_of(const Int& axis, std::int64_t value) {
  if (value < axis.low || value > axis.high) return std::nullopt;
  if (!is_geometric(axis)) {
    const std::uint64_t offset = distance(axis.low, value);
    const auto step = static_cast<std::uint64_t>(axis.step);
    return offset % step == 0 ? std::optional(offset / step) : std::nullopt;
  }
  std::uint64_t index = 0;
  for (std::int64_t x = axis.low; x < value; x *= axis.step, ++index) {
    if (x > value / axis.step) return std::nullopt;
  }
  return value_at(axis, index) == value ? std::optional(index) : std::nullopt;
}

std::int64_t decode_axis(const Int& axis, double unit) {
  if (is_log_uniform(axis)) return decode_log(axis, unit);
  const std::uint64_t last = last_index(axis);
  const int shift = shared_bits(last);
  const std::uint64_t cells = (last >> shift) + 1, cell = cell_at(unit, cells);
  return value_at(axis, shift > 0 && cell == cells - 1 ? last : cell << shift);
}

double encode_axis(const Int& axis, std::int64_t value) {
  if (is_log_uniform(axis)) return encode_log(axis, value);
  const std::uint64_t last = last_index(axis);
  const int shift = shared_bits(last);
  return middle_of_cell(index_of(axis, value).value() >> shift, (last >> shift) + 1);
}

}  // namespace caviar
