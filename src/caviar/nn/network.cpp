#include "caviar/nn/network.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/layers/activation_layer.hpp"
#include "caviar/nn/layers/batch_norm.hpp"
#include "caviar/nn/layers/dense.hpp"
#include "caviar/nn/layers/dropout.hpp"
#include "caviar/nn/layers/embedding.hpp"
#include "caviar/nn/layers/residual.hpp"

namespace caviar {
namespace {

// More numbers than this in one layer are a slip, not a network: 2^40 floats are 4 TiB.
constexpr double most_weights = 0x1.0p40;

[[noreturn]] void refuse(const std::string& where, const std::string& seen,
                         const std::string& expected) {
  throw Error(Fault::input,
              fmt::format("{}: {} was given, {} was expected", where, seen, expected));
}

void check_count(std::size_t count, const std::string& where) {
  if (count == 0) refuse(where, "0", "a whole number from 1");
}

void check_size(std::size_t rows, std::size_t columns, const std::string& where) {
  if (static_cast<double>(rows) * static_cast<double>(columns) > most_weights) {
    refuse(where, fmt::format("a layer of {} × {} weights", rows, columns), "at most 2^40");
  }
}

void check_number(double value, bool makes_sense, const std::string& expected,
                  const std::string& where) {
  if (!makes_sense) refuse(where, number_text(value), expected);
}

void check_embedding(const Embedding& embedding, std::size_t inputs, const std::string& where) {
  std::vector<bool> used(inputs);
  for (std::size_t i = 0; i < embedding.columns.size(); ++i) {
    const EmbeddedColumn& embedded = embedding.columns[i];
    const std::string at = fmt::format("{}.columns[{}]", where, i);
    if (embedded.column >= inputs || used[embedded.column]) {
      refuse(at + ".column", std::to_string(embedded.column),
             fmt::format("one of the {} columns, from 0, each at most once", inputs));
    }
    used[embedded.column] = true;
    check_count(embedded.levels, at + ".levels");
    check_count(embedded.width, at + ".width");
    check_size(embedded.levels, embedded.width, at);
  }
}

// What follows the layer at `index` as far as its weights are concerned.
Activation activation_after(const std::vector<LayerSpec>& layers, std::size_t index) {
  for (std::size_t i = index + 1; i < layers.size(); ++i) {
    if (const auto* next = std::get_if<ActivationLayer>(&layers[i])) return next->activation;
    const bool transparent =
        std::holds_alternative<BatchNorm>(layers[i]) || std::holds_alternative<Dropout>(layers[i]);
    if (!transparent) break;
  }
  return Activation::linear;
}

template <class T>
std::vector<LayerPtr<T>> build(std::size_t inputs, const std::vector<LayerSpec>& layers,
                               const std::string& where);

template <class T>
LayerPtr<T> build_one(std::size_t inputs, const std::vector<LayerSpec>& layers, std::size_t index,
                      const std::string& where) {
  return std::visit(
      match{[&](const Dense& spec) {
              check_count(spec.units, where + ".units");
              check_size(inputs, spec.units, where);
              const Activation acts = spec.activation == Activation::linear
                                          ? activation_after(layers, index)
                                          : spec.activation;
              return dense<T>(spec.units, spec.activation,
                              spec.initializer.value_or(usual_initializer(acts)), spec.bias);
            },
            [&](const BatchNorm& spec) {
              check_number(spec.momentum, spec.momentum >= 0 && spec.momentum < 1,
                           "a number from 0 to below 1", where + ".momentum");
              check_number(spec.epsilon, spec.epsilon > 0 && spec.epsilon <= 1,
                           "a number above 0, at most 1", where + ".epsilon");
              return batch_norm<T>(spec.momentum, spec.epsilon);
            },
            [&](const Dropout& spec) {
              const double rate = spec.rate.value_or(0);
              check_number(rate, rate >= 0 && rate < 1, "a number from 0 to below 1",
                           where + ".rate");
              return dropout<T>(spec.rate);
            },
            [&](const ActivationLayer& spec) { return activation_layer<T>(spec.activation); },
            [&](const Residual& spec) {
              return residual<T>(inputs, build<T>(inputs, spec.layers, where + ".layers"));
            },
            [&](const Embedding& spec) {
              check_embedding(spec, inputs, where);
              return embedding<T>(spec.columns);
            }},
      layers[index]);
}

template <class T>
std::vector<LayerPtr<T>> build(std::size_t inputs, const std::vector<LayerSpec>& layers,
                               const std::string& where) {
  if (layers.empty()) refuse(where, "no layer", "at least one");
  std::vector<LayerPtr<T>> built;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    built.push_back(build_one<T>(inputs, layers, i, fmt::format("{}[{}]", where, i)));
    inputs = built.back()->plan(inputs).outputs;
  }
  return built;
}

}  // namespace

bool Residual::operator==(const Residual& other) const { return layers == other.layers; }

std::string kind_of(const LayerSpec& layer) {
  return std::visit(
      match{[](const Dense&) { return "dense"; }, [](const BatchNorm&) { return "batch_norm"; },
            [](const Dropout&) { return "dropout"; },
            [](const ActivationLayer&) { return "activation"; },
            [](const Residual&) { return "residual"; },
            [](const Embedding&) { return "embedding"; }},
      layer);
}

template <class T>
Model<T> make_model(const NetworkSpec& network, const Kernels<T>& table) {
  check_count(network.inputs, "inputs");
  return Model<T>(network.inputs, build<T>(network.inputs, network.layers, "layers"), table);
}

NetworkSize size_of_network(const NetworkSpec& network) {
  check_count(network.inputs, "inputs");
  const auto chain =
      make_chain(network.inputs, build<float>(network.inputs, network.layers, "layers"));
  const Sizes all = total_sizes(chain);
  NetworkSize size{all.weights + all.biases, all.state, 0};
  std::size_t widest = 0;
  for (const Step<float>& step : chain) {
    size.fixed += step.plan.scratch;
    size.per_row += step.plan.outputs + step.plan.scratch_per_row;
    widest = std::max(widest, step.plan.outputs);
  }
  size.per_row += network.inputs + 2 * widest;  // the rows gathered, two ends of a step backward
  return size;
}

template Model<float> make_model(const NetworkSpec&, const Kernels<float>&);
template Model<double> make_model(const NetworkSpec&, const Kernels<double>&);

}  // namespace caviar
