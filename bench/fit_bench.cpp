// How fast networks train, float32, ReLU, softmax cross-entropy, Adam, random data: the time of one
// step inside fit(), an epoch's time over its steps, beside its floor, which is all matrix products
// of the step at the best library's speed for each shape (ours where no library is faster) plus one
// pass of the optimiser; and many small networks at once.
//
// For steady figures: chrt -f 10 taskset -c 0,1 build/bench/bench/caviar_bench_fit
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <thread>

#include "caviar/base/rng.hpp"
#include "caviar/nn/fit.hpp"
#include "caviar/nn/layers/batch_norm.hpp"
#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/layers/dropout.hpp"
#include "caviar/nn/stepper.hpp"

#include "bench/libraries.hpp"
#include "bench/products.hpp"
#include "bench/timing.hpp"

namespace {
std::atomic<long> allocations{0};
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto whole = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(whole, (size + whole - 1) / whole * whole)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace caviar::bench {
namespace {

using Sizes = std::vector<std::size_t>;
constexpr std::size_t rows = 4096;

std::string name_of(const Sizes& sizes) {
  std::string name = std::to_string(sizes.front());
  for (std::size_t i = 1; i < sizes.size(); ++i) name += "-" + std::to_string(sizes[i]);
  return name;
}

Model<float> network(const Sizes& sizes, bool regularised, const Kernels<float>& table) {
  std::vector<LayerPtr<float>> layers;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    const bool last = i + 1 == sizes.size();
    layers.push_back(dense<float>(sizes[i], last ? Activation::linear : Activation::relu));
    if (last || !regularised) continue;
    layers.push_back(batch_norm<float>());
    layers.push_back(dropout<float>(0.3));
  }
  Model<float> model(sizes.front(), layers, table);
  Rng rng(1);
  model.initialize(rng);
  return model;
}

struct Data {
  std::vector<float> x;
  std::vector<std::int32_t> labels;
  std::size_t features;

  Data(std::size_t width, std::size_t classes) : x(rows * width), labels(rows), features(width) {
    Rng rng(2);
    for (float& value : x) value = static_cast<float>(rng.normal());
    for (auto& label : labels) label = static_cast<std::int32_t>(rng.below(classes));
  }
  Samples<float> samples() const { return {{x.data(), rows, features}, labels, {}}; }
};

FitOptions options(std::size_t batch, int epochs) {
  FitOptions options;
  options.epochs = epochs;
  options.batch_size = static_cast<int>(batch);
  return options;
}

struct Timed {
  double step_seconds = 0;
  long allocations = 0;  // in an epoch
};

// The median epoch of a training of about a third of a second, over its steps.
Timed time_fit(const Sizes& sizes, std::size_t batch, bool regularised,
               const Kernels<float>& table) {
  const Data data(sizes.front(), sizes.back());
  Model<float> model = network(sizes, regularised, table);
  std::vector<double> ends;
  ends.reserve(1000);
  Timed timed;
  long before = 0;
  fit<float>(model, data.samples(), {}, options(batch, 1000), Knobs{},
             [&](const EpochStats& stats) {
               ends.push_back(stats.seconds);
               if (ends.size() == 2) before = allocations;
               if (ends.size() == 3) timed.allocations = allocations - before;
               const bool enough = ends.size() >= 10 && stats.seconds > 0.35;
               return enough || ends.size() == 1000 ? Flow::stop : Flow::go;
             });
  std::vector<double> epochs;
  for (std::size_t i = 1; i < ends.size(); ++i) epochs.push_back(ends[i] - ends[i - 1]);
  std::nth_element(epochs.begin(), epochs.begin() + static_cast<long>(epochs.size() / 2),
                   epochs.end());
  timed.step_seconds = epochs[epochs.size() / 2] / (static_cast<double>(rows) / batch);
  return timed;
}

struct Floor {
  double products = 0, optimizer = 0;  // seconds
  double flops = 0;
  double sum() const { return products + optimizer; }
};

Floor floor_of(const Sizes& sizes, std::size_t batch) {
  Floor floor;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    const Shape shape{batch, sizes[i - 1], sizes[i]};
    for (const Product product : all_products) {
      if (i == 1 && product == Product::inputs) continue;
      floor.products += shape.flops() / measure(product, shape, kernels<float>()).best() * 1e-9;
      floor.flops += shape.flops();
    }
  }
  Model<float> model = network(sizes, false, kernels<float>());
  Stepper<float> stepper(Optimizer::adam, model.weights().size());
  Rng rng(3);
  std::vector<float> gradients(model.weights().size());
  for (float& value : gradients) value = static_cast<float>(rng.normal());
  floor.optimizer = seconds_per_call([&] {
    stepper.step(kernels<float>(), Knobs{}, model.segments(), gradients, model.weights());
  });
  return floor;
}

const std::vector<Sizes> nets = {
    {64, 64, 10}, {64, 128, 64, 10}, {784, 256, 128, 10}, {784, 512, 512, 10}};

void print_steps(double peak) {
  std::printf("\n%-16s %5s  %9s %12s %6s  %9s %9s %6s  %s\n", "network", "batch", "us/step",
              "samples/s", "peak", "products", "optimizer", "/floor", "allocations/epoch");
  for (const Sizes& sizes : nets) {
    for (const std::size_t batch : {32, 128}) {
      const Floor floor = floor_of(sizes, batch);
      const auto print = [&](const std::string& name, const Timed& timed) {
        std::printf("%-16s %5zu  %9.1f %12.0f %5.0f%%  %9.1f %9.1f %6.2f  %ld\n", name.c_str(),
                    batch, timed.step_seconds * 1e6,
                    static_cast<double>(batch) / timed.step_seconds,
                    100 * floor.flops / timed.step_seconds / peak, floor.products * 1e6,
                    floor.optimizer * 1e6, timed.step_seconds / floor.sum(), timed.allocations);
      };
      print(name_of(sizes), time_fit(sizes, batch, false, kernels<float>()));
      if (&sizes != &nets.back()) continue;
      print("  + norm, dropout", time_fit(sizes, batch, true, kernels<float>()));
    }
  }
}

void print_tables() {
  std::printf("\nus/step by kernel table\n");
  for (const Sizes& sizes : nets) {
    for (const std::size_t batch : {32, 128}) {
      std::printf("%-16s %5zu", name_of(sizes).c_str(), batch);
      for (const Kernels<float>* table : available_kernels<float>()) {
        std::printf("  %s %.1f", std::string(table->name).c_str(),
                    1e6 * time_fit(sizes, batch, false, *table).step_seconds);
      }
      std::printf("\n");
    }
  }
}

// Samples a second, summed, of 32 networks with a learning rate each, batch 32, that `threads`
// threads train one after the other. The median of 7.
double many_nets(int threads) {
  const Data data(64, 10);
  constexpr int count = 32, epochs = 10;
  std::vector<double> rates;
  for (int run = 0; run < 7; ++run) {
    std::atomic<int> next{0};
    const auto work = [&] {
      for (int i = next++; i < count; i = next++) {
        Model<float> model = network({64, 64, 10}, false, kernels<float>());
        Knobs knobs;
        knobs.learning_rate = 1e-4 * (i + 1);
        fit<float>(model, data.samples(), {}, options(32, epochs), knobs, {});
      }
    };
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    rates.push_back(static_cast<double>(rows) * count * epochs / took.count());
  }
  std::nth_element(rates.begin(), rates.begin() + 3, rates.end());
  return rates[3];
}

int run(const std::string& part) {
  const double peak = peak_flops();
  std::printf("%s\nkernels %s, peak of one core %.1f GFLOP/s\n", libraries_text().c_str(),
              std::string(kernels<float>().name).c_str(), peak * 1e-9);
  if (part.empty() || part == "steps") print_steps(peak);
  if (part.empty() || part == "tables") print_tables();
  if (part.empty() || part == "many") {
    const double one = many_nets(1), two = many_nets(2);
    std::printf(
        "\n32 networks 64-64-10, batch 32, samples/s summed: one thread %.2f million, two "
        "%.2f million (%.2f times)\n",
        one * 1e-6, two * 1e-6, two / one);
  }
  return 0;
}

}  // namespace
}  // namespace caviar::bench

int main(int argc, char** argv) { return caviar::bench::run(argc > 1 ? argv[1] : ""); }
