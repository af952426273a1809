// A data set made ready once: read, split, scaled. Read-only from then on and shared by all trials
// and threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "caviar/data/preprocess.hpp"
#include "caviar/data/summary.hpp"
#include "caviar/data/target.hpp"
#include "caviar/nn/samples.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// The rows of one part, owned.
struct DataPart {
  std::size_t rows = 0, features = 0;
  std::vector<float> x;              // rows × features
  std::vector<std::int32_t> labels;  // classification
  std::vector<float> targets;        // regression: (target − mean) / deviation of the training rows
  std::vector<float> weights;        // how much each row counts; empty: all alike

  Samples<float> samples() const;
};

// One line of the data as a table.
struct ColumnLine {
  std::string name;
  std::string role;  // feature, target, ignored, unused (free text)
  ColumnType type = ColumnType::number;
  ColumnSummary summary;
  std::string values;  // what occurs in it
};

struct PreparedData {
  std::string source, test_source;  // files; test_source "": a share of the rows of the first
  std::vector<ColumnLine> columns;
  std::size_t rows = 0;
  Task task = Task::classification;
  std::vector<std::string> classes;       // classification
  std::vector<std::size_t> class_counts;  // over all rows
  TargetCode target;                      // its scale: that of the training rows
  Preprocessor preprocessor;
  DataPart training, validation, test;

  std::size_t features() const { return preprocessor.width(); }
  // Units of the output layer: one a class, or 1.
  std::size_t outputs() const { return classes.empty() ? 1 : classes.size(); }
};

// Reads and prepares what the spec names. Throws Error with the file, line and column of what is
// wrong.
PreparedData prepare(const TrainSpec& spec);
// The same for a table that is there already.
PreparedData prepare(const TrainSpec& spec, const Table& table);

// The same table once for each of the spec's folds (repeats × folds of them), every one with
// preprocessing learnt on its own training rows. The test rows are those of prepare(). Empty where
// the spec asks for no folds.
std::vector<PreparedData> prepare_folds(const TrainSpec& spec);
std::vector<PreparedData> prepare_folds(const TrainSpec& spec, const Table& table);

// What another training has learnt about its columns, to go on with: the features stay the same,
// and so does the target (its classes or its scale) as far as it can.
struct KnownCode {
  const Preprocessor& preprocessor;
  const TargetCode& target;
};
PreparedData prepare(const TrainSpec& spec, const KnownCode& known);

// The data found, for people: a few lines.
std::string describe(const PreparedData& data);

}  // namespace caviar
