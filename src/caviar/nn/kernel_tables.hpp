// The tables that kernels.cpp chooses among, each compiled from kernels_body.inc by its own file.
#pragma once

#include "caviar/nn/kernels.hpp"

namespace caviar {

template <class T>
const Kernels<T>& portable_kernels();
#if defined(__x86_64__)
template <class T>
const Kernels<T>& avx2_kernels();
template <class T>
const Kernels<T>& avx512_kernels();
#endif

}  // namespace caviar
