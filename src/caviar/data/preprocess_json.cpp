// What was learnt about the columns as a document, and back.
#include <algorithm>
#include <cmath>
#include <set>

#include "caviar/base/json.hpp"
#include "caviar/data/preprocess.hpp"

namespace caviar {
namespace {

bool counts(ColumnType type) { return type == ColumnType::number || type == ColumnType::date; }

Json column_json(const ColumnCode& code) {
  Json json = {{"name", code.name}, {"type", name_of(code.type)}};
  if (counts(code.type)) {
    json["shift"] = code.shift;
    json["factor"] = code.factor;
  }
  if (code.type != ColumnType::category) json["fill"] = code.fill;
  if (code.clock) json["clock"] = true;
  if (code.type == ColumnType::category) {
    json["embed"] = code.embed;
    json["levels"] = code.levels;
    json["rare"] = code.rare;
  }
  json["missing"] = code.missing;
  return json;
}

double finite(Fields& fields, const std::string& key) {
  const Node& node = fields.need(key);
  const double value = node.number();
  if (!std::isfinite(value)) node.fail("a finite number was expected");
  return value;
}

std::vector<std::string> levels_of(const Node& list) {
  std::vector<std::string> levels;
  for (const Node& item : list.items()) {
    if (!levels.empty() && !(levels.back() < item.text())) {
      item.fail("'" + item.text() + "' stands behind '" + levels.back() +
                "'; different levels in alphabetical order were expected");
    }
    levels.push_back(item.text());
  }
  return levels;
}

ColumnCode column_in(const Node& node) {
  Fields fields(node);
  ColumnCode code;
  code.name = fields.need("name").text();
  const Node& type = fields.need("type");
  code.type = parse_column_type(type.text(), type.where());
  if (code.type == ColumnType::text) type.fail("nothing can be learnt from free text");
  if (counts(code.type)) {
    code.shift = finite(fields, "shift");
    code.factor = finite(fields, "factor");
  }
  if (code.type != ColumnType::category) code.fill = finite(fields, "fill");
  if (code.type == ColumnType::date) code.clock = fields.boolean("clock", false);
  if (code.type == ColumnType::category) {
    code.embed = fields.need("embed").boolean();
    code.levels = levels_of(fields.need("levels"));
    code.rare = fields.need("rare").boolean();
  }
  code.missing = fields.need("missing").boolean();
  fields.done();
  return code;
}

}  // namespace

Json to_json(const Preprocessor& preprocessor) {
  Json columns = Json::array();
  for (const ColumnCode& code : preprocessor.columns()) columns.push_back(column_json(code));
  Json json = Json::object();
  json["columns"] = std::move(columns);
  return json;
}

Preprocessor preprocessor_from_json(const Node& node) {
  Fields fields(node);
  std::vector<ColumnCode> codes;
  std::set<std::string> names;
  for (const Node& item : fields.need("columns").items()) {
    codes.push_back(column_in(item));
    if (!names.insert(codes.back().name).second) {
      item.fail("a second column '" + codes.back().name + "'; names must differ");
    }
  }
  fields.done();
  return Preprocessor(std::move(codes));
}

}  // namespace caviar
