#include "caviar/nn/aligned.hpp"

#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace caviar {
namespace {

constexpr std::size_t line = 64, large_page = std::size_t{2} << 20U;

std::align_val_t alignment(std::size_t bytes) {
  return std::align_val_t{bytes >= large_page ? large_page : line};
}

}  // namespace

void* allocate_aligned(std::size_t bytes) {
  void* memory = ::operator new(bytes, alignment(bytes));
#if defined(__linux__)
  // Only the whole pages in it, so that none is asked for in vain. Where the system refuses, its
  // usual ones do.
  const std::size_t whole = bytes / large_page * large_page;
  if (whole > 0) (void)::madvise(memory, whole, MADV_HUGEPAGE);
#endif
  return memory;
}

void free_aligned(void* memory, std::size_t bytes) noexcept {
  ::operator delete(memory, alignment(bytes));
}

}  // namespace caviar
