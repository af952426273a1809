// What is kept of a target: learnt from it, as a document, and back.
#include <cmath>
#include <set>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/target.hpp"

namespace caviar {

namespace {

void learn_scale(const Target& target, std::size_t index, std::span<const std::size_t> rows,
                 TargetColumn& column) {
  std::vector<double> values;
  values.reserve(rows.size());
  const std::size_t each = target.columns.size();
  for (const std::size_t row : rows) values.push_back(target.values[row * each + index]);
  const auto [mean, deviation] = moments(values);
  column.mean = mean;
  if (deviation > 0 && std::isfinite(deviation)) column.deviation = deviation;
}

// The name is written as "column" of a single one, as "name" among several.
Json column_json(const TargetColumn& column, Task task, const char* name) {
  Json json = {{name, column.name}, {"type", name_of(column.type)}};
  if (task != Task::regression) return json;
  json["mean"] = column.mean;
  json["deviation"] = column.deviation;
  if (column.quantile > 0) json["quantile"] = column.quantile;
  return json;
}

TargetColumn column_in(Fields& fields, Task task, const char* name) {
  TargetColumn column;
  column.name = fields.need(name).text();
  const Node& type = fields.need("type");
  column.type = parse_column_type(type.text(), type.where());
  if (task != Task::regression) return column;
  column.mean = fields.need("mean").number();
  column.deviation = fields.need("deviation").number();
  column.quantile = fields.number("quantile", 0);
  if (!(column.quantile >= 0 && column.quantile < 1)) {
    fields.need("quantile").fail("a number above 0 and below 1 was expected");
  }
  if (!std::isfinite(column.mean)) fields.need("mean").fail("a finite number was expected");
  if (!(column.deviation > 0) || !std::isfinite(column.deviation)) {
    fields.need("deviation").fail("a number above 0 was expected");
  }
  return column;
}

std::vector<TargetColumn> columns_in(const Node& list, Task task) {
  std::vector<TargetColumn> columns;
  std::set<std::string> seen;
  for (const Node& item : list.items()) {
    Fields fields(item);
    columns.push_back(column_in(fields, task, "name"));
    fields.done();
    if (!seen.insert(columns.back().shown()).second) item.fail("a second column of this name");
  }
  if (columns.empty()) list.fail("at least one column was expected");
  return columns;
}

std::vector<std::string> classes_in(const Node& list) {
  std::vector<std::string> classes;
  std::set<std::string> seen;
  for (const Node& item : list.items()) {
    classes.push_back(item.text());
    if (!seen.insert(item.text()).second) item.fail("a second class of this name");
  }
  if (classes.size() < 2) list.fail("at least two classes were expected");
  return classes;
}

}  // namespace

std::string TargetColumn::shown() const {
  return quantile > 0 ? name + "_q" + number_text(quantile) : name;
}

std::vector<std::string> TargetCode::names() const {
  std::vector<std::string> names;
  for (const TargetColumn& column : columns) {
    if (names.empty() || names.back() != column.name) names.push_back(column.name);
  }
  return names;
}

std::string TargetCode::name() const { return join(names(), ", "); }

std::size_t TargetCode::quantiles() const {
  if (columns.empty() || columns.front().quantile == 0) return 0;
  std::size_t count = 1;
  while (count < columns.size() && columns[count].name == columns.front().name) ++count;
  return count;
}

Target with_quantiles(const Table& table, const Target& target, std::size_t quantiles) {
  if (target.task != Task::regression) {
    throw Error(Fault::input, table.source +
                                  ": quantile: several quantiles are learnt of numbers, "
                                  "but the task is a " +
                                  name_of(target.task) + "; say `task: regression`");
  }
  Target repeated;
  repeated.task = target.task;
  for (const std::size_t column : target.columns) {
    repeated.columns.insert(repeated.columns.end(), quantiles, column);
  }
  repeated.values.reserve(target.values.size() * quantiles);
  for (const double value : target.values) {
    repeated.values.insert(repeated.values.end(), quantiles, value);
  }
  return repeated;
}

void mark_quantiles(TargetCode& code, std::span<const double> quantiles) {
  for (std::size_t i = 0; i < code.columns.size() && !quantiles.empty(); ++i) {
    code.columns[i].quantile = quantiles[i % quantiles.size()];
  }
}

TargetCode learn_target(const Table& table, const Target& target,
                        std::span<const std::size_t> training_rows, bool scaled) {
  TargetCode code;
  code.task = target.task;
  code.classes = target.classes;
  for (std::size_t i = 0; i < target.columns.size(); ++i) {
    const Column& from = table.columns[target.columns[i]];
    TargetColumn& column = code.columns.emplace_back();
    column.name = from.name;
    column.type = from.type;
    if (target.task == Task::regression && scaled && !training_rows.empty()) {
      learn_scale(target, i, training_rows, column);
    }
  }
  return code;
}

Json to_json(const TargetCode& code) {
  Json json = Json::object();
  if (code.columns.size() == 1) json = column_json(code.columns[0], code.task, "column");
  json["task"] = name_of(code.task);
  if (code.task == Task::classification) json["classes"] = code.classes;
  if (code.columns.size() == 1) return json;
  for (const TargetColumn& column : code.columns) {
    json["columns"].push_back(column_json(column, code.task, "name"));
  }
  return json;
}

TargetCode target_from_json(const Node& node) {
  Fields fields(node);
  TargetCode code;
  code.task = parse_task(fields.need("task").text(), node.where());
  const Node* several = fields.find("columns");
  if (several != nullptr && code.task != Task::classification) {
    code.columns = columns_in(*several, code.task);
  } else {
    code.columns = {column_in(fields, code.task, "column")};
  }
  if (code.task == Task::classification) code.classes = classes_in(fields.need("classes"));
  fields.done();
  return code;
}

}  // namespace caviar
