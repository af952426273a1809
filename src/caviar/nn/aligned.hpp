// Memory for what the kernels read and write: it begins a line of the cache, so that where rows are
// whole lines no vector of them lies across two; and what is large lies in large pages where the
// system has them, for an operand that is read by columns meets another page in every row.
#pragma once

#include <cstddef>
#include <vector>

namespace caviar {

// Throws std::bad_alloc.
void* allocate_aligned(std::size_t bytes);
// `bytes` as it was allocated with.
void free_aligned(void* memory, std::size_t bytes) noexcept;

template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}

  T* allocate(std::size_t count) { return static_cast<T*>(allocate_aligned(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) noexcept {
    free_aligned(memory, count * sizeof(T));
  }
  template <class U>
  bool operator==(const AlignedAllocator<U>& /*other*/) const {
    return true;
  }
};

template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace caviar
