// What to train on and how, as a person wrote it: `objective: {train: {...}}` of a study file, or
// NAME=VALUE words of `caviar train`. docs/training.md says what each key means:
//
//   data: data/digits.csv.gz        a table of any format; header, delimiter: where not found out
//   labels: digits-labels.idx1      of pictures and arrays, where they lie in a file of their own
//   test_data, test_labels          an official test part, in place of a share of the rows
//   target: digit                   the column to learn, or a list; not said: label, or y
//   task: classification            regression or multi_label; found out where not said
//   types: {zip_code: category}     number, date, yes_no, category or text, where it is not found
//                                   out; categorical: [zip_code] is the same for categories
//   weights: importance             a column that says how much each row counts
//   scaling: standard               range or none: of number columns
//   embed: true                     categories become learned numbers, not a 0/1 column a level;
//                                   a list: only these
//   most_levels: 64                 of a category; further ones, and those in a smaller share of
//   rare_share: 0.0005              the training rows, count as one
//   missing_target: drop            rows without a target are left out, not refused
//   scale_target: false             regression: learn the target as it is
//   class_weights: {yes: 4, no: 1}  how much each class counts, 1 where nothing is said
//   quantile: [0.1, 0.5, 0.9]       with loss: quantile, an output for each of them
//   augment: {shift: 2, scale: 0.1, flip: true}    pictures: the hyperparameters image_shift …
//   ignore: [id]                    columns to leave out
//   validation: 0.2                 the share of the rows that chooses; or
//               {share: 0.2, folds: 5, repeats: 1, group: patient, time: date, stratified: true}
//                                   with folds a configuration is judged by their mean;
//                                   outer: 5 adds folds that judge the search as a whole
//   cache: rows.cache               prepared rows lie in this file, mapped, not in memory
//   test: 0.2                       the share that judges once, at the end
//   early_stopping: {patience: 10, min_delta: 0, monitor: loss, restore_best: true}    or false;
//                                   monitor: also training_loss, or a score: accuracy, f1, rmse …
//   rate_table: {0: 0.1, 20: 0.01}  learning rates from these epochs on, in place of a schedule
//   rate_formula: "rate / sqrt(1 + epoch)"    the same by a formula of epoch, total and rate
//   seed: 0                         of the split, the first weights, the order, dropout
//   epochs: 60                      and every other hyperparameter that shall be fixed
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/data/preprocess.hpp"
#include "caviar/data/target.hpp"
#include "caviar/nn/fit.hpp"
#include "caviar/nn/schedule.hpp"
#include "caviar/space/point.hpp"

namespace caviar {

struct TrainSpec {
  std::string data, labels;            // labels "": in the data, or beside them
  std::string test_data, test_labels;  // "": the test part is a share of the rows
  std::optional<bool> header;          // of CSV; none: found out
  std::optional<char> delimiter;
  std::vector<std::string> targets;  // columns; none: the usual one
  std::optional<Task> task;
  ColumnTypes types;  // told
  std::vector<std::string> ignore;
  std::string weights;  // "": none
  std::map<std::string, double> class_weights;
  std::vector<double> quantiles;  // several, which are learnt at once, rising; else none
  PreprocessOptions preprocessing;
  bool scale_target = true, drops_missing_target = false;
  double validation = 0.2, test = 0.2;
  int folds = 0, repeats = 1;  // folds 0: one split
  // Nested: each of `outer` folds is once the test part, that of number outer_fold (from 1) here;
  // outer_fold 0: all rows choose, none judges.
  int outer = 0, outer_fold = 0;
  std::string group, time;  // columns: rows of a group stay together, nothing learns from later
  bool stratified = true;   // classes have their shares in every part
  std::optional<int> patience = 10;
  double min_delta = 0;
  std::string monitor = "loss";  // of the validation part, a score of it, or training_loss
  bool restore_best = true;
  std::vector<TableEntry> rate_table;
  std::optional<Formula> rate_formula;
  std::uint64_t seed = 0;
  std::string cache;  // a file for prepared rows; "": memory
  Point fixed;        // hyperparameters set by hand, checked
};

// Throws Error{input} with the place of what is wrong; unknown keys with the nearest known one.
TrainSpec parse_train_spec(const Node& node);
// What parse_train_spec reads back as the same.
Json to_json(const TrainSpec& spec);

}  // namespace caviar
