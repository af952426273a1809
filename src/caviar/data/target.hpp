// What shall be learnt from a table: classes or numbers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/data/table.hpp"

namespace caviar {

enum class Task { classification, regression };

std::string name_of(Task task);
// Throws Error{input} that begins with `where`.
Task parse_task(const std::string& name, const std::string& where);

struct Target {
  std::size_t column = 0;
  Task task = Task::classification;
  std::vector<std::string> classes;  // classification: in alphabetical or numerical order
  std::vector<std::int32_t> labels;  // classification: a class a row
  std::vector<double> values;        // regression: a number a row
};

// Without a task said: classification for text and for at most 20 different whole numbers,
// otherwise regression. Throws Error{input}: no such column, missing cells, one class only, text
// for a regression, more classes than half the rows.
Target read_target(const Table& table, const std::string& column,
                   std::optional<Task> task = std::nullopt);

// How many of the rows belong to each class.
std::vector<std::size_t> class_counts(const Target& target);

}  // namespace caviar
