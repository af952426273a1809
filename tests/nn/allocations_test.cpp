// Counts every allocation of the test program; a file of its own, so that none is inlined away.
#include "tests/nn/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

#include <gtest/gtest.h>

namespace {

std::atomic<long> allocations = 0;

}  // namespace

__attribute__((noinline)) void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

__attribute__((noinline)) void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto whole = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(whole, (size + whole) / whole * whole)) return memory;
  throw std::bad_alloc();
}

__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::align_val_t /*all*/) noexcept {
  std::free(memory);
}
__attribute__((noinline)) void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace caviar::test {

long allocation_count() { return allocations; }

TEST(Allocations, AreCounted) {
  const long before = allocation_count();
  auto number = std::make_unique<int>(3);
  EXPECT_GT(allocation_count(), before) << *number;
}

}  // namespace caviar::test
