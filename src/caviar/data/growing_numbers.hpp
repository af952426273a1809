// The numbers of one column while they come in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "caviar/data/numbers.hpp"

namespace caviar {

// Keeps a byte for each number as long as all are whole and from 0 to 255 (pixels, flags, counts),
// a double from the first other one on.
class GrowingNumbers {
 public:
  // Memory for so many, and for as many again when they become doubles.
  void reserve(std::size_t count);
  // From now on doubles in this room, which `owner` keeps and which has a place for every one.
  void use(std::shared_ptr<void> owner, std::span<double> room);

  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  // `count` numbers, NaN where missing; `stride` numbers from one to the next.
  void add(const double* first, std::size_t stride, std::size_t count);
  // How many are not missing.
  std::size_t present() const;
  void clear();
  Numbers finish() &&;

 private:
  void widen();

  std::vector<std::uint8_t> bytes_;
  std::vector<double> doubles_;
  std::shared_ptr<void> room_owner_;
  std::span<double> room_;  // in place of doubles_
  bool wide_ = false;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace caviar
