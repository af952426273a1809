// Rounding to decimal grids.
#include "caviar/space/decimal.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <system_error>

namespace caviar {
namespace {

constexpr int exact_power = 22;  // the last power of ten that a double holds exactly
constexpr std::array<double, exact_power + 1> powers_of_ten = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// x · 10^places to a few ulps. In two steps, because 10^places alone may leave the range of
// doubles.
double scaled(double x, int places) {
  const int half = places / 2;
  return x * std::pow(10.0, half) * std::pow(10.0, places - half);
}

// The double nearest to multiple · 10^-places, by way of its decimal text.
double from_decimal(std::int64_t multiple, int places) {
  const std::string text = std::to_string(multiple) + "e" + std::to_string(-places);
  double result = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, result).ec == std::errc::result_out_of_range) {
    if (places > 0) return 0;
    return std::copysign(std::numeric_limits<double>::infinity(), static_cast<double>(multiple));
  }
  return result;
}

}  // namespace

double round_to_places(double x, int places) {
  if (std::abs(places) > exact_power) {
    return from_decimal(std::llrint(scaled(x, places)), places);
  }
  // One correctly rounded operation on two exact numbers gives the nearest double.
  const double power = power_of_ten(std::abs(places));
  return places >= 0 ? std::nearbyint(x * power) / power : std::nearbyint(x / power) * power;
}

int decimal_exponent(double x) {
  x = std::fabs(x);
  if (!(x >= 1e-22 && x < 1e22)) return static_cast<int>(std::floor(std::log10(x)));
  // From the binary exponent (this is every decode): the estimate is right or one too small.
  const int binary = static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52) - 1023;
  const int estimate = static_cast<int>(std::floor(binary * 0.3010299956639812));
  const int next = estimate + 1;
  const bool reached = next >= 0 ? x >= power_of_ten(next) : x * power_of_ten(-next) >= 1;
  return reached ? next : estimate;
}

double power_of_ten(int exponent) { return powers_of_ten[static_cast<std::size_t>(exponent)]; }

}  // namespace caviar
