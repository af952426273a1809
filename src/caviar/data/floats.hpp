// Numbers as a network reads them, never changed once they are there: in memory of their own or in
// a file that is mapped. Copies share them.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace caviar {

class Floats {
 public:
  Floats() = default;
  Floats(std::vector<float> values) {  // NOLINT: a vector is numbers
    const auto kept = std::make_shared<const std::vector<float>>(std::move(values));
    values_ = *kept;
    owner_ = kept;
  }
  // In memory that `owner` keeps.
  Floats(std::shared_ptr<const void> owner, std::span<const float> values)
      : owner_(std::move(owner)), values_(values) {}

  const float* data() const { return values_.data(); }
  std::size_t size() const { return values_.size(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }
  std::span<const float> span() const { return values_; }
  friend bool operator==(const Floats& a, const Floats& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::shared_ptr<const void> owner_;
  std::span<const float> values_;
};

}  // namespace caviar
