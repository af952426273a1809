// A configuration: the value of every active parameter, by name.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caviar/space/value.hpp"

namespace caviar {

class Point {
 public:
  using Entry = std::pair<std::string, Value>;

  Point() = default;
  Point(std::initializer_list<Entry> entries);
  static Point from(std::vector<Entry> entries);  // names must differ; not checked

  const Value* find(std::string_view name) const;  // nullptr where inactive or unknown
  const Value& at(std::string_view name) const;    // throws Error{missing}
  void set(const std::string& name, Value value);  // adds or replaces
  const std::vector<Entry>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  // Equal as sets: the order of the entries does not matter, 3 and 3.0 are the same.
  bool operator==(const Point& other) const;
  std::string key() const;  // equal points have equal keys; for sets of points
  // The same as a number: two different points among a million have the same one with a
  // probability of 3 in a hundred million.
  std::uint64_t fingerprint() const;

 private:
  std::vector<Entry> entries_;
};

std::string to_text(const Point& point);  // "learning_rate=0.01 units=64"

}  // namespace caviar
