#include "bench/products.hpp"

#include <algorithm>

#include "caviar/base/rng.hpp"
#include "caviar/nn/aligned.hpp"

#include "bench/timing.hpp"

namespace caviar::bench {
namespace {

AlignedVector<float> random(std::size_t count) {
  Rng rng(1);
  AlignedVector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.uniform(-1, 1));
  return values;
}

Call ours(const Kernels<float>& table, Product product, Shape s, Operands o, float* bias) {
  const Matrix<float> x{o.x, s.batch, s.in}, w{o.w, s.in, s.out}, y{o.y, s.batch, s.out};
  switch (product) {
    case Product::forward:
      return [=, &table] { table.dense(x, w, bias, Activation::linear, y); };
    case Product::weights:
      return [=, &table] { table.weight_gradient(x, y, w, nullptr); };
    case Product::inputs:
      break;
  }
  return [=, &table] { table.input_gradient(y, w, x); };
}

}  // namespace

std::size_t Rates::best_library() const {
  if (rates.size() == 1) return 0;
  return static_cast<std::size_t>(std::max_element(rates.begin() + 1, rates.end()) - rates.begin());
}

double Rates::best() const { return *std::max_element(rates.begin(), rates.end()); }

double Rates::behind() const { return rates[best_library()] / rates.front(); }

Rates measure(Product product, Shape shape, const Kernels<float>& table, int runs,
              double run_seconds) {
  auto x = random(shape.batch * shape.in), w = random(shape.in * shape.out);
  auto y = random(shape.batch * shape.out), bias = random(shape.out);
  const Operands operands = {x.data(), w.data(), y.data()};
  Rates rates{product, shape, {std::string(table.name)}, {}};
  std::vector<Call> calls = {ours(table, product, shape, operands, bias.data())};
  for (const Library& library : libraries()) {
    if (Call call = library.prepare(product, shape, operands)) {
      rates.names.push_back(library.name);
      calls.push_back(call);
    }
  }
  for (const double seconds : seconds_per_call(calls, runs, run_seconds)) {
    rates.rates.push_back(shape.flops() / seconds * 1e-9);
  }
  return rates;
}

}  // namespace caviar::bench
