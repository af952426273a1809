// The different texts of a column, numbered in the order first seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace caviar {

class LevelIndex {
 public:
  // The text's number; a new text gets the next one.
  std::int32_t code(std::string_view text) {
    const auto found = codes_.find(text);
    if (found != codes_.end()) return found->second;
    const auto code = static_cast<std::int32_t>(codes_.size());
    codes_.emplace(text, code);
    return code;
  }
  std::size_t size() const { return codes_.size(); }
  std::vector<std::string> levels() const {
    std::vector<std::string> levels(codes_.size());
    for (const auto& [text, code] : codes_) levels[static_cast<std::size_t>(code)] = text;
    return levels;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
};

}  // namespace caviar
