// Every matrix product of a dense layer, ours against the libraries: GFLOP/s, and at the end where
// we lose to the best of them by more than 20 %. An argument chooses: "nets" (the shapes of the
// networks in fit_bench), "sweep" (widths 8 … 2048, batches 1 … 1024), or BATCH,IN,OUT.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "bench/products.hpp"
#include "bench/timing.hpp"

namespace caviar::bench {
namespace {

void print(const Rates& rates) {
  std::printf("%5zu %5zu x %-5zu %-8s", rates.shape.batch, rates.shape.in, rates.shape.out,
              name_of(rates.product).c_str());
  for (std::size_t i = 0; i < rates.names.size(); ++i) {
    std::printf("  %s %.1f", rates.names[i].c_str(), rates.rates[i]);
  }
  std::printf("  best library / ours %.2f\n", rates.behind());
}

void print_losses(std::vector<Rates> all) {
  double logs = 0;
  for (const Rates& rates : all) logs += std::log(rates.behind());
  std::sort(all.begin(), all.end(),
            [](const Rates& a, const Rates& b) { return a.behind() > b.behind(); });
  const auto count = std::count_if(all.begin(), all.end(),
                                   [](const Rates& rates) { return rates.behind() > 1.25; });
  std::printf("best library / ours: geometric mean %.3f\n%ld of %zu behind it by more than 20 %%\n",
              std::exp(logs / static_cast<double>(all.size())), static_cast<long>(count),
              all.size());
  for (const Rates& rates : all) {
    if (rates.behind() > 1.25) print(rates);
  }
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
      for (const std::size_t out : {1, 10, 64, 100, 512, 2048}) {
        const Shape shape{batch, in, out};
        if (shape.flops() < 2.5e9) shapes.push_back(shape);  // longer ones take too long here
      }
    }
  }
  return shapes;
}

int run(const std::string& what) {
  std::printf("%s\nkernels %s, peak of one core %.1f GFLOP/s\n", libraries_text().c_str(),
              std::string(kernels<float>().name).c_str(), peak_flops() * 1e-9);
  std::vector<Shape> shapes = what == "sweep" ? sweep_shapes() : net_shapes();
  Shape one{};
  if (std::sscanf(what.c_str(), "%zu,%zu,%zu", &one.batch, &one.in, &one.out) == 3) shapes = {one};
  std::vector<Rates> all;
  const int runs = what == "sweep" ? 5 : 9;
  const double seconds = what == "sweep" ? 0.0005 : 0.002;
  for (const Shape shape : shapes) {
    for (const Product product : all_products) {
      all.push_back(measure(product, shape, kernels<float>(), runs, seconds));
      print(all.back());
    }
  }
  print_losses(all);
  return 0;
}

}  // namespace
}  // namespace caviar::bench

int main(int argc, char** argv) { return caviar::bench::run(argc > 1 ? argv[1] : "nets"); }
