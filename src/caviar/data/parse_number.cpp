#include "caviar/data/parse_number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>

namespace caviar {
namespace {

constexpr std::array<double, 23> powers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                           1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                           1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::uint64_t largest_exact = std::uint64_t{1} << 53;
constexpr std::ptrdiff_t most_digits = 19;  // so many always fit into 64 bits

const char* read_digits(const char* at, const char* last, std::uint64_t& value) {
  for (; at != last; ++at) {
    const auto digit = static_cast<unsigned>(*at) - '0';
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  return at;
}

// The general case; `first` stands behind the sign.
const char* read_any(const char* first, const char* last, bool negative, double& value) {
  const auto [end, error] = std::from_chars(first, last, value);
  if (error == std::errc::invalid_argument || *first == '-') return nullptr;
  if (error == std::errc::result_out_of_range) {
    value = std::strtod(std::string(first, end).c_str(), nullptr);  // 0 or infinity
  }
  if (!std::isfinite(value)) return nullptr;
  if (negative) value = -value;
  return end;
}

}  // namespace

// A number whose digits and whose power of ten are both exact doubles takes one multiplication or
// division, which rounds correctly (Clinger 1990, "How to read floating point numbers accurately").
const char* read_number(const char* first, const char* last, double& value) {
  const bool negative = first != last && *first == '-';
  if (negative || (first != last && *first == '+')) ++first;
  if (first == last) return nullptr;
  const auto lone = static_cast<unsigned>(*first) - '0';
  if (lone <= 9 && first + 1 != last && (first[1] == ',' || first[1] == '\n')) {  // pixels, flags
    value = negative ? -static_cast<double>(lone) : lone;
    return first + 1;
  }
  std::uint64_t digits = 0;
  const char* at = read_digits(first, last, digits);
  std::ptrdiff_t count = at - first, exponent = 0;
  if (at != last && *at == '.') {
    const char* const point = at;
    at = read_digits(point + 1, last, digits);
    exponent = point + 1 - at;
    count -= exponent;
  }
  const bool scientific = at != last && (*at == 'e' || *at == 'E');
  if (scientific || count == 0 || count > most_digits || digits > largest_exact || exponent < -22) {
    return read_any(first, last, negative, value);
  }
  const auto whole = static_cast<double>(digits);
  value = whole / powers[static_cast<std::size_t>(-exponent)];
  if (negative) value = -value;
  return at;
}

std::optional<double> number_in(std::string_view cell) {
  double value = 0;
  const char* const first = std::to_address(cell.begin());
  const char* const last = std::to_address(cell.end());
  return read_number(first, last, value) == last && first != last ? std::optional(value)
                                                                  : std::nullopt;
}

}  // namespace caviar
