// What ails a training, from measurements: the training itself, the same on growing shares of the
// data and by a larger network, a learning-rate range test, and every hidden unit on real rows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "caviar/nn/range_test.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar {

// The configuration trained on so many rows of the training part.
struct LearningPoint {
  std::size_t rows = 0;
  double training_loss = unknown, validation_loss = unknown;
};

// Twice the units, with no dropout, penalty, noise or mixing, at a rate that fits: what there is to
// learn.
struct LargerNetwork {
  std::size_t parameters = 0;
  double training_loss = unknown, validation_loss = unknown;  // unknown: it diverged
};

// The configuration at a rate of the range test: trained only where its own lies far from that.
struct OtherRate {
  double rate = unknown, validation_loss = unknown;  // unknown: not trained, or it diverged
};

// One hidden layer of the trained network.
struct LayerHealth {
  std::string name;  // "dense, relu"
  std::size_t units = 0;
  std::size_t dead = 0;       // units that say the same of every row
  double gradient = unknown;  // the root mean square of its weights' gradients over the training
};

struct Finding {
  enum class Kind { good, problem };
  Kind kind = Kind::problem;
  std::string name;      // "overfits", "the learning rate is too high"
  std::string evidence;  // what was measured
  std::string remedy;    // what to try; "" where nothing is wrong
};

struct Diagnosis {
  TrainResult result;
  std::vector<EpochStats> epochs;
  PartScore training;
  double baseline = unknown;            // the validation loss of always saying the same
  std::vector<LearningPoint> learning;  // by rising rows; the last one: all of them
  LargerNetwork larger;
  double learning_rate = 0;  // that was used
  RateCurve rates;
  OtherRate other_rate;
  std::vector<LayerHealth> layers;
  std::vector<Finding> findings;
};

// Needs a validation part: throws Error{input} without one, and with folds. `interrupted` is asked
// every epoch and ends it early with Error{input}; may be null. The same data and settings give the
// same diagnosis.
Diagnosis diagnose(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                   const std::function<bool()>& interrupted = nullptr);

// Throws Error{input} where the spec asks for folds, or for no validation part: a diagnosis is
// about one training.
void check_diagnosable(const TrainSpec& spec);

// What the measurements mean. Where nothing was learnt, that comes first, and nothing counts as
// good.
std::vector<Finding> findings_of(const Diagnosis& diagnosis, Task task);

}  // namespace caviar
