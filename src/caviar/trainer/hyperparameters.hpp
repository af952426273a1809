// The trainer's hyperparameters: what each one may be, what it is where nobody says, over which
// range and on which scale it is usually searched, and how much it is expected to matter (its
// tier).
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/data/augment.hpp"
#include "caviar/nn/activation.hpp"
#include "caviar/nn/initializer.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/nn/optimizer.hpp"
#include "caviar/nn/schedule.hpp"
#include "caviar/space/space.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

enum class ValueKind {
  number,
  whole_number,
  choice,
  yes_no,
  widths,  // a whole number, or a text such as "128-64": a number for each layer
};

struct Hyperparameter {
  std::string name, help;
  int tier = 0;  // 1 matters most … 4 is nearly always left alone
  ValueKind kind = ValueKind::number;
  double low = 0, high = 0;             // what makes sense; choice: unused
  bool low_itself = true;               // whether low makes sense
  bool high_itself = true;              // and high
  std::vector<std::string> names = {};  // choice: what may be chosen
  Value usual = {};         // where nobody says; learning_rate: depends on the optimiser
  Distribution range = {};  // where it is searched without a range
  bool searched = false;    // part of the default space
  std::vector<Optimizer> only_for = {};  // has no effect with others; empty: with all
};

std::span<const Hyperparameter> hyperparameters();                   // by tier, then as taught
const Hyperparameter* find_hyperparameter(const std::string& name);  // nullptr where unknown
int default_tier(const std::string& name);                           // 0 where unknown

// The value in the hyperparameter's own type. Throws Error{input} that begins with `where`: the
// wrong type, or a number that makes no sense.
Value checked(const Hyperparameter& hyperparameter, const Value& value, const std::string& where);

// The space that is searched where a study names none: all hyperparameters of tiers 1 … `tiers`
// that are searched by default, that the spec does not fix and that its optimiser uses.
Space default_space(const TrainSpec& spec, int tiers = 3);

// The same space with the default tier for every hyperparameter that has none.
Space with_default_tiers(const Space& space);

// Throws Error{input} unless the trainer knows every parameter, can use every value of it, and the
// spec does not fix it as well. `where` is the place of the space: "space".
void check_space(const TrainSpec& spec, const Space& space, const std::string& where);

// "128-64" → 128, 64; empty where it is no such text.
std::vector<int> parse_widths(const std::string& text);

// Everything that one training needs to know.
struct Settings {
  Optimizer optimizer = Optimizer::adam;
  Knobs knobs;
  Schedule schedule{.decay = Decay::inverse_time};
  std::vector<int> hidden = {64};  // units of each hidden layer
  bool batch_norm = false;         // in every hidden layer, before its activation
  double batch_norm_momentum = 0.9;
  bool residual = false;  // hidden layers from the second on add their input to what they compute
  Activation activation = Activation::relu;
  std::optional<Initializer> initializer;  // none: what suits the activation
  std::optional<Loss> loss;                // none: what suits the task
  double label_smoothing = 0;
  bool balanced_classes = false;                // weights that make rare classes count as much
  std::map<std::string, double> class_weights;  // else: of some classes; the others have 1
  AugmentOptions augment;                       // of pictures, while they train
  double huber_delta = 1;                       // in deviations of the target
  double quantile = 0.5;
  int embedding_width = 0;    // of embedded categories; 0: by the number of their levels
  double weight_average = 0;  // FitOptions::average
  int batch_size = 32;
  int epochs = 60;
};

// From the point, else from what the spec fixes, else the usual value. Throws Error{input} where
// the point names something unknown (the nearest suggested) or gives it a value without sense.
Settings settings(const TrainSpec& spec, const Point& point = {});

// The learning rate that is usual with an optimiser.
double usual_learning_rate(Optimizer optimizer);

}  // namespace caviar
