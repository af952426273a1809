#include "caviar/trainer/known_code.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

bool reads(const Preprocessor& preprocessor, const std::string& column) {
  return std::ranges::any_of(preprocessor.columns(),
                             [&](const ColumnCode& code) { return code.name == column; });
}

// The network would see at its input what it is to find out.
void refuse_target_as_input(const Table& table, const Target& target, const KnownCode& known) {
  for (const std::size_t column : target.columns) {
    const std::string& name = table.columns[column].name;
    if (!reads(known.preprocessor, name)) continue;
    throw Error(Fault::input,
                fmt::format("target: '{}' is an input of the model to begin with, which would read "
                            "its own target; name another target, or train without --from",
                            name));
  }
}

void refuse_as_input(const std::string& what, const std::string& column, const KnownCode& known) {
  if (!reads(known.preprocessor, column)) return;
  throw Error(Fault::input, fmt::format("{}: '{}' is an input of the model to begin with, which "
                                        "goes on reading it; leave it out, or train without --from",
                                        what, column));
}

}  // namespace

bool same_columns(const TargetCode& a, const TargetCode& b) {
  return std::ranges::equal(a.columns, b.columns, {}, &TargetColumn::shown, &TargetColumn::shown);
}

std::vector<std::size_t> known_features(const TrainSpec& spec, const Table& table,
                                        const Target& target, const KnownCode& known) {
  refuse_target_as_input(table, target, known);
  for (const std::string& name : spec.ignore) refuse_as_input("ignore", name, known);
  if (!spec.weights.empty()) refuse_as_input("weights", spec.weights, known);
  if (!spec.group.empty()) refuse_as_input("validation.group", spec.group, known);
  std::vector<std::size_t> columns;
  for (const ColumnCode& code : known.preprocessor.columns()) {
    if (const auto index = table.index(code.name)) columns.push_back(*index);
  }
  std::sort(columns.begin(), columns.end());
  return columns;
}

Target read_target(const Table& table, const std::vector<std::string>& columns,
                   std::optional<Task> task, const KnownCode* known) {
  const bool same = known != nullptr &&
                    std::ranges::equal(known->target.columns, columns, {}, &TargetColumn::name);
  // Few rows with whole numbers look like classes.
  const bool numbers = same && known->target.task == Task::regression;
  Target target = read_target(table, columns, numbers && !task ? Task::regression : task);
  const bool classes =
      same && target.task == Task::classification && known->target.task == Task::classification;
  if (!classes) return target;
  const std::vector<std::string>& learnt = known->target.classes;
  const bool all_known = std::ranges::all_of(target.classes, [&](const std::string& name) {
    return std::ranges::find(learnt, name) != learnt.end();
  });
  return all_known ? read_target(table, known->target) : target;
}

TargetCode code_of(const TrainSpec& spec, const Table& table, const Target& target,
                   const Split& split, const KnownCode* known) {
  TargetCode code = learn_target(table, target, split.training, spec.scale_target);
  mark_quantiles(code, spec.quantiles);
  const bool scaled = known != nullptr && target.task == Task::regression &&
                      known->target.task == target.task && same_columns(known->target, code);
  for (std::size_t i = 0; scaled && i < code.columns.size(); ++i) {
    code.columns[i].mean = known->target.columns[i].mean;
    code.columns[i].deviation = known->target.columns[i].deviation;
  }
  return code;
}

}  // namespace caviar
