#include "caviar/trainer/without_effect.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

// What another hyperparameter must be for one to have an effect.
struct Need {
  std::string other;
  std::vector<std::string> values;
};

const std::map<std::string, Need>& needs() {
  static const std::map<std::string, Need> all = [] {
    std::map<std::string, Need> result = {
        {"quantile", {"loss", {"quantile"}}},
        {"huber_delta", {"loss", {"huber"}}},
        {"batch_norm_momentum", {"batch_norm", {"true"}}},
        {"learning_rate_decay",
         {"schedule", {"inverse_time", "exponential", "constant_then_exponential"}}},
        {"schedule_hold", {"schedule", {"constant_then_exponential"}}},
        {"schedule_drop", {"schedule", {"step", "plateau"}}},
        {"schedule_every", {"schedule", {"step"}}},
        {"schedule_power", {"schedule", {"polynomial"}}},
        {"final_learning_rate", {"schedule", {"cosine", "polynomial", "plateau"}}},
        {"restart_period", {"schedule", {"cosine"}}},
        {"restart_stretch", {"schedule", {"cosine"}}},
        {"plateau_patience", {"schedule", {"plateau"}}},
        {"plateau_threshold", {"schedule", {"plateau"}}},
    };
    for (const char* name :
         {"one_cycle_rise", "one_cycle_start", "one_cycle_finish", "one_cycle_momentum"}) {
      result[name] = {"schedule", {"one_cycle"}};
    }
    for (const Hyperparameter& h : hyperparameters()) {
      if (h.only_for.empty()) continue;
      Need& need = result[h.name];
      need.other = "optimizer";
      for (const Optimizer optimizer : h.only_for) need.values.push_back(name_of(optimizer));
    }
    return result;
  }();
  return all;
}

bool is_of_schedule(const std::string& name) {
  return name.starts_with("schedule") || name.starts_with("restart_") ||
         name.starts_with("plateau_") || name.starts_with("one_cycle_") ||
         name == "learning_rate_decay" || name == "warmup_epochs" || name == "final_learning_rate";
}

std::string text_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : to_text(value);
}

// What it may be in a training: a choice that is searched, or the one value.
std::vector<std::string> possible(const std::string& name, const TrainSpec& spec,
                                  const Space& searched) {
  if (const auto index = searched.index(name)) {
    std::vector<std::string> texts;
    if (const auto* choice = std::get_if<Choice>(&searched[*index].distribution)) {
      for (const Value& value : choice->values) texts.push_back(text_of(value));
    }
    return texts;
  }
  if (const Value* fixed = spec.fixed.find(name)) return {text_of(*fixed)};
  return {text_of(find_hyperparameter(name)->usual)};
}

bool meets(const std::vector<std::string>& possible, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(possible, [&](const std::string& value) {
    return std::ranges::find(wanted, value) != wanted.end();
  });
}

bool is_list_of_widths(const TrainSpec& spec, const Space& searched) {
  const Value* units = spec.fixed.find("hidden_units");
  return !searched.index("hidden_units") && units != nullptr &&
         std::holds_alternative<std::string>(*units);
}

}  // namespace

std::optional<std::string> why_without_effect(const std::string& name, const TrainSpec& spec,
                                              const Space& searched, std::optional<Task> task) {
  const std::string begin = name + " has no effect";
  const bool told = !spec.rate_table.empty();
  if ((told || spec.rate_formula) && is_of_schedule(name)) {
    return begin + ": the rates stand in " + (told ? "rate_table" : "rate_formula");
  }
  if (told && name == "learning_rate") return begin + ": the rates stand in rate_table";
  if (name == "layers" && is_list_of_widths(spec, searched)) {
    return begin + ": hidden_units says how wide each layer is, and so how many there are";
  }
  const bool of_classes = name == "label_smoothing" || name == "class_weights";
  if (of_classes && task == Task::regression) return begin + " in a regression";
  if (name == "warmup_epochs" &&
      possible("schedule", spec, searched) == std::vector<std::string>{"one_cycle"}) {
    return begin + " with schedule one_cycle, which warms up by itself";
  }
  const auto found = needs().find(name);
  if (found == needs().end()) return std::nullopt;
  const Need& need = found->second;
  const std::vector<std::string> now = possible(need.other, spec, searched);
  if (now.empty() || meets(now, need.values)) return std::nullopt;
  return begin + " with " + (need.other == "optimizer" ? "" : need.other + " ") +
         join(now, " or ") + "; it needs " + join(need.values, " or ");
}

bool needs_choice(const std::string& hyperparameter, const std::string& other,
                  const std::string& value) {
  const auto found = needs().find(hyperparameter);
  return found != needs().end() && found->second.other == other &&
         std::ranges::find(found->second.values, value) != found->second.values.end();
}

std::vector<std::string> without_effect(const TrainSpec& spec, const Space& searched,
                                        std::optional<Task> task) {
  std::vector<std::string> names;
  for (const auto& [name, value] : spec.fixed.entries()) names.push_back(name);
  for (const Parameter& parameter : searched.parameters()) names.push_back(parameter.name);
  std::vector<std::string> sentences;
  for (const std::string& name : names) {
    if (auto why = why_without_effect(name, spec, searched, task)) {
      sentences.push_back(std::move(*why));
    }
  }
  const bool decays =
      spec.fixed.find("learning_rate_decay") || searched.index("learning_rate_decay");
  const Value* schedule = spec.fixed.find("schedule");
  const std::vector<std::string> by_rate = {"inverse_time", "exponential",
                                            "constant_then_exponential"};
  if (schedule != nullptr && !decays && meets({text_of(*schedule)}, by_rate)) {
    sentences.push_back("schedule " + text_of(*schedule) +
                        " has no effect while learning_rate_decay is 0, as it is where it is not "
                        "said");
  }
  const auto surely = [&](const std::string& name, const std::string& value) {
    return possible(name, spec, searched) == std::vector<std::string>{value};
  };
  if (surely("batch_norm", "true") && surely("batch_size", "1")) {
    sentences.emplace_back(
        "batch_norm with batch_size 1 hides the rows from the network while it learns: the mean "
        "of one row is the row itself");
  }
  return sentences;
}

}  // namespace caviar
