#include "caviar/trainer/train_spec.hpp"

#include <array>

#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

std::vector<std::string> names_in(const Node* list) {
  std::vector<std::string> names;
  if (list == nullptr) return names;
  for (const Node& item : list->items()) names.push_back(item.text());
  return names;
}

double share_in(const Node* node, double otherwise) {
  if (node == nullptr) return otherwise;
  const double share = node->number();
  if (!(share >= 0 && share < 1)) {
    node->fail(node->describe() + " is not a share of the rows; 0 … 1 was expected");
  }
  return share;
}

Monitor monitor_in(const Node* node) {
  static const std::array<std::string, 2> names = {"loss", "accuracy"};
  if (node == nullptr || node->text() == names[0]) return Monitor::loss;
  if (node->text() == names[1]) return Monitor::accuracy;
  node->fail("'" + node->text() + "' cannot be monitored" + suggestion(node->text(), names));
}

void read_early_stopping(const Node* node, TrainSpec& spec) {
  if (node == nullptr) return;
  if (node->is_boolean()) {
    if (!node->boolean()) spec.patience.reset();
    return;
  }
  Fields fields(*node);
  const auto patience = fields.integer("patience", *spec.patience);
  if (patience < 1 || patience > 1'000'000) {
    fields.need("patience")
        .fail(std::to_string(patience) + " is no number of epochs; at least 1 was expected");
  }
  spec.patience = static_cast<int>(patience);
  spec.min_delta = fields.number("min_delta", 0);
  if (!(spec.min_delta >= 0)) fields.need("min_delta").fail("a gain of at least 0 was expected");
  spec.monitor = monitor_in(fields.find("monitor"));
  fields.done();
}

// hidden_units: [128, 64] is written 128-64 as one value.
Value hyperparameter_in(const Node& node) {
  if (!node.is_list()) return parse_value(node);
  std::string widths;
  for (const Node& item : node.items()) {
    widths += (widths.empty() ? "" : "-") + std::to_string(item.integer());
  }
  return widths;
}

}  // namespace

TrainSpec parse_train_spec(const Node& node) {
  Fields fields(node);
  TrainSpec spec;
  spec.data = fields.need("data").text();
  spec.target = fields.need("target").text();
  if (const Node* task = fields.find("task")) spec.task = parse_task(task->text(), task->where());
  spec.categorical = names_in(fields.find("categorical"));
  spec.ignore = names_in(fields.find("ignore"));
  spec.validation = share_in(fields.find("validation"), spec.validation);
  spec.test = share_in(fields.find("test"), spec.test);
  read_early_stopping(fields.find("early_stopping"), spec);
  if (const Node* seed = fields.find("seed")) {
    if (seed->integer() < 0) seed->fail(seed->describe() + " is no seed; 0 or more was expected");
    spec.seed = static_cast<std::uint64_t>(seed->integer());
  }
  for (const Hyperparameter& hyperparameter : hyperparameters()) {
    const Node* value = fields.find(hyperparameter.name);
    if (value == nullptr) continue;
    spec.fixed.set(hyperparameter.name,
                   checked(hyperparameter, hyperparameter_in(*value), value->where()));
  }
  fields.done();
  return spec;
}

}  // namespace caviar
