#include "caviar/trainer/prepared_data.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

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
  if (!spec.weights.empty()) out[table.need(spec.weights, "weights")] = true;
  if (!spec.group.empty()) out[table.need(spec.group, "validation.group")] = true;
  for (const std::string& name : spec.ignore) out[table.need(name, "list `ignore`")] = true;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i] && table.columns[i].type != ColumnType::text) columns.push_back(i);
  }
  if (!columns.empty()) return columns;
  throw Error(Fault::input, fmt::format("{}: no column is left to learn '{}' from", table.source,
                                        table.columns[target].name));
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

std::vector<float> weights_of(const Table& table, const std::string& name,
                              const std::vector<std::size_t>& rows) {
  std::vector<float> weights;
  if (name.empty()) return weights;
  const Column& column = table.columns[table.need(name, "weights")];
  for (const std::size_t row : rows) {
    const double weight = column.has_levels() ? std::nan("") : column.numbers[row];
    if (!(weight >= 0) || !std::isfinite(weight)) {
      throw Error(Fault::input, fmt::format("{}: row {}: column '{}' says no weight; a number from "
                                            "0 on was expected",
                                            table.source, row + 1, name));
    }
    weights.push_back(static_cast<float>(weight));
  }
  return weights;
}

DataPart make_part(const PreparedData& data, const Table& table, const Target& target,
                   const std::string& weights, const std::vector<std::size_t>& rows) {
  DataPart part;
  part.rows = rows.size();
  part.features = data.features();
  part.x = data.preprocessor.apply(table, rows);
  part.weights = weights_of(table, weights, rows);
  if (target.task == Task::classification) {
    for (const std::size_t row : rows) part.labels.push_back(target.labels[row]);
    return part;
  }
  for (const std::size_t row : rows) part.targets.push_back(data.target.coded(target.values[row]));
  return part;
}

// The features of the codes that are known already.
std::vector<std::size_t> known_columns(const Table& table, const Preprocessor& preprocessor) {
  std::vector<std::size_t> columns;
  for (const ColumnCode& code : preprocessor.columns()) {
    if (const auto index = table.index(code.name)) columns.push_back(*index);
  }
  std::sort(columns.begin(), columns.end());
  return columns;
}

std::string target_name(const TrainSpec& spec, const Table& table) {
  if (!spec.target.empty()) return spec.target;
  const std::string usual = usual_target(table);
  if (!usual.empty()) return usual;
  throw Error(Fault::input, table.source +
                                ": which column is the target? None is called label or y; say "
                                "`target: COLUMN`");
}

// The target as the known code has it, where every class is one of the known; else as it is.
Target target_of(const TrainSpec& spec, const Table& table, const KnownCode* known) {
  const std::string name = target_name(spec, table);
  Target target = read_target(table, name, spec.task);
  if (known == nullptr || known->target.task != target.task) return target;
  const std::vector<std::string>& classes = known->target.classes;
  const bool all_known =
      std::all_of(target.classes.begin(), target.classes.end(), [&](const std::string& one) {
        return std::find(classes.begin(), classes.end(), one) != classes.end();
      });
  if (target.task == Task::regression || !all_known) return target;
  TargetCode code = known->target;
  code.column = name;
  return read_target(table, code);
}

TargetCode code_of(const TrainSpec& spec, const Table& table, const Target& target,
                   const Split& split, const KnownCode* known) {
  TargetCode code = learn_target(table, target, split.training, spec.scale_target);
  if (known == nullptr || target.task != Task::regression || known->target.task != target.task) {
    return code;
  }
  code.mean = known->target.mean;
  code.deviation = known->target.deviation;
  return code;
}

TableOptions options_for(const TrainSpec& spec, ColumnTypes types) {
  TableOptions options;
  options.types = std::move(types);
  options.header = spec.header;
  options.delimiter = spec.delimiter;
  options.labels = spec.labels;
  return options;
}

// What a spec is about: its table, the target there, and the official test part where it has one.
struct Rows {
  const Table& table;
  Target target;
  std::optional<Table> test;
};

// The test part is read as the table was, so that both mean the same.
std::optional<Table> read_test(const TrainSpec& spec, const Table& table) {
  if (spec.test_data.empty()) return std::nullopt;
  ColumnTypes types;
  for (const Column& column : table.columns) types.emplace(column.name, column.type);
  TableOptions options = options_for(spec, std::move(types));
  options.types_may_miss = true;
  options.labels = spec.test_labels;
  options.part = TableOptions::Part::test;
  return read_table(spec.test_data, options);
}

Rows rows_of(const TrainSpec& spec, const Table& table, const KnownCode* known) {
  return {table, target_of(spec, table, known), read_test(spec, table)};
}

RowTraits traits_of(const TrainSpec& spec, const Rows& rows) {
  RowTraits traits =
      row_traits(rows.table, spec.stratified ? rows.target.labels : std::vector<std::int32_t>{},
                 spec.group, spec.time);
  traits.rows = rows.table.rows;
  return traits;
}

DataPart test_part(const TrainSpec& spec, const PreparedData& data, const Table& table) {
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return make_part(data, table, read_target(table, data.target), spec.weights, rows);
}

PreparedData prepare_split(const TrainSpec& spec, const Rows& rows, const Split& split,
                           const KnownCode* known) {
  const auto& [table, target, test] = rows;
  const auto features = known == nullptr ? feature_columns(spec, table, target.column)
                                         : known_columns(table, known->preprocessor);
  PreparedData data;
  data.source = table.source;
  data.test_source = spec.test_data;
  data.columns = describe_columns(table, target.column, features);
  data.rows = table.rows;
  data.task = target.task;
  data.classes = target.classes;
  data.class_counts = class_counts(target);
  data.target = code_of(spec, table, target, split, known);
  data.preprocessor =
      known != nullptr ? known->preprocessor
                       : Preprocessor::learn(table, features, split.training, spec.preprocessing);
  data.training = make_part(data, table, target, spec.weights, split.training);
  data.validation = make_part(data, table, target, spec.weights, split.validation);
  data.test = test ? test_part(spec, data, *test)
                   : make_part(data, table, target, spec.weights, split.test);
  return data;
}

PreparedData prepare_table(const TrainSpec& spec, const Table& table, const KnownCode* known) {
  const Rows rows = rows_of(spec, table, known);
  const Split split = split_rows(traits_of(spec, rows), {spec.validation, spec.test, spec.seed});
  return prepare_split(spec, rows, split, known);
}

Table read_for(const TrainSpec& spec) {
  return read_table(spec.data, options_for(spec, spec.types));
}

}  // namespace

Samples<float> DataPart::samples() const {
  const bool regression = labels.empty();
  return {.x = {x.data(), rows, features},
          .labels = labels,
          .targets = {regression ? targets.data() : nullptr, rows,
                      regression ? std::size_t{1} : std::size_t{0}},
          .weights = weights};
}

PreparedData prepare(const TrainSpec& spec) { return prepare(spec, read_for(spec)); }

std::vector<PreparedData> prepare_folds(const TrainSpec& spec) {
  if (spec.folds == 0) return {};
  return prepare_folds(spec, read_for(spec));
}

std::vector<PreparedData> prepare_folds(const TrainSpec& spec, const Table& table) {
  std::vector<PreparedData> folds;
  if (spec.folds == 0) return folds;
  const Rows rows = rows_of(spec, table, nullptr);
  const FoldPlan plan{static_cast<std::size_t>(spec.folds), static_cast<std::size_t>(spec.repeats),
                      spec.test, spec.seed};
  for (const Split& split : fold_rows(traits_of(spec, rows), plan)) {
    folds.push_back(prepare_split(spec, rows, split, nullptr));
  }
  return folds;
}

PreparedData prepare(const TrainSpec& spec, const Table& table) {
  return prepare_table(spec, table, nullptr);
}

PreparedData prepare(const TrainSpec& spec, const KnownCode& known) {
  TableOptions options = options_for(spec, known.preprocessor.types());
  options.types_may_miss = true;
  for (const auto& [name, type] : spec.types) options.types[name] = type;
  return prepare_table(spec, read_table(spec.data, options), &known);
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
  text += fmt::format("parts     {} rows to train, {} to choose (validation), {} to judge ({})\n",
                      data.training.rows, data.validation.rows, data.test.rows,
                      data.test_source.empty() ? "test" : data.test_source);
  return text;
}

}  // namespace caviar
