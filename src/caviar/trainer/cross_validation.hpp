// One configuration trained once on each fold; the folds are steps, so that a bad one can be
// stopped after the first.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "caviar/trainer/train.hpp"

namespace caviar {

struct FoldScores {
  std::vector<std::map<std::string, double>> folds;  // metrics_of() each, of those that were run
  std::map<std::string, double> mean;                // of what every fold has
  std::map<std::string, double> deviation;           // between the folds; 0 with one of them
  std::string why;                                   // not empty: a fold diverged, and how
};

// A model that every fold begins with, on data with its code, in place of a new network.
struct FoldStart {
  KnownCode known;
  const TrainStart& model;
};

// `on_fold` is called after each fold with the scores so far; `stop` ends it there.
// `interrupted` is asked after every epoch; may be null. `start`: the model that each fold begins
// with, whose code the folds were prepared with; may be null.
FoldScores cross_validate(std::span<const PreparedData> folds, const TrainSpec& spec,
                          const Settings& settings,
                          const std::function<Flow(const FoldScores&)>& on_fold,
                          const std::function<bool()>& interrupted = nullptr,
                          const TrainStart* start = nullptr);

// The configuration trained once beside each of the spec's outer folds and judged on it:
// evaluate_test() each, by names that begin with test_.
FoldScores judge_outer(const TrainSpec& spec, const Settings& settings,
                       const std::function<Flow(const FoldScores&)>& on_fold,
                       const std::function<bool()>& interrupted = nullptr,
                       const FoldStart* from = nullptr);

// Adds what one fold measured, and works out mean and deviation anew.
void add_fold(FoldScores& scores, std::map<std::string, double> fold);

}  // namespace caviar
