#include "caviar/data/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

namespace caviar {
namespace {

// IEEE 754's half: 1 bit of sign, 5 of exponent, 10 of fraction.
struct Half {
  std::uint16_t bits = 0;

  explicit operator double() const {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double size = std::ldexp(1024 + fraction, exponent - 25);
    if (exponent == 0) size = std::ldexp(fraction, -24);
    if (exponent == 31) {
      size = fraction == 0 ? std::numeric_limits<double>::infinity()
                           : std::numeric_limits<double>::quiet_NaN();
    }
    return bits >> 15 != 0 ? -size : size;
  }
};

template <class T>
double load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return static_cast<double>(value);
}

// Calls visit with a value of the C++ type that `type` means.
template <class Visit>
auto with_type(NumberType type, const Visit& visit) {
  switch (type) {
    case NumberType::f32:
      return visit(float{});
    case NumberType::f16:
      return visit(Half{});
    case NumberType::i64:
      return visit(std::int64_t{});
    case NumberType::i32:
      return visit(std::int32_t{});
    case NumberType::i16:
      return visit(std::int16_t{});
    case NumberType::i8:
      return visit(std::int8_t{});
    case NumberType::u64:
      return visit(std::uint64_t{});
    case NumberType::u32:
      return visit(std::uint32_t{});
    case NumberType::u16:
      return visit(std::uint16_t{});
    case NumberType::u8:
      return visit(std::uint8_t{});
    case NumberType::f64:
      break;
  }
  return visit(double{});
}

}  // namespace

std::size_t size_of(NumberType type) {
  return with_type(type, [](auto value) { return sizeof value; });
}

Numbers::Numbers(std::vector<double> values) : stride_(sizeof(double)), count_(values.size()) {
  const auto kept = std::make_shared<const std::vector<double>>(std::move(values));
  first_ = reinterpret_cast<const std::byte*>(kept->data());
  owner_ = kept;
}

Numbers::Numbers(std::shared_ptr<const void> owner, const std::byte* first, std::ptrdiff_t stride,
                 std::size_t count, NumberType type)
    : owner_(std::move(owner)), first_(first), stride_(stride), count_(count), type_(type) {}

double Numbers::operator[](std::size_t row) const {
  const std::byte* at = first_ + static_cast<std::ptrdiff_t>(row) * stride_;
  return with_type(type_, [at](auto value) { return load<decltype(value)>(at); });
}

void Numbers::gather(std::span<const std::size_t> rows, double* out) const {
  with_type(type_, [&](auto value) {
    for (const std::size_t row : rows) {
      *out++ = load<decltype(value)>(first_ + static_cast<std::ptrdiff_t>(row) * stride_);
    }
  });
}

std::vector<double> Numbers::values() const {
  std::vector<double> all(count_);
  for (std::size_t row = 0; row < count_; ++row) all[row] = (*this)[row];
  return all;
}

Moments moments(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  // Rounding in the mean must not make a constant column look as if it varied.
  if (*low == *high) return {*low, 0};
  double sum = 0, squares = 0;
  for (const double x : values) sum += x;
  const double mean = sum / count;
  for (const double x : values) squares += (x - mean) * (x - mean);
  return {mean, std::sqrt(squares / count)};
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

}  // namespace caviar
