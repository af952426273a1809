#include "caviar/data/level_index.hpp"

#include <algorithm>
#include <cstring>

namespace caviar {
namespace {

std::uint64_t mixed(std::uint64_t x) {
  x *= 0x9E3779B97F4A7C15;
  return x ^ (x >> 32);
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    hash = mixed(hash ^ word);
  }
  std::uint64_t word = 0;
  if (!text.empty()) std::memcpy(&word, text.data(), text.size());
  return mixed(mixed(hash ^ word));
}

}  // namespace

std::int32_t LevelIndex::code(std::string_view text) {
  if (2 * levels_.size() >= slots_.size()) grow();
  const std::uint64_t hash = hash_of(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.code < 0) {
      slot = {hash, static_cast<std::int32_t>(levels_.size())};
      levels_.emplace_back(text);
      return slot.code;
    }
    if (slot.hash == hash && levels_[static_cast<std::size_t>(slot.code)] == text) return slot.code;
  }
}

void LevelIndex::grow() {
  std::vector<Slot> old(std::max<std::size_t>(16, 2 * slots_.size()));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.code < 0) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].code >= 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace caviar
