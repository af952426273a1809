#include "caviar/trainer/prepared_data.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/trainer/data_cache.hpp"
#include "caviar/trainer/splits.hpp"

namespace caviar {
namespace {

// A column is a target, tells weights, or tells groups: one of them.
void check_roles(const TrainSpec& spec, const std::vector<std::string>& targets) {
  std::vector<std::pair<std::string, std::string>> roles;
  for (const std::string& target : targets) roles.emplace_back("target", target);
  const auto add = [&](const char* role, const std::string& column) {
    if (column.empty()) return;
    for (const auto& [other, name] : roles) {
      if (name != column) continue;
      throw Error(Fault::input, fmt::format("{}: column '{}' is the one of {} too; a column of its "
                                            "own was expected",
                                            role, column, other));
    }
    roles.emplace_back(role, column);
  };
  add("weights", spec.weights);
  add("validation.group", spec.group);
}

std::vector<std::size_t> feature_columns(const TrainSpec& spec, const Table& table,
                                         const Target& target) {
  std::vector<bool> out(table.columns.size());
  for (const std::size_t column : target.columns) out[column] = true;
  if (!spec.weights.empty()) out[table.need(spec.weights, "weights")] = true;
  if (!spec.group.empty()) out[table.need(spec.group, "validation.group")] = true;
  for (const std::string& name : spec.ignore) out[table.need(name, "list `ignore`")] = true;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!out[i] && table.columns[i].type != ColumnType::text) columns.push_back(i);
  }
  if (!columns.empty()) return columns;
  throw Error(Fault::input, fmt::format("{}: no column is left to learn '{}' from", table.source,
                                        table.columns[target.columns[0]].name));
}

std::vector<ColumnLine> describe_columns(const Table& table, const Target& target,
                                         const std::vector<std::size_t>& features) {
  std::vector<ColumnLine> lines;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const bool is_feature = std::binary_search(features.begin(), features.end(), i);
    const bool is_target = std::count(target.columns.begin(), target.columns.end(), i) > 0;
    const char* role = is_target                         ? "target"
                       : is_feature                      ? "feature"
                       : column.type == ColumnType::text ? "unused"
                                                         : "ignored";
    const ColumnSummary summary = summarize(column);
    lines.push_back({column.name, role, column.type, summary, values_text(column, summary)});
  }
  return lines;
}

// A cell as it was written, for messages.
std::string cell_text(const Column& column, std::size_t row) {
  if (!column.has_levels()) {
    const double number = column.numbers[row];
    return std::isnan(number) ? "nothing" : number_text(number);
  }
  const std::int32_t level = column.codes[row];
  return level == missing_level ? "nothing"
                                : "'" + column.levels[static_cast<std::size_t>(level)] + "'";
}

// All but the features.
DataPart make_part(const PreparedData& data, const Table& table, const Target& target,
                   const std::string& weights, const std::vector<std::size_t>& rows) {
  DataPart part;
  part.rows = rows.size();
  part.features = data.features();
  part.weights = row_weights(table, weights, rows);
  for (const std::size_t row : rows) {
    if (target.task == Task::classification) {
      part.labels.push_back(target.labels[row]);
      continue;
    }
    for (std::size_t i = 0; i < target.columns.size(); ++i) {
      part.targets.push_back(data.target.coded(target, row, i));
    }
  }
  return part;
}

// All of them, or of many the first and the last.
std::string columns_of(const Table& table) {
  constexpr std::size_t most = 20;
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  if (names.size() <= most) return "columns: " + join(names, ", ");
  return fmt::format("its {} columns run from '{}' to '{}'", names.size(), names.front(),
                     names.back());
}

std::vector<std::string> target_names(const TrainSpec& spec, const Table& table) {
  if (!spec.targets.empty()) return spec.targets;
  std::vector<std::string> usual = usual_targets(table);
  if (!usual.empty()) return usual;
  throw Error(Fault::input, table.source +
                                ": which column is the target? None is called label or y; say "
                                "`target: COLUMN`, on the command line --target COLUMN (" +
                                columns_of(table) + ")");
}

// The table's picture, where the first features are its pixels, none left out.
std::optional<ImageShape> picture_in(const Table& table, const Preprocessor& preprocessor) {
  if (!table.image) return std::nullopt;
  const auto codes = preprocessor.columns();
  if (codes.size() < table.image->pixels()) return std::nullopt;
  for (std::size_t i = 0; i < table.image->pixels(); ++i) {
    const bool in_place = codes[i].name == table.columns[i].name && codes[i].width == 1;
    if (!in_place || codes[i].type != ColumnType::number) return std::nullopt;
  }
  return table.image;
}

// Where prepared rows go: a file that is mapped, or ("") memory.
struct Place {
  std::string path;
  std::uint64_t key = 0;
};

// Of the spec, and of a fold from 1; 0: none.
Place place_for(const TrainSpec& spec, std::size_t fold = 0) {
  if (spec.cache.empty()) return {};
  std::string path = spec.cache;
  if (spec.outer_fold > 0) path += ".outer" + std::to_string(spec.outer_fold);
  if (fold > 0) path += "." + std::to_string(fold);
  return {path, data_cache_key(spec, fold)};
}

TableOptions options_for(const TrainSpec& spec, ColumnTypes types) {
  TableOptions options;
  options.types = std::move(types);
  options.header = spec.header;
  options.delimiter = spec.delimiter;
  options.labels = spec.labels;
  if (!spec.cache.empty()) {
    const std::string folder = std::filesystem::path(spec.cache).parent_path().string();
    options.columns_in = folder.empty() ? "." : folder;
  }
  return options;
}

// Where the spec says so and there are such rows, the table without those that have no target.
std::optional<Table> labelled(const TrainSpec& spec, const Table& table) {
  if (!spec.drops_missing_target) return std::nullopt;
  return without_missing(table, target_names(spec, table));
}

// What a spec is about: its table, the target there, and the official test part where it has one.
struct Rows {
  const Table& all;
  std::optional<Table> some;  // those that count, where not all do
  Target target;
  std::optional<Table> test;

  const Table& table() const { return some ? *some : all; }
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
  Table test = read_table(spec.test_data, options);
  if (std::optional<Table> some = labelled(spec, test)) return some;
  return test;
}

Rows rows_of(const TrainSpec& spec, const Table& table, const KnownCode* known) {
  check_roles(spec, target_names(spec, table));
  Rows rows{table, labelled(spec, table), {}, {}};
  const bool quantiles = !spec.quantiles.empty();
  rows.target = read_target(rows.table(), target_names(spec, rows.table()),
                            quantiles ? Task::regression : spec.task, known);
  if (quantiles) {
    rows.target = with_quantiles(rows.table(), rows.target, spec.quantiles.size());
  }
  rows.test = read_test(spec, rows.table());
  return rows;
}

RowTraits traits_of(const TrainSpec& spec, const Rows& rows) {
  RowTraits traits =
      row_traits(rows.table(), spec.stratified ? rows.target.labels : std::vector<std::int32_t>{},
                 spec.group, spec.time);
  traits.rows = rows.table().rows;
  return traits;
}

std::vector<std::size_t> all_rows_of(const Table& table) {
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

// The features of all parts, into memory or into the place for them.
PreparedData with_features(PreparedData data, const Rows& rows, const Split& split,
                           const Place& place) {
  const Table& table = rows.table();
  const Table& test = rows.test ? *rows.test : table;
  const std::vector<std::size_t> test_rows = rows.test ? all_rows_of(test) : split.test;
  const Preprocessor code = data.preprocessor;  // data moves away below
  if (place.path.empty()) {
    data.training.x = code.apply(table, split.training);
    data.validation.x = code.apply(table, split.validation);
    data.test.x = code.apply(test, test_rows);
    return data;
  }
  return make_data_cache(place.path, place.key, std::move(data), [&](std::span<float> out) {
    const auto write = [&](const Table& from, const std::vector<std::size_t>& part) {
      const std::size_t size = part.size() * code.width();
      code.apply(from, part, out.first(size));
      out = out.subspan(size);
    };
    write(table, split.training);
    write(table, split.validation);
    write(test, test_rows);
  });
}

PreparedData prepare_split(const TrainSpec& spec, const Rows& rows, const Split& split,
                           const KnownCode* known, const Place& place) {
  const Table& table = rows.table();
  const Target& target = rows.target;
  const std::optional<Table>& test = rows.test;
  const auto features = known == nullptr ? feature_columns(spec, table, target)
                                         : known_features(spec, table, target, *known);
  PreparedData data;
  data.source = table.source;
  data.test_source = spec.test_data;
  data.columns = describe_columns(table, target, features);
  data.rows = table.rows;
  data.left_out = rows.all.rows - table.rows;
  data.task = target.task;
  data.classes = target.classes;
  data.class_counts = class_counts(target);
  data.target = code_of(spec, table, target, split, known);
  data.preprocessor =
      known != nullptr ? known->preprocessor
                       : Preprocessor::learn(table, features, split.training, spec.preprocessing);
  data.image = picture_in(table, data.preprocessor);
  data.training = make_part(data, table, target, spec.weights, split.training);
  data.validation = make_part(data, table, target, spec.weights, split.validation);
  data.test = test ? make_part(data, *test, read_target(*test, data.target), spec.weights,
                               all_rows_of(*test))
                   : make_part(data, table, target, spec.weights, split.test);
  return with_features(std::move(data), rows, split, place);
}

// Every part of every split that the training comes to must do, before the first is trained on.
void check_splits(const TrainSpec& spec, const Rows& rows, const RowTraits& traits) {
  if (spec.folds == 0 && spec.outer == 0) return;
  for (const Split& split : all_splits_of(spec, traits)) {
    row_weights(rows.table(), spec.weights, split.training);
    row_weights(rows.table(), spec.weights, split.validation);
    row_weights(rows.table(), spec.weights, split.test);
  }
}

PreparedData prepare_table(const TrainSpec& spec, const Table& table, const KnownCode* known,
                           const Place& place) {
  const Rows rows = rows_of(spec, table, known);
  const RowTraits traits = traits_of(spec, rows);
  check_splits(spec, rows, traits);
  return prepare_split(spec, rows, split_of(spec, traits), known, place);
}

Table read_for(const TrainSpec& spec) {
  return read_table(spec.data, options_for(spec, spec.types));
}

// As the table was read that the code was learnt from, where the spec does not say otherwise.
Table read_for(const TrainSpec& spec, const KnownCode& known) {
  TableOptions options = options_for(spec, known.preprocessor.types());
  options.types_may_miss = true;
  for (const auto& [name, type] : spec.types) options.types[name] = type;
  return read_table(spec.data, options);
}

std::vector<PreparedData> prepare_folds(const TrainSpec& spec, const Table& table,
                                        const KnownCode* known) {
  std::vector<PreparedData> folds;
  if (spec.folds == 0) return folds;
  const Rows rows = rows_of(spec, table, known);
  for (const Split& split : folds_of(spec, traits_of(spec, rows))) {
    const Place place = known == nullptr ? place_for(spec, folds.size() + 1) : Place{};
    folds.push_back(prepare_split(spec, rows, split, known, place));
  }
  return folds;
}

}  // namespace

Samples<float> DataPart::samples() const {
  const bool has_targets = !targets.empty();
  return {.x = {x.data(), rows, features},
          .labels = labels,
          .targets = {has_targets ? targets.data() : nullptr, rows,
                      has_targets ? targets.size() / rows : std::size_t{0}},
          .weights = weights};
}

std::vector<float> row_weights(const Table& table, const std::string& name,
                               const std::vector<std::size_t>& rows) {
  std::vector<float> weights;
  if (name.empty()) return weights;
  const Column& column = table.columns[table.need(name, "weights")];
  for (const std::size_t row : rows) {
    const double weight = column.has_levels() ? std::nan("") : column.numbers[row];
    if (!(weight >= 0) || !std::isfinite(weight)) {
      throw Error(
          Fault::input,
          fmt::format("{}: row {} below the header: column '{}' says {}, which is no weight; "
                      "a number from 0 on was expected",
                      table.source, row + 1, name, cell_text(column, row)));
    }
    weights.push_back(static_cast<float>(weight));
  }
  const bool nothing = std::ranges::all_of(weights, [](float weight) { return weight == 0; });
  if (nothing && !weights.empty()) {
    throw Error(Fault::input,
                fmt::format("{}: column '{}' is 0 in all {} rows of a part: nothing would count",
                            table.source, name, rows.size()));
  }
  return weights;
}

PreparedData prepare(const TrainSpec& spec) {
  const Place place = place_for(spec);
  if (!place.path.empty()) {
    if (auto kept = open_data_cache(place.path, place.key)) return std::move(*kept);
  }
  return prepare_table(spec, read_for(spec), nullptr, place);
}

PreparedData prepare(const TrainSpec& spec, const Table& table) {
  return prepare_table(spec, table, nullptr, {});
}

PreparedData prepare(const TrainSpec& spec, const KnownCode& known) {
  return prepare_table(spec, read_for(spec, known), &known, {});
}

std::vector<PreparedData> prepare_folds(const TrainSpec& spec) {
  std::vector<PreparedData> folds;
  const std::size_t count =
      static_cast<std::size_t>(spec.folds) * static_cast<std::size_t>(spec.repeats);
  for (std::size_t fold = 1; fold <= count && !spec.cache.empty(); ++fold) {
    const Place place = place_for(spec, fold);
    auto kept = open_data_cache(place.path, place.key);
    if (!kept) break;
    folds.push_back(std::move(*kept));
  }
  if (spec.folds == 0 || folds.size() == count) return folds;
  return prepare_folds(spec, read_for(spec));
}

std::vector<PreparedData> prepare_folds(const TrainSpec& spec, const Table& table) {
  return prepare_folds(spec, table, nullptr);
}

std::vector<PreparedData> prepare_folds(const TrainSpec& spec, const KnownCode& known) {
  if (spec.folds == 0) return {};
  return prepare_folds(spec, read_for(spec, known), &known);
}

}  // namespace caviar
