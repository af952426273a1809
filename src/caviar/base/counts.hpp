// How often each of many hashes was counted: a flat table, as a study of a million trials opens in
// half the time with it that std::unordered_map takes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace caviar {

// Open addressing with linear probing (Knuth 1998, section 6.4, algorithms L and R). The keys must
// be hashes already: their upper bits are the places.
class Counts {
 public:
  int of(std::uint64_t key) const {
    return slots_.empty() ? 0 : slots_[place(key)].count;  // an empty slot counts 0
  }
  std::size_t distinct() const { return used_; }  // keys that count at least 1

  void add(std::uint64_t key) {
    if (4 * (used_ + 1) > 3 * slots_.size()) grow();
    Slot& slot = slots_[place(key)];
    if (slot.count == 0) {
      slot.key = key;
      ++used_;
    }
    ++slot.count;
  }

  // One less; nothing where it counts 0.
  void remove(std::uint64_t key) {
    if (slots_.empty()) return;
    std::size_t hole = place(key);
    if (slots_[hole].count == 0) return;
    --slots_[hole].count;
    if (slots_[hole].count > 0) return;
    --used_;
    // Moves up what stands behind the hole, unless its own place is behind it, too.
    for (std::size_t next = after(hole); slots_[next].count > 0; next = after(next)) {
      const std::size_t wanted = start(slots_[next].key);
      const bool may_move = hole <= next ? wanted <= hole || wanted > next  //
                                         : wanted <= hole && wanted > next;
      if (!may_move) continue;
      slots_[hole] = slots_[next];
      slots_[next].count = 0;
      hole = next;
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    int count = 0;
  };

  std::size_t start(std::uint64_t key) const { return key >> shift_; }
  std::size_t after(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  // Where the key stands, or would.
  std::size_t place(std::uint64_t key) const {
    std::size_t at = start(key);
    while (slots_[at].count > 0 && slots_[at].key != key) at = after(at);
    return at;
  }
  void grow() {
    std::vector<Slot> before(slots_.empty() ? 16 : 2 * slots_.size());
    before.swap(slots_);
    shift_ = 64 - std::countr_zero(slots_.size());
    for (const Slot& slot : before) {
      if (slot.count > 0) slots_[place(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, at most three of four in use
  std::size_t used_ = 0;
  int shift_ = 60;
};

}  // namespace caviar
