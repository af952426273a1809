#include "caviar/nn/kernels.hpp"

#include <vector>

#include "caviar/nn/kernel_tables.hpp"

namespace caviar {
namespace {

template <class T>
std::vector<const Kernels<T>*> detect() {
  std::vector<const Kernels<T>*> tables;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) tables.push_back(&avx512_kernels<T>());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    tables.push_back(&avx2_kernels<T>());
  }
#endif
  tables.push_back(&portable_kernels<T>());
  return tables;
}

}  // namespace

template <class T>
std::span<const Kernels<T>* const> available_kernels() {
  static const std::vector<const Kernels<T>*> tables = detect<T>();
  return tables;
}

template <class T>
const Kernels<T>& kernels() {
  return *available_kernels<T>().front();
}

template std::span<const Kernels<float>* const> available_kernels<float>();
template std::span<const Kernels<double>* const> available_kernels<double>();
template const Kernels<float>& kernels<float>();
template const Kernels<double>& kernels<double>();

}  // namespace caviar
