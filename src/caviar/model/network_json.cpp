#include "caviar/model/network_json.hpp"

#include <array>
#include <string>
#include <utility>

#include "caviar/base/json.hpp"
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

constexpr std::int64_t most_units = std::int64_t{1} << 31;

Json layers_json(const std::vector<LayerSpec>& layers);

Json body_of(const Dense& layer) {
  Json body = {{"units", layer.units}, {"activation", name_of(layer.activation)}};
  if (!layer.bias) body["bias"] = false;
  if (layer.initializer) body["initializer"] = name_of(*layer.initializer);
  return body;
}

Json body_of(const BatchNorm& layer) {
  return {{"momentum", layer.momentum}, {"epsilon", layer.epsilon}};
}

Json body_of(const Dropout& layer) {
  return layer.rate ? Json{{"rate", *layer.rate}} : Json::object();
}

Json body_of(const ActivationLayer& layer) { return {{"activation", name_of(layer.activation)}}; }

Json body_of(const Residual& layer) { return {{"layers", layers_json(layer.layers)}}; }

Json body_of(const Embedding& layer) {
  Json columns = Json::array();
  for (const EmbeddedColumn& column : layer.columns) {
    columns.push_back(
        {{"column", column.column}, {"levels", column.levels}, {"width", column.width}});
  }
  return {{"columns", std::move(columns)}};
}

Json layers_json(const std::vector<LayerSpec>& layers) {
  Json list = Json::array();
  for (const LayerSpec& layer : layers) {
    Json object = {{"kind", kind_of(layer)}};
    object.update(std::visit([](const auto& one) { return body_of(one); }, layer));
    list.push_back(std::move(object));
  }
  return list;
}

std::size_t count_in(const Node& node, std::int64_t least) {
  const std::int64_t value = node.integer();
  if (value < least || value > most_units) {
    node.fail(node.describe() + " is no number of units here; " + std::to_string(least) +
              " or more was expected");
  }
  return static_cast<std::size_t>(value);
}

Dense read_dense(Fields& fields) {
  Dense layer{.units = count_in(fields.need("units"), 1)};
  const Node& activation = fields.need("activation");
  layer.activation = parse_activation(activation.text(), activation.where());
  layer.bias = fields.boolean("bias", true);
  if (const Node* initializer = fields.find("initializer")) {
    layer.initializer = parse_initializer(initializer->text(), initializer->where());
  }
  return layer;
}

BatchNorm read_batch_norm(Fields& fields) {
  const BatchNorm usual;
  return {fields.number("momentum", usual.momentum), fields.number("epsilon", usual.epsilon)};
}

Dropout read_dropout(Fields& fields) {
  const Node* rate = fields.find("rate");
  return rate == nullptr ? Dropout{} : Dropout{rate->number()};
}

ActivationLayer read_activation(Fields& fields) {
  const Node& activation = fields.need("activation");
  return {parse_activation(activation.text(), activation.where())};
}

Embedding read_embedding(Fields& fields) {
  Embedding layer;
  for (const Node& item : fields.need("columns").items()) {
    Fields column(item);
    layer.columns.push_back({count_in(column.need("column"), 0), count_in(column.need("levels"), 1),
                             count_in(column.need("width"), 1)});
    column.done();
  }
  return layer;
}

std::vector<LayerSpec> read_layers(const Node& list);

LayerSpec read_layer(const Node& node) {
  static const std::array<std::string, 6> kinds = {"dense",      "batch_norm", "dropout",
                                                   "activation", "residual",   "embedding"};
  Fields fields(node);
  const Node& kind = fields.need("kind");
  const auto read = [&]() -> LayerSpec {
    if (kind.text() == "dense") return read_dense(fields);
    if (kind.text() == "batch_norm") return read_batch_norm(fields);
    if (kind.text() == "dropout") return read_dropout(fields);
    if (kind.text() == "activation") return read_activation(fields);
    if (kind.text() == "residual") return Residual{read_layers(fields.need("layers"))};
    if (kind.text() == "embedding") return read_embedding(fields);
    kind.fail("there is no layer " + kind.describe() + suggestion(kind.text(), kinds));
  };
  LayerSpec layer = read();
  fields.done();
  return layer;
}

std::vector<LayerSpec> read_layers(const Node& list) {
  std::vector<LayerSpec> layers;
  for (const Node& node : list.items()) layers.push_back(read_layer(node));
  if (layers.empty()) list.fail("at least one layer was expected");
  return layers;
}

}  // namespace

Json to_json(const NetworkSpec& network) {
  return {{"inputs", network.inputs}, {"layers", layers_json(network.layers)}};
}

NetworkSpec network_from_json(const Node& node) {
  Fields fields(node);
  NetworkSpec network{count_in(fields.need("inputs"), 1), read_layers(fields.need("layers"))};
  fields.done();
  return network;
}

}  // namespace caviar
