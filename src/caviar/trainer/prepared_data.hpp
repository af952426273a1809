// A data set made ready once: read, split, scaled. Read-only from then on and shared by all trials
// and threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caviar/data/floats.hpp"
#include "caviar/data/preprocess.hpp"
#include "caviar/data/summary.hpp"
#include "caviar/data/target.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/nn/samples.hpp"
#include "caviar/trainer/known_code.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// The rows of one part.
struct DataPart {
  std::size_t rows = 0, features = 0;
  Floats x;                          // rows × features
  std::vector<std::int32_t> labels;  // classification
  // Otherwise, rows × target columns. multi_label: 0 or 1; regression: (target − mean) / deviation
  // of the training rows.
  std::vector<float> targets;
  std::vector<float> weights;  // how much each row counts; empty: all alike

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
  std::size_t rows = 0, left_out = 0;  // left_out: further ones, without a target
  Task task = Task::classification;
  std::vector<std::string> classes;       // classification
  std::vector<std::size_t> class_counts;  // over all rows; multi_label: of each label
  TargetCode target;                      // its scale: that of the training rows
  std::optional<ImageShape> image;        // the first features are one picture
  Preprocessor preprocessor;
  DataPart training, validation, test;

  std::size_t features() const { return preprocessor.width(); }
  // Units of the output layer: one a class (of two classes one says which), one a label or number.
  std::size_t outputs(Loss loss) const {
    const bool one_a_class = task == Task::classification && loss != Loss::binary_cross_entropy;
    return one_a_class ? classes.size() : target.columns.size();
  }
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

// To go on with what another training has learnt. Throws Error{input} also where the target is one
// of its inputs. Nothing is kept in the spec's cache.
PreparedData prepare(const TrainSpec& spec, const KnownCode& known);
std::vector<PreparedData> prepare_folds(const TrainSpec& spec, const KnownCode& known);

// How much each of these rows counts by that column of the table; empty for "". Throws Error{input}
// where a cell says no weight.
std::vector<float> row_weights(const Table& table, const std::string& column,
                               const std::vector<std::size_t>& rows);

// A number that tells these rows from others: of all that is trained on and chosen by.
std::uint64_t fingerprint(const PreparedData& data);

// The data found, for people: a few lines.
std::string describe(const PreparedData& data);

}  // namespace caviar
