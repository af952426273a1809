// What shall be learnt from a table: classes or numbers; and how they become what a network learns.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/data/table.hpp"

namespace caviar {

// classification  one of some classes
// regression      a number, or several
// multi_label     a yes or no for each of some labels, which do not exclude one another
enum class Task { classification, regression, multi_label };

std::string name_of(Task task);
// Throws Error{input} that begins with `where`.
Task parse_task(const std::string& name, const std::string& where);

inline constexpr std::size_t most_classes = 10'000;
// More different whole numbers than these look like a quantity.
inline constexpr std::size_t most_classes_unasked = 20;

struct Target {
  std::vector<std::size_t> columns;  // of the table; classification: one
  Task task = Task::classification;
  std::vector<std::string> classes;  // classification: in alphabetical or numerical order
  std::vector<std::int32_t> labels;  // classification: a class a row
  std::vector<double> values;        // otherwise: rows × columns; a label is 0 or 1
};

// Without a task said. One column: classification for categories, yes and no and at most 20
// different whole numbers, otherwise regression. Several: multi_label where each is yes and no, or
// 0 and 1, otherwise regression. Throws Error{input}: no such column, one twice, missing cells, one
// class only, text for a regression, more classes than half the rows or than 10,000.
Target read_target(const Table& table, const std::vector<std::string>& columns,
                   std::optional<Task> task = std::nullopt);
Target read_target(const Table& table, const std::string& column,
                   std::optional<Task> task = std::nullopt);

// How many of the rows belong to each class, or have each label.
std::vector<std::size_t> class_counts(const Target& target);

struct TargetColumn {
  std::string name;
  ColumnType type = ColumnType::category;  // how it was read
  double mean = 0, deviation = 1;          // regression: the network learns (y − mean) / deviation
  // Of a target of which several quantiles are learnt: which one this is; 0: it is no quantile.
  double quantile = 0;

  std::string shown() const;  // "y", or of a quantile "y_q0.1"

  float coded(double value) const { return static_cast<float>((value - mean) / deviation); }
  double decoded(double output) const { return output * deviation + mean; }
  bool operator==(const TargetColumn&) const = default;
};

// What must be known to read what a network says, and to judge it on other rows.
struct TargetCode {
  Task task = Task::classification;
  std::vector<TargetColumn> columns;  // at least one
  std::vector<std::string> classes;   // classification

  std::vector<std::string> names() const;  // of the table's columns, each once
  std::string name() const;                // all of them: "a, b"
  // How many neighbouring columns are quantiles of one target, as they all are; 0: no quantiles.
  std::size_t quantiles() const;
  // row × columns: what the network learns of Target::values.
  float coded(const Target& target, std::size_t row, std::size_t column) const {
    return columns[column].coded(target.values[row * columns.size() + column]);
  }
  bool operator==(const TargetCode&) const = default;
};

// Each target so many times as there are quantiles, neighbours, for an output
// of each. Throws Error{input} unless it is a regression.
Target with_quantiles(const Table& table, const Target& target, std::size_t quantiles);
// The same of the code that is learnt from it.
void mark_quantiles(TargetCode& code, std::span<const double> quantiles);

// Puts what a network says of a row's quantiles in order, each target's by
// themselves, as quantiles of one distribution are: an output for each of
// code.columns, where code.quantiles() is not 0. Sorting brings them no further
// from the true ones (Chernozhukov et al., 2010).
template <class T>
void sort_quantiles(std::span<T> outputs, std::size_t quantiles) {
  if (quantiles == 0) return;
  for (std::size_t first = 0; first < outputs.size(); first += quantiles) {
    std::ranges::sort(outputs.subspan(first, quantiles));
  }
}

// A regression's mean and deviation are those of the training rows; unscaled they stay 0 and 1.
TargetCode learn_target(const Table& table, const Target& target,
                        std::span<const std::size_t> training_rows, bool scaled = true);
// The target of another table, with the classes of the first. Throws Error{input}: no such column,
// missing cells, a class that training has not seen, text for a regression.
Target read_target(const Table& table, const TargetCode& code);

// To the last bit and back.
Json to_json(const TargetCode& code);
TargetCode target_from_json(const Node& node);

}  // namespace caviar
