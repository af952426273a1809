#include "caviar/model/onnx_graph.hpp"

#include <fmt/format.h>

namespace caviar {
namespace {

// Field numbers.
namespace model_field {
constexpr int ir_version = 1, producer_name = 2, producer_version = 3, graph = 7, opset = 8,
              metadata = 14;
}
namespace graph_field {
constexpr int node = 1, name = 2, initializer = 5, input = 11, output = 12;
}
namespace node_field {
constexpr int input = 1, output = 2, name = 3, operation = 4, attribute = 5, domain = 7;
}
namespace attribute_field {
constexpr int name = 1, real = 2, whole = 3, wholes = 8, texts = 9, type = 20;
}
namespace tensor_field {
constexpr int dims = 1, type = 2, text = 6, name = 8, raw = 9;
}
constexpr int attribute_real = 1, attribute_whole = 2, attribute_wholes = 7, attribute_texts = 8;

template <class T>
std::string_view raw_bytes(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

Message value_info(const std::string& name, OnnxType type, std::size_t columns) {
  Message shape;
  shape.message(1, Message().bytes(2, "rows"));
  if (columns > 0) shape.message(1, Message().integer(1, static_cast<std::int64_t>(columns)));
  Message tensor;
  tensor.integer(1, static_cast<int>(type)).message(2, shape);
  return Message().bytes(1, name).message(2, Message().message(1, tensor));
}

Message opset(const std::string& domain, int version) {
  return Message().bytes(1, domain).integer(2, version);
}

}  // namespace

OnnxAttribute::OnnxAttribute(const std::string& name, int type) {
  message_.bytes(attribute_field::name, name).integer(attribute_field::type, type);
}

OnnxAttribute OnnxAttribute::real(const std::string& name, float value) {
  OnnxAttribute attribute(name, attribute_real);
  attribute.message_.real(attribute_field::real, value);
  return attribute;
}

OnnxAttribute OnnxAttribute::whole(const std::string& name, std::int64_t value) {
  OnnxAttribute attribute(name, attribute_whole);
  attribute.message_.integer(attribute_field::whole, value);
  return attribute;
}

OnnxAttribute OnnxAttribute::wholes(const std::string& name,
                                    const std::vector<std::int64_t>& values) {
  OnnxAttribute attribute(name, attribute_wholes);
  for (const std::int64_t value : values) {
    attribute.message_.integer(attribute_field::wholes, value);
  }
  return attribute;
}

OnnxAttribute OnnxAttribute::texts(const std::string& name,
                                   const std::vector<std::string>& values) {
  OnnxAttribute attribute(name, attribute_texts);
  for (const std::string& value : values) attribute.message_.bytes(attribute_field::texts, value);
  return attribute;
}

std::string OnnxGraph::add(const std::string& operation, const std::string& domain,
                           const std::vector<std::string>& inputs,
                           const std::vector<OnnxAttribute>& attributes, std::string output,
                           const std::string& second) {
  if (output.empty()) output = fmt::format("{}_{}", operation, names_++);
  Message node;
  for (const std::string& name : inputs) node.bytes(node_field::input, name);
  node.bytes(node_field::output, output);
  if (!second.empty()) node.bytes(node_field::output, second);
  node.bytes(node_field::name, output);
  node.bytes(node_field::operation, operation);
  for (const OnnxAttribute& attribute : attributes) {
    node.message(node_field::attribute, attribute.message());
  }
  if (!domain.empty()) node.bytes(node_field::domain, domain);
  graph_.message(graph_field::node, node);
  return output;
}

std::string OnnxGraph::node(const std::string& operation, const std::vector<std::string>& inputs,
                            const std::vector<OnnxAttribute>& attributes,
                            const std::string& output) {
  return add(operation, "", inputs, attributes, output);
}

std::string OnnxGraph::first_of_two(const std::string& operation,
                                    const std::vector<std::string>& inputs,
                                    const std::vector<OnnxAttribute>& attributes) {
  const std::string second = fmt::format("{}_{}_second", operation, names_);
  return add(operation, "", inputs, attributes, "", second);
}

std::string OnnxGraph::ml_node(const std::string& operation, const std::vector<std::string>& inputs,
                               const std::vector<OnnxAttribute>& attributes) {
  return add(operation, "ai.onnx.ml", inputs, attributes, "");
}

std::string OnnxGraph::tensor(OnnxType type, const std::vector<std::size_t>& shape,
                              std::string_view raw) {
  const std::string name = fmt::format("constant_{}", names_++);
  Message message;
  for (const std::size_t side : shape) {
    message.integer(tensor_field::dims, static_cast<std::int64_t>(side));
  }
  message.integer(tensor_field::type, static_cast<int>(type)).bytes(tensor_field::name, name);
  message.bytes(tensor_field::raw, raw);
  graph_.message(graph_field::initializer, message);
  return name;
}

std::string OnnxGraph::constant(const std::vector<std::size_t>& shape,
                                std::span<const float> values) {
  return tensor(OnnxType::real, shape, raw_bytes(values));
}

std::string OnnxGraph::constant(const std::vector<std::size_t>& shape,
                                std::span<const double> values) {
  return tensor(OnnxType::exact, shape, raw_bytes(values));
}

std::string OnnxGraph::constant(const std::vector<std::size_t>& shape,
                                std::span<const std::int64_t> values) {
  return tensor(OnnxType::whole, shape, raw_bytes(values));
}

std::string OnnxGraph::constant(std::span<const std::string> texts) {
  const std::string name = fmt::format("constant_{}", names_++);
  Message message;
  message.integer(tensor_field::dims, static_cast<std::int64_t>(texts.size()));
  message.integer(tensor_field::type, static_cast<int>(OnnxType::text));
  for (const std::string& text : texts) message.bytes(tensor_field::text, text);
  message.bytes(tensor_field::name, name);
  graph_.message(graph_field::initializer, message);
  return name;
}

void OnnxGraph::input(const std::string& name, OnnxType type, std::size_t columns) {
  graph_.message(graph_field::input, value_info(name, type, columns));
}

void OnnxGraph::output(const std::string& name, OnnxType type, std::size_t columns) {
  graph_.message(graph_field::output, value_info(name, type, columns));
}

std::string OnnxGraph::model(const std::string& version,
                             const std::map<std::string, std::string>& metadata) const {
  Message graph = graph_;
  graph.bytes(graph_field::name, "caviar");
  Message model;
  model.integer(model_field::ir_version, onnx_ir_version);
  model.bytes(model_field::producer_name, "caviar");
  model.bytes(model_field::producer_version, version);
  model.message(model_field::graph, graph);
  model.message(model_field::opset, opset("", onnx_opset));
  model.message(model_field::opset, opset("ai.onnx.ml", onnx_ml_opset));
  for (const auto& [key, value] : metadata) {
    model.message(model_field::metadata, Message().bytes(1, key).bytes(2, value));
  }
  return model.done();
}

}  // namespace caviar
