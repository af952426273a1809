#include "caviar/model/onnx.hpp"

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/model/onnx_columns.hpp"
#include "caviar/model/onnx_graph.hpp"
#include "caviar/model/onnx_layers.hpp"

namespace caviar {
namespace {

std::int64_t code_of(OnnxType type) { return static_cast<std::int64_t>(type); }

std::string single(OnnxGraph& graph, float value) {
  return graph.constant({}, std::span<const float>(&value, 1));
}

// Of two classes one output may be the logit of the second.
std::string add_probabilities(OnnxGraph& graph, const SavedModel& saved,
                              const std::string& outputs) {
  if (saved.model.outputs() > 1) {
    return graph.node("Softmax", {outputs}, {OnnxAttribute::whole("axis", 1)}, "probabilities");
  }
  const std::string second = graph.node("Sigmoid", {outputs});
  const std::string first = graph.node("Sub", {single(graph, 1), second});
  return graph.node("Concat", {first, second}, {OnnxAttribute::whole("axis", 1)}, "probabilities");
}

void add_classes(OnnxGraph& graph, const SavedModel& saved, const std::string& outputs) {
  const std::vector<std::string>& classes = saved.target.classes;
  const std::string probabilities = add_probabilities(graph, saved, outputs);
  const std::string best =
      graph.node("ArgMax", {probabilities},
                 {OnnxAttribute::whole("axis", 1), OnnxAttribute::whole("keepdims", 0)});
  graph.node("Gather", {graph.constant(classes), best}, {OnnxAttribute::whole("axis", 0)}, "class");
  graph.output("class", OnnxType::text, 0);
  graph.output("probabilities", OnnxType::real, classes.size());
}

// The probability of yes of each label.
void add_labels(OnnxGraph& graph, const SavedModel& saved, const std::string& outputs) {
  graph.node("Sigmoid", {outputs}, {}, "probabilities");
  graph.output("probabilities", OnnxType::real, saved.target.columns.size());
}

// Of each target by itself.
std::string sorted_quantiles(OnnxGraph& graph, const TargetCode& target,
                             const std::string& outputs) {
  const std::size_t quantiles = target.quantiles();
  if (quantiles == 0) return outputs;
  const auto shaped = [&](const std::string& x, const std::vector<std::int64_t>& shape) {
    const std::string to = graph.constant({shape.size()}, std::span<const std::int64_t>(shape));
    return graph.node("Reshape", {x, to});
  };
  const auto each = static_cast<std::int64_t>(quantiles);
  const auto all = static_cast<std::int64_t>(target.columns.size());
  const std::string count = graph.constant({1}, std::span<const std::int64_t>(&each, 1));
  const std::string rows = shaped(outputs, {-1, all / each, each});
  const std::string rising =
      graph.first_of_two("TopK", {rows, count},
                         {OnnxAttribute::whole("axis", 2), OnnxAttribute::whole("largest", 0),
                          OnnxAttribute::whole("sorted", 1)});
  return shaped(rising, {-1, all});
}

// Into each target's own unit.
void add_value(OnnxGraph& graph, const SavedModel& saved, const std::string& network_outputs) {
  const std::string outputs = sorted_quantiles(graph, saved.target, network_outputs);
  std::vector<double> means, deviations;
  for (const TargetColumn& column : saved.target.columns) {
    means.push_back(column.mean);
    deviations.push_back(column.deviation);
  }
  const auto constant = [&](const std::vector<double>& values) {
    return graph.constant({values.size()}, std::span<const double>(values));
  };
  const std::string exact =
      graph.node("Cast", {outputs}, {OnnxAttribute::whole("to", code_of(OnnxType::exact))});
  const std::string wide = graph.node("Mul", {exact, constant(deviations)});
  graph.node("Add", {wide, constant(means)}, {}, "value");
  graph.output("value", OnnxType::exact, means.size());
}

std::string targets_json(const TargetCode& target) {
  Json names = Json::array();
  for (const TargetColumn& column : target.columns) names.push_back(column.shown());
  return names.dump();
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
      {"dates", Json(date_columns(saved.preprocessor)).dump()},
      {"target", saved.target.name()},
      {"targets", targets_json(saved.target)}};
  if (saved.target.task == Task::classification) {
    add_classes(graph, saved, outputs);
    metadata["classes"] = Json(saved.target.classes).dump();
  } else if (saved.target.task == Task::multi_label) {
    add_labels(graph, saved, outputs);
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
  } else if (saved.target.task == Task::multi_label) {
    text += line("output", "probabilities", OnnxType::real, saved.target.columns.size());
  } else {
    text += line("output", "value", OnnxType::exact, saved.target.columns.size());
  }
  return text;
}

}  // namespace caviar
