// What a saved model says about the rows of a table, written down as it is computed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/data/table.hpp"
#include "caviar/model/prediction_array.hpp"
#include "caviar/model/saved_model.hpp"

namespace caviar {

enum class PredictionFormat { csv, tsv, json, jsonl, npy };
// Throws Error{input} that begins with `where` and suggests the nearest name.
PredictionFormat parse_prediction_format(const std::string& name, const std::string& where);

struct PredictionOptions {
  PredictionFormat format = PredictionFormat::csv;
  bool probabilities = true;  // classification: of every class, beside the most probable one
};

// Called with one piece of text after the other.
using TextSink = std::function<void(std::string_view)>;

// A line a row, in the table's order:
//   csv    a header; the class or the number under the target's name, then `p(CLASS)` for each
//          class; of several targets each number, or each label's 1 or 0, then `p(LABEL)` for each;
//          several quantiles of a number as TARGET_q0.1, TARGET_q0.5 …, in rising order
//   tsv    the same, separated by tabs
//   json   a list of objects: {"TARGET": "a", "probabilities": {"a": 0.9, "b": 0.1}}
//   jsonl  the same objects, a line each
//   npy    one array of numbers for NumPy, all at the end: see PredictionArray
class PredictionWriter {
 public:
  // The model must outlive it.
  PredictionWriter(const SavedModel& saved, const PredictionOptions& options, TextSink sink);

  // Any number of tables with the columns that the model reads; others do not matter. Throws
  // Error{input} where a column is missing or of another type than in training.
  void add(const Table& table);
  void finish();  // what stands behind the last row
  std::size_t rows() const { return rows_; }
  // Of the tables so far: columns with levels that training has not seen, a sentence each.
  std::vector<std::string> warnings() const;

 private:
  void add_rows(const float* x, std::size_t count);
  void note_unseen(const std::vector<UnseenLevels>& unseen);
  void add_to_array(std::span<const float> outputs);
  void add_text(std::span<float> outputs);
  void check_finite(std::span<const float> outputs) const;
  void begin_value(std::size_t target);
  void add_class(std::span<const float> probabilities);
  void add_labels(std::span<float> logits);
  void add_numbers(std::span<const float> outputs);
  void add_probabilities(std::span<const float> probabilities);

  const SavedModel& saved_;
  PredictionOptions options_;
  TextSink sink_;
  char separator_;  // of columns
  bool in_table_;   // csv or tsv
  PredictionArray array_;
  std::vector<double> values_;        // of a row that goes there
  std::vector<UnseenLevels> unseen_;  // a column each
  // What is written again and again, quoted as the format wants it.
  std::vector<std::string> targets_, classes_, probability_keys_;
  std::string text_;
  std::size_t rows_ = 0;
};

struct ScoresOnTable {
  std::map<std::string, double> scores;  // by name: "accuracy", "rmse", …
  std::size_t rows = 0;                  // that were judged by
  std::size_t left_out = 0;              // those without a target
  std::vector<std::string> warnings;     // as PredictionWriter::warnings()
};

// How good the model is on a table that has the target as well.
// `weights`: the column that says how much each row counts; "": all alike. Throws Error{input}
// where the target is missing in all rows, or holds what the model cannot say.
ScoresOnTable score_on(const SavedModel& saved, const Table& table,
                       const std::string& weights = "");

}  // namespace caviar
