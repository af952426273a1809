// From names and values to what the network and its training take.
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

const Hyperparameter& need(const std::string& name) {
  if (const Hyperparameter* found = find_hyperparameter(name)) return *found;
  std::vector<std::string> names;
  for (const Hyperparameter& h : hyperparameters()) names.push_back(h.name);
  throw Error(Fault::input, name + ": the trainer has no hyperparameter '" + name + "'" +
                                suggestion(name, names));
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

Knobs knobs_of(const Chosen& chosen, Optimizer optimizer) {
  return {.learning_rate = chosen.is_said("learning_rate") ? chosen.number("learning_rate")
                                                           : usual_learning_rate(optimizer),
          .momentum = chosen.number("momentum"),
          .beta1 = chosen.number("beta1"),
          .beta2 = chosen.number("beta2"),
          .rho = chosen.number("rho"),
          .epsilon = chosen.number("epsilon"),
          .momentum_decay = chosen.number("momentum_decay"),
          .weight_decay = chosen.number("weight_decay"),
          .l1 = chosen.number("l1"),
          .bias_decay = chosen.number("bias_decay"),
          .bias_l1 = chosen.number("bias_l1"),
          .dropout = chosen.number("dropout"),
          .clip_value = chosen.number("clip_value"),
          .clip_norm = chosen.number("clip_norm"),
          .max_norm = chosen.number("max_norm"),
          .input_noise = chosen.number("input_noise"),
          .mixup = chosen.number("mixup")};
}

Schedule schedule_of(const Chosen& chosen, const TrainSpec& spec) {
  Schedule schedule;
  schedule.decay = parse_decay(chosen.text("schedule"), "schedule");
  schedule.rate = chosen.number("learning_rate_decay");
  schedule.hold = chosen.number("schedule_hold");
  schedule.drop = chosen.number("schedule_drop");
  schedule.every = chosen.number("schedule_every");
  schedule.warm = chosen.number("warmup_epochs");
  schedule.minimum = chosen.number("final_learning_rate");
  schedule.power = chosen.number("schedule_power");
  schedule.period = chosen.number("restart_period");
  schedule.stretch = chosen.number("restart_stretch");
  schedule.rise = chosen.number("one_cycle_rise");
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
  s.batch_norm_momentum = chosen.number("batch_norm_momentum");
  s.residual = chosen.yes("residual");
  s.activation = parse_activation(chosen.text("activation"), "activation");
  if (chosen.text("initializer") != "auto") {
    s.initializer = parse_initializer(chosen.text("initializer"), "initializer");
  }
  if (chosen.text("loss") != "auto") s.loss = parse_loss(chosen.text("loss"), "loss");
  s.label_smoothing = chosen.number("label_smoothing");
  s.balanced_classes = chosen.text("class_weights") == "balanced";
  s.huber_delta = chosen.number("huber_delta");
  s.quantile = chosen.number("quantile");
  s.embedding_width = chosen.whole("embedding_width");
  s.batch_size = chosen.whole("batch_size");
  s.epochs = chosen.whole("epochs");
  return s;
}

}  // namespace caviar
