#include "caviar/trainer/prepared_data.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/data/split.hpp"

namespace caviar {
namespace {

std::vector<std::size_t> feature_columns(const TrainSpec& spec, const Table& table,
                                         std::size_t target) {
  std::vector<bool> out(table.columns.size());
  out[target] = true;
  for (const std::string& name : spec.ignore) out[table.need(name, "list `ignore`")] = true;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i] && table.columns[i].type != ColumnType::text) columns.push_back(i);
  }
  if (!columns.empty()) return columns;
  throw Error(Fault::input,
              fmt::format("{}: no column is left to learn '{}' from", table.source, spec.target));
}

std::vector<ColumnLine> describe_columns(const Table& table, std::size_t target,
                                         const std::vector<std::size_t>& features) {
  std::vector<ColumnLine> lines;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const bool is_feature = std::binary_search(features.begin(), features.end(), i);
    const char* role = i == target                       ? "target"
                       : is_feature                      ? "feature"
                       : column.type == ColumnType::text ? "unused"
                                                         : "ignored";
    const ColumnSummary summary = summarize(column);
    lines.push_back({column.name, role, column.type, summary, values_text(column, summary)});
  }
  return lines;
}

DataPart make_part(const PreparedData& data, const Table& table, const Target& target,
                   const std::vector<std::size_t>& rows) {
  DataPart part;
  part.rows = rows.size();
  part.features = data.features();
  part.x = data.preprocessor.apply(table, rows);
  if (target.task == Task::classification) {
    for (const std::size_t row : rows) part.labels.push_back(target.labels[row]);
    return part;
  }
  std::vector<double> values;
  for (const std::size_t row : rows) values.push_back(target.values[row]);
  if (values.empty()) return part;
  const double deviation = moments(values).deviation;
  part.target_variance = deviation * deviation;
  for (const double y : values) part.targets.push_back(data.target.coded(y));
  return part;
}

}  // namespace

Samples<float> DataPart::samples() const {
  const bool regression = labels.empty();
  return {{x.data(), rows, features},
          labels,
          {regression ? targets.data() : nullptr, rows, regression ? std::size_t{1} : 0}};
}

PreparedData prepare(const TrainSpec& spec) {
  TableOptions options;
  for (const std::string& name : spec.categorical) options.types[name] = ColumnType::category;
  return prepare(spec, read_table(spec.data, options));
}

PreparedData prepare(const TrainSpec& spec, const Table& table) {
  const Target target = read_target(table, spec.target, spec.task);
  const auto features = feature_columns(spec, table, target.column);
  const Split split =
      split_rows(table.rows, target.labels, {spec.validation, spec.test, spec.seed});
  PreparedData data;
  data.source = table.source;
  data.columns = describe_columns(table, target.column, features);
  data.rows = table.rows;
  data.task = target.task;
  data.classes = target.classes;
  data.class_counts = class_counts(target);
  data.target = learn_target(table, target, split.training);
  data.preprocessor = Preprocessor::learn(table, features, split.training);
  data.training = make_part(data, table, target, split.training);
  data.validation = make_part(data, table, target, split.validation);
  data.test = make_part(data, table, target, split.test);
  return data;
}

std::string describe(const PreparedData& data) {
  std::size_t levels = 0, missing = 0, features = 0;
  std::string target;
  for (const ColumnLine& column : data.columns) {
    missing += column.summary.missing;
    if (column.role == "target") target = column.name;
    if (column.role != "feature") continue;
    ++features;
    levels += static_cast<std::size_t>(column.type == ColumnType::category);
  }
  std::string text = fmt::format("data      {}: {} rows, {} feature columns ({} of categories)\n",
                                 data.source, data.rows, features, levels);
  text +=
      fmt::format("missing   {}\n", missing == 0 ? "nothing" : fmt::format("{} cells", missing));
  if (data.task == Task::classification) {
    text += fmt::format("target    {}: {} classes", target, data.classes.size());
    const std::size_t shown = std::min<std::size_t>(data.classes.size(), 10);
    for (std::size_t i = 0; i < shown; ++i) {
      text += fmt::format("{} {} ({})", i == 0 ? ":" : ",", data.classes[i], data.class_counts[i]);
    }
    text += shown < data.classes.size() ? ", …\n" : "\n";
  } else {
    text += fmt::format("target    {}: a number, {} ± {}\n", target, rounded_text(data.target.mean),
                        rounded_text(data.target.deviation));
  }
  text += fmt::format("features  {} after scaling and one column a level\n", data.features());
  text += fmt::format("parts     {} rows to train, {} to choose (validation), {} to judge (test)\n",
                      data.training.rows, data.validation.rows, data.test.rows);
  return text;
}

}  // namespace caviar
