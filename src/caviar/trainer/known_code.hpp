// A training that goes on from another one: what is kept of what that one has learnt about columns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/data/preprocess.hpp"
#include "caviar/data/split.hpp"
#include "caviar/data/target.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// The features stay the same, and so does the target (its classes or its scale) where it is the
// same column.
struct KnownCode {
  const Preprocessor& preprocessor;
  const TargetCode& target;
};

// Whether both are about the same columns, by their names and in the same order.
bool same_columns(const TargetCode& a, const TargetCode& b);

// The inputs of the known code that the table has. Throws Error{input} where one of them is the
// target, or is to be left out, or says how much a row counts or which rows belong together.
std::vector<std::size_t> known_features(const TrainSpec& spec, const Table& table,
                                        const Target& target, const KnownCode& known);

// The target of those columns; where it is the known one, a number as that, or with the classes of
// that, unless there are others among them. `known` may be null.
Target read_target(const Table& table, const std::vector<std::string>& columns,
                   std::optional<Task> task, const KnownCode* known);

// What is kept of a target: the known scale where it is the known one, else that of the training
// rows. `known` may be null.
TargetCode code_of(const TrainSpec& spec, const Table& table, const Target& target,
                   const Split& split, const KnownCode* known);

}  // namespace caviar
