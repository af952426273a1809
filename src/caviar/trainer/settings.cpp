// From names and values to what the network and its training take.
#include <initializer_list>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/names_elsewhere.hpp"

namespace caviar {
namespace {

const Hyperparameter& need(const std::string& name) {
  if (const Hyperparameter* found = find_hyperparameter(name)) return *found;
  throw Error(Fault::input, name + ": the trainer has no hyperparameter '" + name + "'" +
                                hyperparameter_suggestion(name));
}

// From the point, else the spec, else the usual value.
class Chosen {
 public:
  Chosen(const TrainSpec& spec, const Point& point) : spec_(spec), point_(point) {}

  bool is_said(const char* name) const {
    return point_.find(name) != nullptr || spec_.fixed.find(name) != nullptr;
  }
  Value value(const char* name) const {
    const Hyperparameter& h = need(name);
    if (const Value* searched = point_.find(name)) return checked(h, *searched, name);
    if (const Value* fixed = spec_.fixed.find(name)) return checked(h, *fixed, name);
    return h.usual;
  }
  double number(const char* name) const { return *as_number(value(name)); }
  int whole(const char* name) const { return static_cast<int>(number(name)); }
  std::string text(const char* name) const { return std::get<std::string>(value(name)); }
  bool yes(const char* name) const { return std::get<bool>(value(name)); }

 private:
  const TrainSpec& spec_;
  const Point& point_;
};

// Numbers that are called here as there.
void take_numbers(const Chosen& chosen,
                  std::initializer_list<std::pair<const char*, double*>> numbers) {
  for (const auto& [name, into] : numbers) *into = chosen.number(name);
}

Knobs knobs_of(const Chosen& chosen, Optimizer optimizer) {
  Knobs k;
  take_numbers(chosen, {{"learning_rate", &k.learning_rate},
                        {"momentum", &k.momentum},
                        {"beta1", &k.beta1},
                        {"beta2", &k.beta2},
                        {"rho", &k.rho},
                        {"epsilon", &k.epsilon},
                        {"momentum_decay", &k.momentum_decay},
                        {"weight_decay", &k.weight_decay},
                        {"l1", &k.l1},
                        {"bias_decay", &k.bias_decay},
                        {"bias_l1", &k.bias_l1},
                        {"dropout", &k.dropout},
                        {"clip_value", &k.clip_value},
                        {"clip_norm", &k.clip_norm},
                        {"max_norm", &k.max_norm},
                        {"input_noise", &k.input_noise},
                        {"mixup", &k.mixup}});
  if (!chosen.is_said("learning_rate")) k.learning_rate = usual_learning_rate(optimizer);
  return k;
}

Schedule schedule_of(const Chosen& chosen, const TrainSpec& spec) {
  Schedule schedule;
  schedule.decay = parse_decay(chosen.text("schedule"), "schedule");
  take_numbers(chosen, {{"learning_rate_decay", &schedule.rate},
                        {"schedule_hold", &schedule.hold},
                        {"schedule_drop", &schedule.drop},
                        {"schedule_every", &schedule.every},
                        {"warmup_epochs", &schedule.warm},
                        {"final_learning_rate", &schedule.minimum},
                        {"schedule_power", &schedule.power},
                        {"restart_period", &schedule.period},
                        {"restart_stretch", &schedule.stretch},
                        {"one_cycle_rise", &schedule.rise},
                        {"one_cycle_start", &schedule.start},
                        {"one_cycle_finish", &schedule.finish},
                        {"one_cycle_momentum", &schedule.low_momentum},
                        {"plateau_threshold", &schedule.threshold}});
  schedule.patience = chosen.whole("plateau_patience");
  schedule.per_iteration = chosen.yes("schedule_per_iteration");
  if (!spec.rate_table.empty()) {
    schedule.decay = Decay::table;
    schedule.table = spec.rate_table;
  } else if (spec.rate_formula) {
    schedule.decay = Decay::formula;
    schedule.formula = spec.rate_formula;
  }
  check_schedule(schedule, "schedule");
  return schedule;
}

AugmentOptions augmentation_of(const Chosen& chosen) {
  AugmentOptions options;
  take_numbers(chosen, {{"image_shift", &options.shift}, {"image_scale", &options.scale}});
  options.flip = chosen.yes("image_flip");
  options.flip_upright = chosen.yes("image_flip_upright");
  return options;
}

// One width for all layers, or a list that says how many layers there are.
std::vector<int> hidden_widths(const Value& units, int layers) {
  if (const auto* list = std::get_if<std::string>(&units)) return parse_widths(*list);
  return std::vector<int>(static_cast<std::size_t>(layers), static_cast<int>(*as_number(units)));
}

}  // namespace

Settings settings(const TrainSpec& spec, const Point& point) {
  for (const auto& [name, value] : point.entries()) checked(need(name), value, name);
  const Chosen chosen(spec, point);
  Settings s;
  s.optimizer = parse_optimizer(chosen.text("optimizer"), "optimizer");
  s.knobs = knobs_of(chosen, s.optimizer);
  s.schedule = schedule_of(chosen, spec);
  s.hidden = hidden_widths(chosen.value("hidden_units"), chosen.whole("layers"));
  s.batch_norm = chosen.yes("batch_norm");
  s.residual = chosen.yes("residual");
  s.activation = parse_activation(chosen.text("activation"), "activation");
  if (chosen.text("initializer") != "auto") {
    s.initializer = parse_initializer(chosen.text("initializer"), "initializer");
  }
  if (chosen.text("loss") != "auto") s.loss = parse_loss(chosen.text("loss"), "loss");
  s.balanced_classes = chosen.text("class_weights") == "balanced";
  if (!chosen.is_said("class_weights")) s.class_weights = spec.class_weights;
  s.augment = augmentation_of(chosen);
  take_numbers(chosen, {{"label_smoothing", &s.label_smoothing},
                        {"huber_delta", &s.huber_delta},
                        {"quantile", &s.quantile},
                        {"batch_norm_momentum", &s.batch_norm_momentum},
                        {"weight_average", &s.weight_average}});
  s.embedding_width = chosen.whole("embedding_width");
  s.batch_size = chosen.whole("batch_size");
  s.epochs = chosen.whole("epochs");
  return s;
}

}  // namespace caviar
