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

const std::array<std::string, 2> task_names = {"classification", "regression"};
constexpr std::size_t most_classes_unasked = 20;

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
       fmt::format("{} of {} rows have no value, the first of them row {} below the header; every "
                   "row needs one: fill them in or leave these rows out",
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

std::vector<double> numbers_of(const Table& table, const Column& column) {
  if (!column.has_levels()) return column.numbers.values();
  fail(table, column.name,
       fmt::format("'{}' is not a number, which `task: regression` needs", column.levels[0]));
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

}  // namespace

std::string name_of(Task task) { return task_names[static_cast<std::size_t>(task)]; }

Task parse_task(const std::string& name, const std::string& where) {
  const auto found = std::find(task_names.begin(), task_names.end(), name);
  if (found != task_names.end()) return static_cast<Task>(found - task_names.begin());
  throw Error(Fault::input,
              where + ": '" + name + "' is not a task" + suggestion(name, task_names));
}

Target read_target(const Table& table, const std::string& name, std::optional<Task> task) {
  Target target;
  target.column = table.need(name, "target");
  const Column& column = table.columns[target.column];
  check_missing(table, column);
  std::vector<double> levels;
  if (!column.has_levels()) levels = distinct(column.numbers.values());
  const bool classes = column.has_levels() || looks_like_classes(levels);
  target.task = task.value_or(classes ? Task::classification : Task::regression);
  if (target.task == Task::classification) {
    column.has_levels() ? label_texts(column, target) : label_numbers(column, levels, target);
    check_classes(table, column, target);
    return target;
  }
  target.values = numbers_of(table, column);
  if (levels.size() == 1) {
    fail(table, name,
         fmt::format("all {} rows have the same value {}; there is nothing to learn", table.rows,
                     number_text(levels[0])));
  }
  return target;
}

Target read_target(const Table& table, const TargetCode& code) {
  Target target;
  target.column = table.need(code.column, "target");
  target.task = code.task;
  const Column& column = table.columns[target.column];
  check_missing(table, column);
  if (code.task == Task::regression) {
    target.values = numbers_of(table, column);
    return target;
  }
  target.classes = code.classes;
  std::unordered_map<std::string_view, std::int32_t> labels;
  for (const std::string& name : code.classes) {
    labels.emplace(name, static_cast<std::int32_t>(labels.size()));
  }
  std::vector<std::int32_t> of_level;
  for (const std::string& level : column.levels) {
    const auto found = labels.find(level);
    of_level.push_back(found == labels.end() ? missing_level : found->second);
  }
  target.labels.reserve(table.rows);
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (column.has_levels()) {
      target.labels.push_back(of_level[static_cast<std::size_t>(column.codes[row])]);
    } else {
      const auto found = labels.find(number_text(column.numbers[row]));
      target.labels.push_back(found == labels.end() ? missing_level : found->second);
    }
    if (target.labels.back() == missing_level) fail_unseen(table, column, row, code);
  }
  return target;
}

std::vector<std::size_t> class_counts(const Target& target) {
  std::vector<std::size_t> counts(target.classes.size());
  for (const std::int32_t label : target.labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

}  // namespace caviar
