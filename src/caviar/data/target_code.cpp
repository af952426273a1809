// What is kept of a target: learnt from it, as a document, and back.
#include <cmath>
#include <set>

#include "caviar/base/json.hpp"
#include "caviar/data/target.hpp"

namespace caviar {

TargetCode learn_target(const Table& table, const Target& target,
                        std::span<const std::size_t> training_rows, bool scaled) {
  const Column& column = table.columns[target.column];
  TargetCode code;
  code.column = column.name;
  code.task = target.task;
  code.type = column.type;
  code.classes = target.classes;
  if (target.task == Task::classification || !scaled || training_rows.empty()) return code;
  std::vector<double> values;
  values.reserve(training_rows.size());
  for (const std::size_t row : training_rows) values.push_back(target.values[row]);
  const auto [mean, deviation] = moments(values);
  code.mean = mean;
  if (deviation > 0 && std::isfinite(deviation)) code.deviation = deviation;
  return code;
}

Json to_json(const TargetCode& code) {
  Json json = {{"column", code.column}, {"task", name_of(code.task)}, {"type", name_of(code.type)}};
  if (code.task == Task::classification) {
    json["classes"] = code.classes;
  } else {
    json["mean"] = code.mean;
    json["deviation"] = code.deviation;
  }
  return json;
}

TargetCode target_from_json(const Node& node) {
  Fields fields(node);
  TargetCode code;
  code.column = fields.need("column").text();
  code.task = parse_task(fields.need("task").text(), node.where());
  code.type = parse_column_type(fields.need("type").text(), node.where());
  if (code.task == Task::classification) {
    std::set<std::string> seen;
    for (const Node& item : fields.need("classes").items()) {
      code.classes.push_back(item.text());
      if (!seen.insert(item.text()).second) item.fail("a second class of this name");
    }
    if (code.classes.size() < 2) fields.need("classes").fail("at least two classes were expected");
  } else {
    code.mean = fields.need("mean").number();
    code.deviation = fields.need("deviation").number();
    if (!std::isfinite(code.mean)) fields.need("mean").fail("a finite number was expected");
    if (!(code.deviation > 0) || !std::isfinite(code.deviation)) {
      fields.need("deviation").fail("a number above 0 was expected");
    }
  }
  fields.done();
  return code;
}

}  // namespace caviar
