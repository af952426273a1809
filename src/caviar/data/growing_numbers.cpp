#include "caviar/data/growing_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace caviar {
namespace {

// False, with some of them written, where one is not whole, not from 0 to 255, −0 or missing.
bool narrow(const double* first, std::size_t stride, std::size_t count, std::uint8_t* out) {
  bool fit = true;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = first[i * stride];
    const bool inside = x >= 0 && x <= 255;  // false of NaN
    const auto byte = static_cast<std::uint8_t>(inside ? static_cast<int>(x) : 0);
    out[i] = byte;
    fit &= inside && static_cast<double>(byte) == x && !std::signbit(x);
  }
  return fit;
}

}  // namespace

void GrowingNumbers::reserve(std::size_t count) {
  capacity_ = count;
  bytes_.reserve(count);
}

void GrowingNumbers::use(std::shared_ptr<void> owner, std::span<double> room) {
  room_owner_ = std::move(owner);
  room_ = room;
  capacity_ = room.size();
  wide_ = true;
  bytes_ = {};
}

void GrowingNumbers::widen() {
  wide_ = true;
  doubles_.reserve(std::max(capacity_, size_));
  doubles_.assign(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
  bytes_ = {};
}

void GrowingNumbers::add(const double* first, std::size_t stride, std::size_t count) {
  if (!wide_) {
    bytes_.resize(size_ + count);
    if (narrow(first, stride, count, bytes_.data() + size_)) {
      size_ += count;
      return;
    }
    widen();
  }
  double* out = room_.data() + size_;
  if (!room_owner_) {
    doubles_.resize(size_ + count);
    out = doubles_.data() + size_;
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = first[i * stride];
  size_ += count;
}

std::size_t GrowingNumbers::present() const {
  if (!wide_) return size_;
  const double* const first = room_owner_ ? room_.data() : doubles_.data();
  return static_cast<std::size_t>(
      std::count_if(first, first + size_, [](double x) { return !std::isnan(x); }));
}

void GrowingNumbers::clear() {
  bytes_ = {};
  doubles_ = {};
  size_ = 0;
}

Numbers GrowingNumbers::finish() && {
  if (room_owner_) {
    const auto* first = reinterpret_cast<const std::byte*>(room_.data());
    return {room_owner_, first, sizeof(double), size_, NumberType::f64};
  }
  if (wide_) return {std::move(doubles_)};
  const auto kept = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes_));
  return {kept, reinterpret_cast<const std::byte*>(kept->data()), 1, size_, NumberType::u8};
}

}  // namespace caviar
