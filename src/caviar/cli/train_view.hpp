// A training as a person sees it: what was found in the data, the epochs as they pass, what came
// out.
#pragma once

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caviar/nn/range_test.hpp"
#include "caviar/trainer/prepared_data.hpp"
#include "caviar/trainer/train.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {

// What was measured, in the order in which it is shown.
using NamedScores = std::vector<std::pair<std::string, double>>;

// A training that has ended, and what was seen on the way.
struct FinishedTraining {
  const PreparedData& data;
  const TrainResult& result;
  const std::vector<EpochStats>& epochs;
  PartScore training, test;  // by the weights that were kept
  bool is_new = true;        // false: it began with a model, which may have learnt from any row

  bool tested() const { return data.test.rows > 0; }
  // The part that says at the end how good it is: test, or validation where there is none.
  const DataPart& judging() const { return tested() ? data.test : data.validation; }
  // What was taken for what on that part; none where nothing is told apart, or it has no rows.
  std::optional<ConfusionMatrix> confusion() const;
  // Of several targets each: {"a": {"accuracy": 0.9, …}, …} on that part.
  std::vector<std::pair<std::string, NamedScores>> by_target() const;
};

// The scores that are worth a line each, with their value on the training, validation and test
// part; unknown where there is none.
struct ScoreLine {
  std::string name;
  double values[3];
};
std::vector<ScoreLine> score_lines(const FinishedTraining& training);

// A line a column: name, role, type, missing cells, what occurs in it. Of many only the first ones.
std::string columns_text(const PreparedData& data, const Terminal& terminal);

// The loss over the epochs, every score on every part, and on the test part (or, without one, the
// validation part) the confusion matrix or how far off the numbers are.
std::string end_text(const FinishedTraining& training, const Terminal& terminal);

// The loss of training and validation over the epochs, as a small picture.
std::string curves_text(const std::vector<EpochStats>& epochs, const Terminal& terminal);

// The loss of a range test over its rates.
std::string rates_text(const RateCurve& curve, const Terminal& terminal);

// Epochs as they pass: on a terminal one line drawn again and again, elsewhere a line each.
class EpochView {
 public:
  EpochView(std::FILE* stream, int epochs);

  void see(const EpochStats& epoch);
  void finish();  // takes the line away

 private:
  std::string line(const EpochStats& epoch) const;

  std::FILE* stream_;
  Terminal terminal_;
  int epochs_, best_ = 0;
  std::chrono::steady_clock::time_point drawn_at_;
};

}  // namespace caviar::cli
