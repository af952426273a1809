// Every matrix product of a dense layer, over widths 8 … 2048 and batches 1 … 1024, ours against
// the best library: GFLOP/s of each kernel table's best and of each library, and at the end where
// we lose by more than 20 %. An argument chooses: "nets" (the shapes of the networks in fit_bench),
// "sweep" (all), or batch,in,out.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "caviar/base/rng.hpp"
#include "caviar/nn/kernels.hpp"

#include "bench/libraries.hpp"
#include "bench/timing.hpp"

namespace caviar::bench {
namespace {

std::vector<float> random(std::size_t count) {
  Rng rng(1);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(rng.uniform(-1, 1));
  return values;
}

Call ours(const Kernels<float>& table, Product product, Shape s, Operands o, float* bias) {
  const Matrix<float> x{o.x, s.batch, s.in}, w{o.w, s.in, s.out}, y{o.y, s.batch, s.out};
  switch (product) {
    case Product::forward:
      return [=, &table] { table.dense(x, w, bias, Activation::linear, y); };
    case Product::weights:
      return [=, &table] { table.weight_gradient(x, y, w, bias); };
    case Product::inputs:
      break;
  }
  return [=, &table] { table.input_gradient(y, w, x); };
}

struct Line {
  Product product;
  Shape shape;
  double ours = 0, best = 0;  // GFLOP/s
  std::string library;
};

Line measure(Product product, Shape shape, bool print) {
  auto x = random(shape.batch * shape.in), w = random(shape.in * shape.out);
  auto y = random(shape.batch * shape.out), bias = random(shape.out);
  const Operands operands = {x.data(), w.data(), y.data()};
  std::vector<std::string> names = {std::string(kernels<float>().name)};
  std::vector<Call> calls = {ours(kernels<float>(), product, shape, operands, bias.data())};
  for (const Library& library : libraries()) {
    Call call = library.prepare(product, shape, operands);
    if (!call) continue;
    names.push_back(library.name);
    calls.push_back(call);
  }
  const auto seconds = seconds_per_call(calls, 7, 0.002);
  Line line{product, shape, shape.flops() / seconds[0] * 1e-9, 0, "none"};
  if (print) {
    std::printf("%5zu %5zu x %-5zu %-8s", shape.batch, shape.in, shape.out,
                name_of(product).c_str());
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const double rate = shape.flops() / seconds[i] * 1e-9;
    if (print) std::printf("  %s %.1f", names[i].c_str(), rate);
    if (i == 0 || rate < line.best) continue;
    line.best = rate;
    line.library = names[i];
  }
  if (print) std::printf("  %.2f\n", line.best / line.ours);
  return line;
}

std::vector<Shape> net_shapes() {
  std::vector<Shape> shapes;
  for (const std::size_t batch : {32, 128}) {
    for (const auto& [in, out] : {std::pair<std::size_t, std::size_t>{64, 10},
                                  {64, 64},
                                  {64, 128},
                                  {128, 64},
                                  {128, 10},
                                  {784, 256},
                                  {256, 128},
                                  {784, 512},
                                  {512, 512},
                                  {512, 10}}) {
      shapes.push_back({batch, in, out});
    }
  }
  return shapes;
}

std::vector<Shape> sweep_shapes() {
  std::vector<Shape> shapes;
  for (const std::size_t batch : {1, 8, 32, 128, 1024}) {
    for (const std::size_t in : {8, 30, 64, 128, 512, 2048}) {
      for (const std::size_t out : {1, 8, 10, 64, 100, 512, 2048})
        shapes.push_back({batch, in, out});
    }
  }
  return shapes;
}

int run(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "nets";
  std::printf("%s\npeak %.1f GFLOP/s\n", libraries_text().c_str(), peak_flops() * 1e-9);
  std::vector<Shape> shapes = what == "sweep" ? sweep_shapes() : net_shapes();
  Shape one{};
  if (std::sscanf(what.c_str(), "%zu,%zu,%zu", &one.batch, &one.in, &one.out) == 3) shapes = {one};
  std::vector<Line> lines;
  for (const Shape shape : shapes) {
    for (const Product product : all_products) lines.push_back(measure(product, shape, true));
  }
  double logs = 0;
  for (const Line& line : lines) logs += std::log(line.best / line.ours);
  std::printf("best library over ours, geometric mean of %zu: %.3f\n", lines.size(),
              std::exp(logs / static_cast<double>(lines.size())));
  std::sort(lines.begin(), lines.end(),
            [](const Line& a, const Line& b) { return a.best * b.ours > b.best * a.ours; });
  std::printf("behind the best library by more than 20 %%:\n");
  for (const Line& line : lines) {
    if (line.best < 1.25 * line.ours) break;
    std::printf("  %s %zu: %zu x %zu: %.1f against %.1f of %s (%.2f)\n",
                name_of(line.product).c_str(), line.shape.batch, line.shape.in, line.shape.out,
                line.ours, line.best, line.library.c_str(), line.best / line.ours);
  }
  return 0;
}

}  // namespace
}  // namespace caviar::bench

int main(int argc, char** argv) { return caviar::bench::run(argc, argv); }
