#include "bench/libraries.hpp"

#if CAVIAR_BENCH_OPENBLAS
#include <cblas.h>
#endif
#if CAVIAR_BENCH_ONEDNN
#include <dnnl.hpp>
extern "C" void omp_set_num_threads(int);
#endif
#if CAVIAR_BENCH_LIBXSMM
#include <libxsmm.h>
#endif

namespace caviar::bench {
namespace {

// c (rows × columns) = a · b, where a or b may be stored transposed.
struct Gemm {
  bool a_transposed, b_transposed;
  std::size_t rows, columns, depth;
  float *a, *b, *c;
  std::size_t a_stride() const { return a_transposed ? rows : depth; }
  std::size_t b_stride() const { return b_transposed ? depth : columns; }
};

Gemm gemm_of(Product product, Shape s, Operands o) {
  switch (product) {
    case Product::forward:
      return {false, false, s.batch, s.out, s.in, o.x, o.w, o.y};
    case Product::weights:
      return {true, false, s.in, s.out, s.batch, o.x, o.y, o.w};
    case Product::inputs:
      break;
  }
  return {false, true, s.batch, s.in, s.out, o.y, o.w, o.x};
}

#if CAVIAR_BENCH_OPENBLAS
Call openblas(Product product, Shape shape, Operands operands) {
  openblas_set_num_threads(1);
  const Gemm g = gemm_of(product, shape, operands);
  return [g] {
    cblas_sgemm(CblasRowMajor, g.a_transposed ? CblasTrans : CblasNoTrans,
                g.b_transposed ? CblasTrans : CblasNoTrans, static_cast<int>(g.rows),
                static_cast<int>(g.columns), static_cast<int>(g.depth), 1.0F, g.a,
                static_cast<int>(g.a_stride()), g.b, static_cast<int>(g.b_stride()), 0.0F, g.c,
                static_cast<int>(g.columns));
  };
}
#endif

#if CAVIAR_BENCH_ONEDNN
Call onednn_sgemm(Product product, Shape shape, Operands operands) {
  omp_set_num_threads(1);
  const Gemm g = gemm_of(product, shape, operands);
  return [g] {
    dnnl_sgemm(g.a_transposed ? 'T' : 'N', g.b_transposed ? 'T' : 'N', static_cast<long>(g.rows),
               static_cast<long>(g.columns), static_cast<long>(g.depth), 1.0F, g.a,
               static_cast<long>(g.a_stride()), g.b, static_cast<long>(g.b_stride()), 0.0F, g.c,
               static_cast<long>(g.columns));
  };
}

Call onednn_matmul(Product product, Shape shape, Operands operands) {
  using namespace dnnl;
  static engine cpu(engine::kind::cpu, 0);
  static stream queue(cpu);
  omp_set_num_threads(1);
  const Gemm g = gemm_of(product, shape, operands);
  const auto describe = [](std::size_t rows, std::size_t columns, bool transposed) {
    return memory::desc({static_cast<long>(rows), static_cast<long>(columns)},
                        memory::data_type::f32,
                        transposed ? memory::format_tag::ba : memory::format_tag::ab);
  };
  const auto a = describe(g.rows, g.depth, g.a_transposed);
  const auto b = describe(g.depth, g.columns, g.b_transposed);
  const auto c = describe(g.rows, g.columns, false);
  const matmul primitive(matmul::primitive_desc(matmul::desc(a, b, c), cpu));
  const std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, memory(a, cpu, g.a)},
                                                     {DNNL_ARG_WEIGHTS, memory(b, cpu, g.b)},
                                                     {DNNL_ARG_DST, memory(c, cpu, g.c)}};
  return [primitive, arguments] { primitive.execute(queue, arguments); };
}
#endif

#if CAVIAR_BENCH_LIBXSMM
// Column-major: cᵀ = bᵀ · aᵀ. It has no kernel for a transposed b, so w is transposed in each call.
Call libxsmm(Product product, Shape shape, Operands operands) {
  const Gemm g = gemm_of(product, shape, operands);
  const int m = static_cast<int>(g.columns), n = static_cast<int>(g.rows);
  const int k = static_cast<int>(g.depth);
  const int lda = m, ldb = static_cast<int>(g.a_stride()), ldc = m;
  const float alpha = 1, beta = 0;
  const int flags = g.a_transposed ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
  const int prefetch = LIBXSMM_PREFETCH_NONE;
  const auto kernel =
      libxsmm_smmdispatch(m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
  if (kernel == nullptr) return {};
  if (!g.b_transposed) return [g, kernel] { kernel(g.b, g.a, g.c); };
  std::vector<float> transposed(g.columns * g.depth);
  return [g, kernel, k, m, transposed]() mutable {
    libxsmm_otrans(transposed.data(), g.b, sizeof(float), k, m, k, m);
    kernel(transposed.data(), g.a, g.c);
  };
}
#endif

}  // namespace

std::string name_of(Product product) {
  return product == Product::forward ? "forward"
                                     : (product == Product::weights ? "weights" : "inputs");
}

const std::vector<Library>& libraries() {
  static const std::vector<Library> found = {
#if CAVIAR_BENCH_OPENBLAS
      {"OpenBLAS", openblas},
#endif
#if CAVIAR_BENCH_ONEDNN
      {"oneDNN sgemm", onednn_sgemm},
      {"oneDNN matmul", onednn_matmul},
#endif
#if CAVIAR_BENCH_LIBXSMM
      {"libxsmm", libxsmm},
#endif
  };
  return found;
}

std::string libraries_text() {
  std::string found, missing;
#if CAVIAR_BENCH_OPENBLAS
  found += std::string(" ") + openblas_get_config() + ";";
#else
  missing += " OpenBLAS (libopenblas-dev)";
#endif
#if CAVIAR_BENCH_ONEDNN
  const dnnl_version_t* version = dnnl_version();
  found += " oneDNN " + std::to_string(version->major) + "." + std::to_string(version->minor) +
           "." + std::to_string(version->patch) + ";";
#else
  missing += " oneDNN (libdnnl-dev)";
#endif
#if CAVIAR_BENCH_LIBXSMM
  found += std::string(" libxsmm ") + LIBXSMM_VERSION + " for " + libxsmm_get_target_arch() + ";";
#else
  missing += " libxsmm (libxsmm-dev)";
#endif
  return "libraries:" + (found.empty() ? " none;" : found) +
         (missing.empty() ? "" : " not found when this was built:" + missing);
}

}  // namespace caviar::bench
