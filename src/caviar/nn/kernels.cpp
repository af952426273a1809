#include "caviar/nn/kernels.hpp"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/base/error.hpp"
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

template <class T>
const Kernels<T>& choose() {
  const char* wanted = std::getenv("CAVIAR_KERNELS");
  return wanted == nullptr ? *available_kernels<T>().front() : kernels_named<T>(wanted);
}

}  // namespace

template <class T>
std::span<const Kernels<T>* const> available_kernels() {
  static const std::vector<const Kernels<T>*> tables = detect<T>();
  return tables;
}

template <class T>
const Kernels<T>& kernels_named(std::string_view name) {
  std::string names;
  for (const Kernels<T>* table : available_kernels<T>()) {
    if (table->name == name) return *table;
    names += (names.empty() ? "" : ", ") + std::string(table->name);
  }
  throw Error(Fault::input, "CAVIAR_KERNELS: this processor has no kernels \"" + std::string(name) +
                                "\"; it has: " + names);
}

template <class T>
const Kernels<T>& kernels() {
  static const Kernels<T>& chosen = choose<T>();
  return chosen;
}

template std::span<const Kernels<float>* const> available_kernels<float>();
template std::span<const Kernels<double>* const> available_kernels<double>();
template const Kernels<float>& kernels_named<float>(std::string_view);
template const Kernels<double>& kernels_named<double>(std::string_view);
template const Kernels<float>& kernels<float>();
template const Kernels<double>& kernels<double>();

}  // namespace caviar
