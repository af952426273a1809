// Rules that steer a training by what they see, as a person would: the `nurse` of a study file.
//
//   nurse:
//     - {when: no_gain, epochs: 5, multiply: {learning_rate: 0.5}}
//     - {when: explodes, times: 3, roll_back: true, multiply: {learning_rate: 0.5}}
//     - {when: not_finite, roll_back: true, multiply: {learning_rate: 0.5}, at_most: 4}
//     - {when: overfits, times: 1.5, set: {dropout: 0.3}, at_most: 1}
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/run/record.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

enum class Symptom {
  no_gain,     // so many epochs without a best one, and since the rule last did something
  explodes,    // the training loss is more than `times` the lowest since a person changed something
  not_finite,  // loss or rate stopped being a number: without a rule the training ends
  overfits,    // the validation loss is more than `times` the training loss
};

struct NurseRule {
  Symptom when = Symptom::no_gain;
  int epochs = 5;
  double times = 3;
  bool roll_back = false;  // to the newest snapshot that is no later than the best epoch
  bool stop = false;
  Point set;
  std::vector<std::pair<std::string, double>> multiply;
  int at_most = 10;  // how often
};

// Throws Error{input} with the place of what makes no sense for this training.
std::vector<NurseRule> parse_nurse(const Node& list, const TrainSpec& spec);

struct NurseFinding {
  std::size_t rule = 0;
  std::string why;  // "no gain for 5 epochs"
};

// What the rules see in the epochs so far; the first that fits. `diverged`: why the training could
// not go on; "": it can.
std::optional<NurseFinding> look(const std::vector<NurseRule>& rules, const RunRecord& record,
                                 const std::string& diverged);

// What the rule wants changed, given what holds now.
Point changes_of(const NurseRule& rule, const TrainSpec& now);

}  // namespace caviar
