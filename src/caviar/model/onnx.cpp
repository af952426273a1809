#include "caviar/model/onnx.hpp"

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/model/onnx_columns.hpp"
#include "caviar/model/onnx_graph.hpp"
#include "caviar/model/onnx_layers.hpp"

namespace caviar {
namespace {

std::int64_t code_of(OnnxType type) { return static_cast<std::int64_t>(type); }

void add_classes(OnnxGraph& graph, const SavedModel& saved, const std::string& outputs) {
  const std::vector<std::string>& classes = saved.target.classes;
  graph.node("Softmax", {outputs}, {OnnxAttribute::whole("axis", 1)}, "probabilities");
  const std::string best = graph.node(
      "ArgMax", {outputs}, {OnnxAttribute::whole("axis", 1), OnnxAttribute::whole("keepdims", 0)});
  graph.node("Gather", {graph.constant(classes), best}, {OnnxAttribute::whole("axis", 0)}, "class");
  graph.output("class", OnnxType::text, 0);
  graph.output("probabilities", OnnxType::real, classes.size());
}

// Into the target's own unit.
void add_value(OnnxGraph& graph, const SavedModel& saved, const std::string& outputs) {
  const auto constant = [&](const double& value) {
    return graph.constant({}, std::span<const double>(&value, 1));
  };
  const std::string exact =
      graph.node("Cast", {outputs}, {OnnxAttribute::whole("to", code_of(OnnxType::exact))});
  const std::string wide = graph.node("Mul", {exact, constant(saved.target.deviation)});
  graph.node("Add", {wide, constant(saved.target.mean)}, {}, "value");
  graph.output("value", OnnxType::exact, 1);
}

std::string type_text(OnnxType type) {
  switch (type) {
    case OnnxType::real:
      return "float";
    case OnnxType::exact:
      return "double";
    case OnnxType::text:
      return "string";
    case OnnxType::whole:
      return "int64";
  }
  return "";
}

std::string line(const char* what, const std::string& name, OnnxType type, std::size_t columns) {
  return fmt::format("{:<8}{:<24} {:<7} {}\n", what, name, type_text(type),
                     columns == 0 ? "rows" : fmt::format("rows × {}", columns));
}

}  // namespace

std::string onnx_bytes(const SavedModel& saved) {
  OnnxGraph graph;
  const std::string features = add_columns(graph, saved.preprocessor);
  const std::string outputs = add_network(graph, saved.network, saved.model, features);
  std::map<std::string, std::string> metadata = {
      {"numbers", Json(number_columns(saved.preprocessor)).dump()},
      {"target", saved.target.column}};
  if (saved.target.task == Task::classification) {
    add_classes(graph, saved, outputs);
    metadata["classes"] = Json(saved.target.classes).dump();
  } else {
    add_value(graph, saved, outputs);
  }
  return graph.model(saved.version, metadata);
}

std::string onnx_version_text() {
  return fmt::format("opset {} and ai.onnx.ml {}", onnx_opset, onnx_ml_opset);
}

std::string describe_onnx(const SavedModel& saved) {
  std::string text;
  for (const OnnxInput& input : onnx_inputs(saved.preprocessor)) {
    text += line("input", input.name, input.type, input.columns);
  }
  if (saved.target.task == Task::classification) {
    text += line("output", "class", OnnxType::text, 0);
    text += line("output", "probabilities", OnnxType::real, saved.target.classes.size());
  } else {
    text += line("output", "value", OnnxType::exact, 1);
  }
  return text;
}

}  // namespace caviar
