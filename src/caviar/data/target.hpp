// What shall be learnt from a table: classes or numbers; and how they become what a network learns.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/data/table.hpp"

namespace caviar {

enum class Task { classification, regression };

std::string name_of(Task task);
// Throws Error{input} that begins with `where`.
Task parse_task(const std::string& name, const std::string& where);

inline constexpr std::size_t most_classes = 10'000;

struct Target {
  std::size_t column = 0;
  Task task = Task::classification;
  std::vector<std::string> classes;  // classification: in alphabetical or numerical order
  std::vector<std::int32_t> labels;  // classification: a class a row
  std::vector<double> values;        // regression: a number a row
};

// Without a task said: classification for categories, yes and no and at most 20 different whole
// numbers, otherwise regression. Throws Error{input}: no such column, missing cells, one class
// only, text for a regression, more classes than half the rows or than 10,000.
Target read_target(const Table& table, const std::string& column,
                   std::optional<Task> task = std::nullopt);

// How many of the rows belong to each class.
std::vector<std::size_t> class_counts(const Target& target);

// What must be known to read what a network says, and to judge it on other rows.
struct TargetCode {
  std::string column;
  Task task = Task::classification;
  ColumnType type = ColumnType::category;  // how the column was read
  std::vector<std::string> classes;        // classification
  double mean = 0, deviation = 1;          // regression: the network learns (y − mean) / deviation

  float coded(double value) const { return static_cast<float>((value - mean) / deviation); }
  double decoded(double output) const { return output * deviation + mean; }
  bool operator==(const TargetCode&) const = default;
};

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
