// How fast a network trains: one step (gather, forward, loss, backward, optimiser) of Adam with
// ReLU and softmax cross-entropy on random data, one thread; and the matrix products alone.
//
// Each row prints the time of one step, samples a second and GFLOP/s (6 · batch · Σ in · out a
// step).
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "caviar/nn/batches.hpp"
#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/nn/model.hpp"
#include "caviar/nn/stepper.hpp"

namespace caviar {
namespace {

constexpr std::size_t rows = 4096;

struct Net {
  std::string name;
  std::vector<std::size_t> sizes;
};
const std::vector<Net> nets = {{"64-64-10", {64, 64, 10}},
                               {"64-128-64-10", {64, 128, 64, 10}},
                               {"784-256-128-10", {784, 256, 128, 10}},
                               {"784-512-512-10", {784, 512, 512, 10}}};

Model<float> make(const Net& net, const Kernels<float>& table) {
  std::vector<LayerPtr<float>> layers;
  for (std::size_t i = 1; i < net.sizes.size(); ++i) {
    const bool last = i + 1 == net.sizes.size();
    layers.push_back(dense<float>(net.sizes[i], last ? Activation::linear : Activation::relu));
  }
  Model<float> model(net.sizes[0], layers, table);
  Rng rng(1);
  model.initialize(rng);
  return model;
}

double multiplications(const Net& net) {
  double sum = 0;
  for (std::size_t i = 1; i < net.sizes.size(); ++i) {
    sum += static_cast<double>(net.sizes[i - 1] * net.sizes[i]);
  }
  return sum;
}

void step(benchmark::State& state, const Net& net, std::size_t batch_size,
          const Kernels<float>& table) {
  Rng rng(2);
  std::vector<float> x(rows * net.sizes[0]);
  for (float& value : x) value = static_cast<float>(rng.normal());
  std::vector<std::int32_t> labels(rows);
  for (auto& label : labels) label = static_cast<std::int32_t>(rng.below(net.sizes.back()));

  Model<float> model = make(net, table);
  Batches<float> batches({{x.data(), rows, net.sizes[0]}, labels, {}}, batch_size);
  Workspace<float> workspace(model, batch_size);
  std::vector<float> gradients(model.weights().size());
  Stepper<float> stepper(Optimizer::adam, gradients.size());
  const Knobs knobs;
  std::size_t index = 0;
  for (auto _ : state) {
    if (index == batches.count()) {
      batches.shuffle(rng);
      index = 0;
    }
    const Samples<float> batch = batches.gather(index++);
    const auto outputs = workspace.forward(model, knobs, rng, batch.x);
    benchmark::DoNotOptimize(
        loss_and_delta(table, Loss::cross_entropy, outputs, batch, workspace.delta()));
    workspace.backward(model, knobs, batch.x, gradients);
    stepper.step(table, knobs, model.segments(), gradients, model.weights());
  }
  const auto samples = static_cast<double>(state.iterations()) * static_cast<double>(batch_size);
  state.counters["samples/s"] = benchmark::Counter(samples, benchmark::Counter::kIsRate);
  state.counters["GFLOP/s"] =
      benchmark::Counter(6e-9 * samples * multiplications(net), benchmark::Counter::kIsRate);
}

// One of the three products of a dense layer.
enum class Product { forward, weights, inputs };

void product(benchmark::State& state, Product kind, std::size_t batch, std::size_t in,
             std::size_t out, const Kernels<float>& table) {
  std::vector<float> x(batch * in, 0.5F), w(in * out, 0.25F), y(batch * out, 0.125F), bias(out);
  for (auto _ : state) {
    const Matrix<float> x_view{x.data(), batch, in};
    const Matrix<float> w_view{w.data(), in, out};
    const Matrix<float> y_view{y.data(), batch, out};
    if (kind == Product::forward) {
      table.dense(x_view, w_view, bias.data(), Activation::linear, y_view);
    } else if (kind == Product::weights) {
      table.weight_gradient(x_view, y_view, w_view, bias.data());
    } else {
      table.input_gradient(y_view, w_view, x_view);
    }
    benchmark::ClobberMemory();
  }
  const double operations = 2e-9 * static_cast<double>(state.iterations() * batch * in * out);
  state.counters["GFLOP/s"] = benchmark::Counter(operations, benchmark::Counter::kIsRate);
}

const bool registered = [] {
  for (const Kernels<float>* table : available_kernels<float>()) {
    const std::string kernel(table->name);
    for (const Net& net : nets) {
      for (const std::size_t batch : {32, 128}) {
        benchmark::RegisterBenchmark(
            ("step/" + kernel + "/" + net.name + "/b" + std::to_string(batch)).c_str(), step, net,
            batch, *table)
            ->Unit(benchmark::kMicrosecond);
      }
    }
    for (const auto& [name, kind] : {std::pair{"forward", Product::forward},
                                     {"weights", Product::weights},
                                     {"inputs", Product::inputs}}) {
      for (const auto& [in, out] :
           {std::pair<std::size_t, std::size_t>{64, 64}, {64, 10}, {784, 256}}) {
        for (const std::size_t batch : {32, 128}) {
          const std::string shape = std::to_string(in) + "x" + std::to_string(out);
          benchmark::RegisterBenchmark(
              ("product/" + kernel + "/" + name + "/" + shape + "/b" + std::to_string(batch))
                  .c_str(),
              product, kind, batch, in, out, *table);
        }
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace caviar
