// Numbers too small for their format's normal range count as 0 while this lives, in its thread: the
// averages of a unit that gets no gradient shrink into that range and stay there, and some
// processors take a hundred times longer over them.
#pragma once

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace caviar {

class FlushDenormals {
 public:
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

#if defined(__x86_64__)
  FlushDenormals() : before_(_mm_getcsr()) {
    _mm_setcsr(before_ | flush_to_zero | denormals_are_zero);
  }
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  static constexpr unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040;
  unsigned before_;
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
};

}  // namespace caviar
