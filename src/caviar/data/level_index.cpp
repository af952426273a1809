#include "caviar/data/level_index.hpp"

#include <algorithm>
#include <cstring>

namespace caviar {
namespace {

std::uint64_t mixed(std::uint64_t x) {
  x *= 0x9E3779B97F4A7C15;
  return x ^ (x >> 32);
}

template <class Word>
std::uint64_t load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Up to seven bytes as a number, without a loop or a call.
std::uint64_t tail_of(std::string_view text) {
  const char* const first = text.data();
  const std::size_t size = text.size();
  if (size >= 4) {
    return load<std::uint32_t>(first) | load<std::uint32_t>(first + size - 4) << 32;
  }
  if (size == 0) return 0;
  return load<std::uint8_t>(first) | load<std::uint8_t>(first + size / 2) << 8 |
         load<std::uint8_t>(first + size - 1) << 16;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) {
    const char* const word = text.data();
    hash = mixed(hash ^ load<std::uint64_t>(word));
  }
  return mixed(mixed(hash ^ tail_of(text)));
}

}  // namespace

std::size_t LevelIndex::place(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.code < 0) return at;
    if (slot.hash == hash && levels_[static_cast<std::size_t>(slot.code)] == text) return at;
  }
}

std::int32_t LevelIndex::find(std::string_view text) const {
  return slots_.empty() ? -1 : slots_[place(text, hash_of(text))].code;
}

std::int32_t LevelIndex::code(std::string_view text) {
  if (2 * levels_.size() >= slots_.size()) grow();
  const std::uint64_t hash = hash_of(text);
  Slot& slot = slots_[place(text, hash)];
  if (slot.code < 0) {
    slot = {hash, static_cast<std::int32_t>(levels_.size())};
    levels_.emplace_back(text);
  }
  return slot.code;
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
