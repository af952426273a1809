#include "caviar/data/target.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

const std::array<std::string, 3> task_names = {"classification", "regression", "multi_label"};

[[noreturn]] void fail(const Table& table, const std::string& column, const std::string& problem) {
  throw Error(Fault::input,
              fmt::format("{}: target column '{}': {}", table.source, column, problem));
}

// In order, without repetition.
std::vector<double> distinct(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

bool looks_like_classes(const std::vector<double>& levels) {
  return levels.size() <= most_classes_unasked &&
         std::all_of(levels.begin(), levels.end(), [](double x) { return x == std::floor(x); });
}

void label_texts(const Column& column, Target& target) {
  std::vector<std::size_t> order(column.levels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return column.levels[a] < column.levels[b]; });
  std::vector<std::int32_t> label_of(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    label_of[order[i]] = static_cast<std::int32_t>(i);
    target.classes.push_back(column.levels[order[i]]);
  }
  for (const std::int32_t code : column.codes) {
    target.labels.push_back(label_of[static_cast<std::size_t>(code)]);
  }
}

void label_numbers(const Column& column, const std::vector<double>& levels, Target& target) {
  for (const double level : levels) target.classes.push_back(number_text(level));
  target.labels.reserve(column.numbers.size());
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const auto found = std::lower_bound(levels.begin(), levels.end(), column.numbers[row]);
    target.labels.push_back(static_cast<std::int32_t>(found - levels.begin()));
  }
}

void check_missing(const Table& table, const Column& column) {
  const std::size_t missing = column.missing();
  if (missing == 0) return;
  std::size_t row = 0;
  while (!column.is_missing(row)) ++row;
  fail(table, column.name,
       fmt::format(
           "{} of {} rows have no value, the first of them row {} below the header; every "
           "row needs one: fill them in, or say `missing_target: drop` to leave these rows out",
           missing, table.rows, row + 1));
}

void check_classes(const Table& table, const Column& column, const Target& target) {
  if (target.classes.size() == 1) {
    fail(table, column.name,
         fmt::format("all {} rows have the same value '{}'; at least two classes were expected",
                     table.rows, target.classes[0]));
  }
  if (target.classes.size() > most_classes) {
    fail(table, column.name,
         fmt::format("{} classes are more than caviar learns apart; at most {} were expected{}",
                     target.classes.size(), most_classes,
                     column.has_levels() ? "" : "; say `task: regression` if it is a quantity"));
  }
  if (2 * target.classes.size() <= table.rows) return;
  fail(table, column.name,
       fmt::format("{} classes in {} rows are too many to learn (at least two rows a class were "
                   "expected){}",
                   target.classes.size(), table.rows,
                   column.has_levels() ? "" : "; say `task: regression` if it is a quantity"));
}

[[noreturn]] void fail_unseen(const Table& table, const Column& column, std::size_t row,
                              const TargetCode& code) {
  const std::string text = column.has_levels()
                               ? column.levels[static_cast<std::size_t>(column.codes[row])]
                               : number_text(column.numbers[row]);
  fail(table, column.name,
       fmt::format("'{}' in row {} below the header is none of the {} classes learnt{}", text,
                   row + 1, code.classes.size(), suggestion(text, code.classes)));
}

std::vector<std::size_t> find_columns(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    columns.push_back(table.need(name, "target"));
    check_missing(table, table.columns[columns.back()]);
    if (std::count(columns.begin(), columns.end(), columns.back()) > 1) {
      fail(table, name, "named twice; different columns were expected");
    }
  }
  return columns;
}

// A quantity in every row.
double number_at(const Table& table, const Column& column, std::size_t row) {
  if (!column.has_levels()) return column.numbers[row];
  fail(table, column.name,
       fmt::format("'{}' is not a number, which `task: regression` needs", column.levels[0]));
}

std::optional<double> label_at(const Column& column, std::size_t row) {
  if (column.type == ColumnType::yes_no) return column.codes[row];
  if (column.type != ColumnType::number) return std::nullopt;
  const double value = column.numbers[row];
  return value == 0 || value == 1 ? std::optional(value) : std::nullopt;
}

bool is_label(const Column& column) {
  if (column.type != ColumnType::number) return column.type == ColumnType::yes_no;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    if (!label_at(column, row)) return false;
  }
  return true;
}

// Yes is 1, no is 0.
double need_label(const Table& table, const Column& column, std::size_t row) {
  if (const auto label = label_at(column, row)) return *label;
  const std::string text = column.has_levels()
                               ? column.levels[static_cast<std::size_t>(column.codes[row])]
                               : number_text(column.numbers[row]);
  fail(table, column.name,
       fmt::format("'{}' in row {} below the header is neither yes nor no, nor 1 or 0, which a "
                   "label needs",
                   text, row + 1));
}

void fill_values(const Table& table, Target& target) {
  const std::size_t each = target.columns.size();
  target.values.resize(table.rows * each);
  for (std::size_t i = 0; i < each; ++i) {
    const Column& column = table.columns[target.columns[i]];
    for (std::size_t row = 0; row < table.rows; ++row) {
      target.values[row * each + i] = target.task == Task::multi_label
                                          ? need_label(table, column, row)
                                          : number_at(table, column, row);
    }
  }
}

void check_differs(const Table& table, const Column& column) {
  const double first = column.numbers[0];
  for (std::size_t row = 1; row < table.rows; ++row) {
    if (column.numbers[row] != first) return;
  }
  fail(table, column.name,
       fmt::format("all {} rows have the same value {}; there is nothing to learn", table.rows,
                   number_text(first)));
}

Target read_one(const Table& table, const std::string& name, std::optional<Task> task) {
  Target target;
  target.columns = find_columns(table, {name});
  const Column& column = table.columns[target.columns[0]];
  std::vector<double> levels;
  if (!column.has_levels()) levels = distinct(column.numbers.values());
  const bool classes = column.has_levels() || looks_like_classes(levels);
  target.task = task.value_or(classes ? Task::classification : Task::regression);
  if (target.task == Task::regression) {
    fill_values(table, target);
    check_differs(table, column);
    return target;
  }
  column.has_levels() ? label_texts(column, target) : label_numbers(column, levels, target);
  check_classes(table, column, target);
  return target;
}

// With the classes of another table.
void label_as(const Table& table, const Column& column, const TargetCode& code, Target& target) {
  target.classes = code.classes;
  std::unordered_map<std::string_view, std::int32_t> labels;
  for (const std::string& name : code.classes) {
    labels.emplace(name, static_cast<std::int32_t>(labels.size()));
  }
  const auto label_of = [&](const std::string& text) {
    const auto found = labels.find(text);
    return found == labels.end() ? missing_level : found->second;
  };
  std::vector<std::int32_t> of_level;
  for (const std::string& level : column.levels) of_level.push_back(label_of(level));
  target.labels.reserve(table.rows);
  for (std::size_t row = 0; row < table.rows; ++row) {
    target.labels.push_back(column.has_levels()
                                ? of_level[static_cast<std::size_t>(column.codes[row])]
                                : label_of(number_text(column.numbers[row])));
    if (target.labels.back() == missing_level) fail_unseen(table, column, row, code);
  }
}

}  // namespace

std::string name_of(Task task) { return task_names[static_cast<std::size_t>(task)]; }

Task parse_task(const std::string& name, const std::string& where) {
  const auto found = std::find(task_names.begin(), task_names.end(), name);
  if (found != task_names.end()) return static_cast<Task>(found - task_names.begin());
  throw Error(Fault::input,
              where + ": '" + name + "' is not a task" + suggestion(name, task_names));
}

Target read_target(const Table& table, const std::string& name, std::optional<Task> task) {
  return read_target(table, std::vector<std::string>{name}, task);
}

Target read_target(const Table& table, const std::vector<std::string>& names,
                   std::optional<Task> task) {
  if (names.size() == 1 && task != Task::multi_label) return read_one(table, names[0], task);
  Target target;
  target.columns = find_columns(table, names);
  const auto binary = [&](std::size_t column) { return is_label(table.columns[column]); };
  const bool labels = std::all_of(target.columns.begin(), target.columns.end(), binary);
  target.task = task.value_or(labels ? Task::multi_label : Task::regression);
  if (target.task == Task::classification) {
    fail(table, names[1],
         "a classification has one target; without a task said, several columns "
         "of yes and no are labels, and several numbers a regression");
  }
  fill_values(table, target);
  if (target.task == Task::multi_label) return target;
  for (const std::size_t column : target.columns) check_differs(table, table.columns[column]);
  return target;
}

Target read_target(const Table& table, const TargetCode& code) {
  Target target;
  target.columns = find_columns(table, code.names());
  target.task = code.task;
  if (code.quantiles() > 0) {
    fill_values(table, target);
    return with_quantiles(table, target, code.quantiles());
  }
  if (code.task != Task::classification) {
    fill_values(table, target);
    return target;
  }
  label_as(table, table.columns[target.columns[0]], code, target);
  return target;
}

std::vector<std::size_t> class_counts(const Target& target) {
  std::vector<std::size_t> counts(target.task == Task::multi_label ? target.columns.size()
                                                                   : target.classes.size());
  if (target.task == Task::multi_label) {
    for (std::size_t i = 0; i < target.values.size(); ++i) {
      counts[i % counts.size()] += static_cast<std::size_t>(target.values[i]);
    }
  }
  for (const std::int32_t label : target.labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

}  // namespace caviar
