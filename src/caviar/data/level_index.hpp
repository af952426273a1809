// The different texts of a column, numbered in the order first seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caviar {

class LevelIndex {
 public:
  // The text's number; −1 of a new text.
  std::int32_t find(std::string_view text) const;
  // The same, but a new text gets the next number.
  std::int32_t code(std::string_view text);
  std::size_t size() const { return levels_.size(); }
  const std::vector<std::string>& levels() const { return levels_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t code = -1;  // −1: free
  };
  // The slot of this text, or the free one where it belongs; there is one.
  std::size_t place(std::string_view text, std::uint64_t hash) const;
  void grow();

  std::vector<std::string> levels_;
  std::vector<Slot> slots_;  // open addressing; a power of two of them, at most half taken
};

}  // namespace caviar
