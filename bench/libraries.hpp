// The three matrix products of a dense layer as other libraries do them: those that were found when
// this was built. All operands float32 and row-major, one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace caviar::bench {

struct Shape {
  std::size_t batch, in, out;
  double flops() const { return 2.0 * static_cast<double>(batch * in * out); }
};

// forward: y = x · w; weights: dw = xᵀ · y; inputs: x = y · wᵀ.  x: batch × in, w: in × out
enum class Product { forward, weights, inputs };
inline constexpr Product all_products[] = {Product::forward, Product::weights, Product::inputs};
std::string name_of(Product product);

struct Operands {
  float *x, *w, *y;
};

using Call = std::function<void()>;

struct Library {
  std::string name;
  // Whatever is done once for a shape is done here, outside the time.
  std::function<Call(Product, Shape, Operands)> prepare;
};

const std::vector<Library>& libraries();
// "oneDNN 2.6.3, ...; not found: libxsmm"
std::string libraries_text();

}  // namespace caviar::bench
