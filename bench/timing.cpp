#include "bench/timing.hpp"

#include <algorithm>
#include <chrono>

namespace caviar::bench {
namespace {

double seconds_of(const std::function<void()>& call, long count) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (long i = 0; i < count; ++i) call();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// How many calls fill `seconds`.
long calls_for(const std::function<void()>& call, double seconds) {
  call();
  long count = 1;
  for (;;) {
    const double took = seconds_of(call, count);
    if (took > seconds / 4) {
      return std::max(1L, static_cast<long>(static_cast<double>(count) * seconds / took));
    }
    count *= 4;
  }
}

// 12 sums hide the latency of a multiply-add and fit the 16 registers of AVX2.
#define CAVIAR_BENCH_CHAIN(name, isa, bytes)                                        \
  __attribute__((target(isa))) float name(long rounds) {                            \
    using Vector __attribute__((vector_size(bytes))) = float;                       \
    Vector sums[12];                                                                \
    for (int i = 0; i < 12; ++i) sums[i] = Vector{} + static_cast<float>(i);        \
    const Vector factor = Vector{} + 0.999F, term = Vector{} + 1e-3F;               \
    for (long i = 0; i < rounds; ++i) {                                             \
      _Pragma("GCC unroll 12") for (Vector & sum : sums) sum = sum * factor + term; \
    }                                                                               \
    float total = 0;                                                                \
    for (const Vector& sum : sums) total += sum[0];                                 \
    return total;                                                                   \
  }
#if defined(__x86_64__)
CAVIAR_BENCH_CHAIN(chain_avx512, "avx512f", 64)
CAVIAR_BENCH_CHAIN(chain_avx2, "avx2,fma", 32)
#endif
CAVIAR_BENCH_CHAIN(chain_portable, "default", 16)

double flops_of(float (*chain)(long), int lanes) {
  constexpr long rounds = 100000;
  volatile float sink = 0;
  const double seconds = seconds_per_call([&] { sink = sink + chain(rounds); }, 9, 0.02);
  return 2.0 * 12 * lanes * rounds / seconds;
}

}  // namespace

std::vector<double> seconds_per_call(const std::vector<std::function<void()>>& calls, int runs,
                                     double run_seconds) {
  std::vector<long> counts;
  for (const auto& call : calls) counts.push_back(calls_for(call, run_seconds));
  std::vector<std::vector<double>> times(calls.size());
  for (int run = 0; run < runs; ++run) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      times[i].push_back(seconds_of(calls[i], counts[i]) / static_cast<double>(counts[i]));
    }
  }
  std::vector<double> medians;
  for (auto& of_call : times) {
    std::nth_element(of_call.begin(), of_call.begin() + runs / 2, of_call.end());
    medians.push_back(of_call[static_cast<std::size_t>(runs / 2)]);
  }
  return medians;
}

double seconds_per_call(const std::function<void()>& call, int runs, double run_seconds) {
  return seconds_per_call(std::vector{call}, runs, run_seconds).front();
}

double peak_flops() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return flops_of(chain_avx512, 16);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return flops_of(chain_avx2, 8);
  }
#endif
  return flops_of(chain_portable, 4);
}

}  // namespace caviar::bench
