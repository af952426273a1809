#include "caviar/run/nurse.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/run/steering.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

const std::array<std::string, 4> symptoms = {"no_gain", "explodes", "not_finite", "overfits"};

Symptom symptom_in(const Node& node) {
  const auto found = std::find(symptoms.begin(), symptoms.end(), node.text());
  if (found == symptoms.end()) {
    node.fail("'" + node.text() + "' is nothing to look for" + suggestion(node.text(), symptoms));
  }
  return static_cast<Symptom>(found - symptoms.begin());
}

int count_in(Fields& fields, const std::string& key, int otherwise) {
  const std::int64_t count = fields.integer(key, otherwise);
  if (count < 1 || count > 1'000'000) {
    fields.need(key).fail(std::to_string(count) + " given, at least 1 expected");
  }
  return static_cast<int>(count);
}

NurseRule rule_in(const Node& node) {
  Fields fields(node);
  NurseRule rule;
  rule.when = symptom_in(fields.need("when"));
  rule.epochs = count_in(fields, "epochs", rule.epochs);
  rule.at_most = count_in(fields, "at_most", rule.at_most);
  rule.times = fields.number("times", rule.when == Symptom::overfits ? 1.5 : rule.times);
  if (!(rule.times > 1)) fields.need("times").fail("more than 1 was expected");
  rule.roll_back = fields.boolean("roll_back", false);
  rule.stop = fields.boolean("stop", false);
  if (const Node* set = fields.find("set")) rule.set = parse_point(*set);
  if (const Node* multiply = fields.find("multiply")) {
    for (const auto& [name, factor] : multiply->entries()) {
      if (!(factor.number() > 0)) factor.fail(factor.describe() + " given, above 0 expected");
      rule.multiply.emplace_back(name, factor.number());
    }
  }
  fields.done();
  return rule;
}

void check_rule(const NurseRule& rule, const TrainSpec& spec, const Node& node) {
  const bool acts = rule.roll_back || rule.stop || !rule.set.empty() || !rule.multiply.empty();
  if (!acts) node.fail("it does nothing; set, multiply, roll_back or stop was expected");
  const bool goes_on = rule.roll_back || rule.stop;
  if (rule.when == Symptom::not_finite && !goes_on) {
    node.fail("from numbers that are not finite nothing goes on; roll_back or stop was expected");
  }
  try {
    TrainSpec tried = spec;
    steer(tried, changes_of(rule, spec));
  } catch (const Error& error) {
    node.fail(error.what());
  }
}

int last_best(const RunRecord& record) {
  int best = 0;
  for (const EpochLine& epoch : record.epochs) best = epoch.best ? epoch.epoch : best;
  return best;
}

// The last epoch after which the rule did something in this timeline; and how often it did at all.
std::pair<int, int> deeds(const RunRecord& record, int rule) {
  int last = 0, count = 0;
  for (const RunNote& note : record.notes) {
    if (note.rule != rule) continue;
    ++count;
    if (note.at <= record.at) last = note.at.epoch - 1;
  }
  return {last, count};
}

// The last epoch that a person's change lies behind or in: losses compare only from there on.
int last_change(const RunRecord& record) {
  int last = 0;
  for (const RunNote& note : record.notes) {
    const bool changes = note.event == "steered" || note.event == "rolled_back";
    if (!changes || note.rule >= 0 || note.at > record.at) continue;
    last = note.at.epoch - (note.at.iteration > 0 ? 0 : 1);
  }
  return last;
}

std::string seen(const NurseRule& rule, int number, const RunRecord& record) {
  const EpochLine& now = record.epochs.back();
  if (rule.when == Symptom::no_gain) {
    const int since = std::max(last_best(record), deeds(record, number).first);
    if (now.epoch - since < rule.epochs) return "";
    return fmt::format("no gain for {} epochs", now.epoch - since);
  }
  if (rule.when == Symptom::explodes) {
    double least = now.training_loss;
    for (const EpochLine& epoch : record.epochs) {
      if (epoch.epoch > last_change(record)) least = std::min(least, epoch.training_loss);
    }
    if (!(now.training_loss > rule.times * least)) return "";
    return fmt::format("the training loss {} is more than {} times the lowest, {}",
                       rounded_text(now.training_loss), number_text(rule.times),
                       rounded_text(least));
  }
  if (!(now.validation_loss > rule.times * now.training_loss)) return "";
  return fmt::format("the validation loss {} is more than {} times the training loss, {}",
                     rounded_text(now.validation_loss), number_text(rule.times),
                     rounded_text(now.training_loss));
}

}  // namespace

std::vector<NurseRule> parse_nurse(const Node& list, const TrainSpec& spec) {
  std::vector<NurseRule> rules;
  for (const Node& node : list.items()) {
    rules.push_back(rule_in(node));
    check_rule(rules.back(), spec, node);
  }
  return rules;
}

std::optional<NurseFinding> look(const std::vector<NurseRule>& rules, const RunRecord& record,
                                 const std::string& diverged) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const NurseRule& rule = rules[i];
    if (deeds(record, static_cast<int>(i)).second >= rule.at_most) continue;
    if ((rule.when == Symptom::not_finite) == diverged.empty()) continue;
    if (!diverged.empty()) return NurseFinding{i, diverged};
    if (record.epochs.empty()) continue;
    const std::string why = seen(rule, static_cast<int>(i), record);
    if (!why.empty()) return NurseFinding{i, why};
  }
  return std::nullopt;
}

Point changes_of(const NurseRule& rule, const TrainSpec& now) {
  Point changes = rule.set;
  for (const auto& [name, factor] : rule.multiply) {
    const double product = number_now(now, name) * factor;
    const Hyperparameter* h = find_hyperparameter(name);
    const bool fraction = name == "min_delta" || (h != nullptr && h->kind == ValueKind::number);
    changes.set(
        name, fraction ? Value(product) : Value(std::max<std::int64_t>(1, std::llround(product))));
  }
  return changes;
}

}  // namespace caviar
