// Counts every allocation of the test program; a file of its own, so that none is inlined away.
#include "tests/nn/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include <gtest/gtest.h>
#include <malloc.h>

namespace {

std::atomic<long> allocations = 0, held = 0, peak = 0;

void* taken(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  ++allocations;
  const long now = held += static_cast<long>(malloc_usable_size(memory));
  long before = peak;
  while (before < now && !peak.compare_exchange_weak(before, now)) {
  }
  return memory;
}

void give(void* memory) noexcept {
  held -= static_cast<long>(malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

__attribute__((noinline)) void* operator new(std::size_t size) {
  return taken(std::malloc(size == 0 ? 1 : size));
}

__attribute__((noinline)) void* operator new(std::size_t size, std::align_val_t alignment) {
  void* memory = nullptr;  // not of aligned_alloc, which wants sizes that are multiples
  if (posix_memalign(&memory, static_cast<std::size_t>(alignment), size) != 0) memory = nullptr;
  return taken(memory);
}

__attribute__((noinline)) void operator delete(void* memory) noexcept { give(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::align_val_t /*all*/) noexcept {
  give(memory);
}
__attribute__((noinline)) void operator delete(void* memory, std::size_t /*size*/) noexcept {
  give(memory);
}

namespace caviar::test {

long allocation_count() { return allocations; }
long held_bytes() { return held; }
long peak_bytes() { return peak; }
void hold_peak_from_now() { peak = held.load(); }

TEST(Allocations, AreCounted) {
  const long before = allocation_count();
  auto number = std::make_unique<int>(3);
  EXPECT_GT(allocation_count(), before) << *number;
}

TEST(Allocations, AreMeasured) {
  hold_peak_from_now();
  const long before = held_bytes();
  {
    const std::vector<char> large(100'000);
    EXPECT_GE(held_bytes() - before, 100'000) << large.size();
  }
  EXPECT_LT(held_bytes() - before, 10'000);
  EXPECT_GE(peak_bytes() - before, 100'000);
  EXPECT_LT(peak_bytes() - before, 110'000);
}

}  // namespace caviar::test
