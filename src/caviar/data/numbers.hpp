// The numbers of one column: doubles of its own, or every n-th value of an array that was read as a
// whole (pixels, NumPy), which is shared and never copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caviar {

enum class NumberType : std::uint8_t { f64, f32, f16, i64, i32, i16, i8, u64, u32, u16, u8 };

std::size_t size_of(NumberType type);  // in bytes
constexpr bool is_float(NumberType type) { return type <= NumberType::f16; }

class Numbers {
 public:
  Numbers() = default;
  Numbers(std::vector<double> values);  // NOLINT: a vector is numbers
  // `count` values of `type` in this machine's byte order, aligned or not, `stride` bytes from one
  // to the next, in memory that `owner` keeps.
  Numbers(std::shared_ptr<const void> owner, const std::byte* first, std::ptrdiff_t stride,
          std::size_t count, NumberType type);

  std::size_t size() const { return count_; }
  NumberType type() const { return type_; }
  double operator[](std::size_t row) const;  // NaN where missing
  // out[i] = the value of rows[i]; as many as there are rows.
  void gather(std::span<const std::size_t> rows, double* out) const;
  std::vector<double> values() const;

 private:
  std::shared_ptr<const void> owner_;
  const std::byte* first_ = nullptr;
  std::ptrdiff_t stride_ = 0;
  std::size_t count_ = 0;
  NumberType type_ = NumberType::f64;
};

// Mean and standard deviation (of the population; 0 where all are equal).
struct Moments {
  double mean = 0, deviation = 0;
};
// At least one value, none of them missing.
Moments moments(std::span<const double> values);

// The middle of the sorted values, halfway between the two middle ones of an even number; 0 of
// none.
double median(std::vector<double> values);

}  // namespace caviar
