#include "caviar/model/onnx_layers.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/match.hpp"

namespace caviar {
namespace {

using Names = std::vector<std::string>;

class Writer {
 public:
  Writer(OnnxGraph& graph, const Model<float>& model)
      : graph_(graph), model_(model), tensors_(model.tensors()) {}

  // `prefix`: of the tensors' names, "3.residual."; `width`: columns of x, changed to those of what
  // comes out.
  std::string chain(const std::vector<LayerSpec>& layers, const std::string& prefix, std::string x,
                    std::size_t& width) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string place = prefix + std::to_string(i) + "." + kind_of(layers[i]) + ".";
      x = std::visit([&](const auto& layer) { return add(layer, place, x, width); }, layers[i]);
    }
    return x;
  }

 private:
  std::string add(const Dense& layer, const std::string& place, const std::string& x,
                  std::size_t& width) {
    // Every engine knows the transposed product with a bias; not every one knows the plain one.
    const std::span<const float> weight = numbers(place + "weight");
    std::vector<float> transposed(weight.size());
    for (std::size_t in = 0; in < width; ++in) {
      for (std::size_t out = 0; out < layer.units; ++out) {
        transposed[out * width + in] = weight[in * layer.units + out];
      }
    }
    Names inputs = {x, graph_.constant({layer.units, width}, std::span<const float>(transposed))};
    if (layer.bias) inputs.push_back(graph_.constant({layer.units}, numbers(place + "bias")));
    width = layer.units;
    return activated(graph_.node("Gemm", inputs, {OnnxAttribute::whole("transB", 1)}),
                     layer.activation);
  }

  std::string add(const BatchNorm& layer, const std::string& place, const std::string& x,
                  std::size_t& width) {
    Names inputs = {x};
    for (const char* name : {"scale", "shift", "mean", "variance"}) {
      inputs.push_back(graph_.constant({width}, numbers(place + name)));
    }
    return graph_.node("BatchNormalization", inputs,
                       {OnnxAttribute::real("epsilon", static_cast<float>(layer.epsilon))});
  }

  std::string add(const Dropout&, const std::string&, const std::string& x, std::size_t&) {
    return x;
  }

  std::string add(const ActivationLayer& layer, const std::string&, const std::string& x,
                  std::size_t&) {
    return activated(x, layer.activation);
  }

  std::string add(const Residual& layer, const std::string& place, const std::string& x,
                  std::size_t& width) {
    const std::size_t in = width;
    const std::string inner = chain(layer.layers, place, x, width);
    if (width == in) return graph_.node("Add", {inner, x});
    const std::string projection = graph_.constant({in, width}, numbers(place + "projection"));
    return graph_.node("Add", {inner, graph_.node("MatMul", {x, projection})});
  }

  std::string add(const Embedding& layer, const std::string& place, const std::string& x,
                  std::size_t& width) {
    std::vector<std::int64_t> plain;
    for (std::size_t column = 0; column < width; ++column) {
      const bool embedded = std::any_of(layer.columns.begin(), layer.columns.end(),
                                        [&](const auto& one) { return one.column == column; });
      if (!embedded) plain.push_back(static_cast<std::int64_t>(column));
    }
    Names parts;
    if (!plain.empty()) parts.push_back(columns_of(x, {plain.size()}, plain));
    width = plain.size();
    for (std::size_t i = 0; i < layer.columns.size(); ++i) {
      parts.push_back(looked_up(layer.columns[i], place + "table" + std::to_string(i), x));
      width += layer.columns[i].width;
    }
    return graph_.node("Concat", parts, {OnnxAttribute::whole("axis", 1)});
  }

  // The learned numbers of each row's code; a code that is none finds a row of zeros at the end.
  std::string looked_up(const EmbeddedColumn& column, const std::string& table,
                        const std::string& x) {
    const std::span<const float> learnt = numbers(table);
    std::vector<float> rows(learnt.begin(), learnt.end());
    rows.resize(rows.size() + column.width);
    const std::string all =
        graph_.constant({column.levels + 1, column.width}, std::span<const float>(rows));
    const std::string cell = columns_of(x, {}, {static_cast<std::int64_t>(column.column)});
    const std::string code = graph_.node("Cast", {cell}, {OnnxAttribute::whole("to", whole_type)});
    const std::string none = one(static_cast<std::int64_t>(column.levels));
    const std::string below = graph_.node("Less", {code, one(std::int64_t{0})});
    const std::string above = graph_.node("GreaterOrEqual", {code, none});
    const std::string wrong = graph_.node("Or", {below, above});
    const std::string row = graph_.node("Where", {wrong, none, code});
    return graph_.node("Gather", {all, row}, {OnnxAttribute::whole("axis", 0)});
  }

  std::string columns_of(const std::string& x, const std::vector<std::size_t>& shape,
                         const std::vector<std::int64_t>& columns) {
    const std::string which = graph_.constant(shape, std::span<const std::int64_t>(columns));
    return graph_.node("Gather", {x, which}, {OnnxAttribute::whole("axis", 1)});
  }

  std::string one(std::int64_t value) {
    return graph_.constant({}, std::span<const std::int64_t>(&value, 1));
  }
  std::string one(float value) { return graph_.constant({}, std::span<const float>(&value, 1)); }

  std::string activated(const std::string& z, Activation activation) {
    switch (activation) {
      case Activation::linear:
        return z;
      case Activation::relu:
        return graph_.node("Relu", {z});
      case Activation::leaky_relu:
        return graph_.node("LeakyRelu", {z},
                           {OnnxAttribute::real("alpha", static_cast<float>(leaky_slope))});
      case Activation::elu:
        return graph_.node("Elu", {z}, {OnnxAttribute::real("alpha", 1)});
      case Activation::selu:
        return graph_.node("Selu", {z},
                           {OnnxAttribute::real("alpha", static_cast<float>(selu_alpha)),
                            OnnxAttribute::real("gamma", static_cast<float>(selu_scale))});
      case Activation::gelu:
        return gelu(z);
      case Activation::silu:
        return graph_.node("Mul", {z, graph_.node("Sigmoid", {z})});
      case Activation::tanh:
        return graph_.node("Tanh", {z});
      case Activation::sigmoid:
        return graph_.node("Sigmoid", {z});
      case Activation::softplus:
        return graph_.node("Softplus", {z});
    }
    throw Error(Fault::internal, "an activation that ONNX export does not know");
  }

  // z Φ(z) = z · (1 + erf(z / √2)) / 2; as one operation it came with opset 20 only.
  std::string gelu(const std::string& z) {
    const std::string scaled = graph_.node("Mul", {z, one(0.70710678F)});
    const std::string doubled = graph_.node("Add", {graph_.node("Erf", {scaled}), one(1.0F)});
    return graph_.node("Mul", {graph_.node("Mul", {z, doubled}), one(0.5F)});
  }

  std::span<const float> numbers(const std::string& name) const {
    const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                    [&](const Tensor& tensor) { return tensor.name == name; });
    if (found == tensors_.end()) throw Error(Fault::internal, "no tensor is called " + name);
    const auto all = found->kind == TensorKind::state ? model_.state() : model_.weights();
    return all.subspan(found->at, found->size());
  }

  static constexpr std::int64_t whole_type = static_cast<std::int64_t>(OnnxType::whole);

  OnnxGraph& graph_;
  const Model<float>& model_;
  std::vector<Tensor> tensors_;
};

}  // namespace

std::string add_network(OnnxGraph& graph, const NetworkSpec& network, const Model<float>& model,
                        const std::string& input) {
  std::size_t width = network.inputs;
  return Writer(graph, model).chain(network.layers, "", input, width);
}

}  // namespace caviar
