#include "caviar/trainer/train_spec.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "caviar/base/json.hpp"
#include "caviar/base/names.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/evaluate.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/names_elsewhere.hpp"

namespace caviar {
namespace {

constexpr std::array<std::pair<const char*, char>, 3> delimiters = {
    {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}}};

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
    node->fail(node->describe() +
               " is not a share of the rows; a number from 0 and below 1 was expected");
  }
  return share;
}

int count_in(Fields& fields, const std::string& key, int least, int otherwise) {
  const std::int64_t count = fields.integer(key, otherwise);
  if (count < least || count > 1000) {
    fields.need(key).fail(std::to_string(count) + " given, " + std::to_string(least) +
                          " to 1000 expected");
  }
  return static_cast<int>(count);
}

void read_outer(Fields& fields, TrainSpec& spec) {
  const Node* outer = fields.find("outer");
  if (outer != nullptr) spec.outer = count_in(fields, "outer", 2, 5);
  if (outer != nullptr && !spec.test_data.empty()) {
    outer->fail("outer folds take turns in judging; no test_data was expected beside them");
  }
  if (const Node* fold = fields.find("outer_fold")) {
    spec.outer_fold = count_in(fields, "outer_fold", 1, 1);
    if (spec.outer_fold > spec.outer) {
      fold->fail(fold->describe() + " of " + std::to_string(spec.outer) + " outer folds");
    }
  }
  if (outer == nullptr) return;
  if (spec.repeats > 1) fields.need("repeats").fail("outer folds are drawn once; 1 was expected");
  spec.test = 0;
}

void read_validation(const Node* node, TrainSpec& spec) {
  if (node == nullptr || !node->is_map()) {
    spec.validation = share_in(node, spec.validation);
    return;
  }
  Fields fields(*node);
  spec.validation = share_in(fields.find("share"), spec.validation);
  if (fields.find("folds") != nullptr) spec.folds = count_in(fields, "folds", 2, 5);
  if (const Node* repeats = fields.find("repeats")) {
    if (spec.folds == 0) repeats->fail("repeats are of folds; folds: 5 was expected beside it");
    spec.repeats = count_in(fields, "repeats", 1, 1);
  }
  read_outer(fields, spec);
  spec.group = name_in(fields, "group");
  spec.time = name_in(fields, "time");
  spec.stratified = fields.boolean("stratified", true);
  fields.done();
}

std::string monitor_in(const Node* node) {
  if (node == nullptr) return TrainSpec{}.monitor;
  std::vector<std::string> names = score_names();
  std::erase(names, "coverage");  // neither more nor less of it is better
  names.emplace_back("training_loss");
  // As a study's metric, or Keras, calls them: they are the validation part's here, too.
  const std::string& said = node->text();
  for (const std::string_view prefix : {"", "validation_", "val_"}) {
    if (!said.starts_with(prefix)) continue;
    const std::string name = said.substr(prefix.size());
    const bool of_validation = prefix.empty() || name != "training_loss";
    if (of_validation && std::find(names.begin(), names.end(), name) != names.end()) return name;
  }
  node->fail("'" + said + "' cannot be monitored" + suggestion(said, names));
}

int patience_in(const Node& node) {
  const std::int64_t patience = node.integer();
  if (patience < 1 || patience > 1'000'000) {
    node.fail(std::to_string(patience) + " is no number of epochs; at least 1 was expected");
  }
  return static_cast<int>(patience);
}

// A map, the patience alone, or whether.
void read_early_stopping(const Node* node, TrainSpec& spec) {
  if (node == nullptr) return;
  if (node->is_boolean()) {
    if (!node->boolean()) spec.patience.reset();
    return;
  }
  if (node->is_number()) {
    spec.patience = patience_in(*node);
    return;
  }
  if (!node->is_map()) {
    node->fail(node->describe() +
               " given; false, a patience in epochs, or a map such as {patience: 10} was expected");
  }
  Fields fields(*node);
  if (const Node* patience = fields.find("patience")) spec.patience = patience_in(*patience);
  spec.min_delta = fields.number("min_delta", 0);
  if (!(spec.min_delta >= 0)) fields.need("min_delta").fail("a gain of at least 0 was expected");
  spec.monitor = monitor_in(fields.find("monitor"));
  spec.restore_best = fields.boolean("restore_best", true);
  fields.done();
}

// What is called otherwise here, and what a running training is steered by, which has its place in
// a map here.
void check_names(const Node& node) {
  for (const auto& [key, value] : node.entries()) {
    const auto here = name_here(key);
    if (here) value.fail("unknown key '" + key + "' (did you mean '" + *here + "'?)");
  }
  for (const char* key : {"patience", "min_delta", "monitor", "restore_best"}) {
    if (const Node* misplaced = node.find(key)) {
      misplaced->fail(std::string("'") + key + "' stands under early_stopping, as in " +
                      "early_stopping: {" + key + ": …}");
    }
  }
}

char delimiter_in(const Node& node) {
  const std::string& text = node.text();
  for (const auto& [name, delimiter] : delimiters) {
    if (text == name || text == std::string(1, delimiter)) return delimiter;
  }
  node.fail(node.describe() + " stands between no cells; comma, semicolon or tab was expected");
}

void read_target_names(const Node* node, TrainSpec& spec) {
  if (node == nullptr) return;
  spec.targets = node->is_list() ? names_in(node) : std::vector<std::string>{node->text()};
  if (spec.targets.empty()) node->fail("an empty list; at least one column was expected");
}

// Where the rows come from.
void read_files(Fields& fields, TrainSpec& spec) {
  fields.need("data");
  spec.data = name_in(fields, "data");
  spec.labels = name_in(fields, "labels");
  spec.test_data = name_in(fields, "test_data");
  spec.test_labels = name_in(fields, "test_labels");
  if (spec.test_data.empty() && !spec.test_labels.empty()) {
    fields.need("test_labels").fail("labels of no data; test_data was expected beside it");
  }
  if (fields.find("header") != nullptr) spec.header = fields.boolean("header", true);
  if (const Node* delimiter = fields.find("delimiter")) spec.delimiter = delimiter_in(*delimiter);
  const Node* share = fields.find("test");
  if (share != nullptr && !spec.test_data.empty()) {
    share->fail("there is test_data as well; one of them was expected");
  }
  spec.test = spec.test_data.empty() ? share_in(share, spec.test) : 0;
  spec.cache = name_in(fields, "cache");
}

// What becomes of categories.
void read_levels(Fields& fields, PreprocessOptions& options) {
  if (const Node* embed = fields.find("embed"); embed != nullptr && embed->is_list()) {
    options.embed_only = names_in(embed);
    options.embed = !options.embed_only.empty();
  } else {
    options.embed = fields.boolean("embed", false);
  }
  const std::int64_t most = fields.integer("most_levels", static_cast<int>(options.most_levels));
  if (most < 1 || most > 1'000'000) {
    fields.need("most_levels").fail(std::to_string(most) + " given, 1 to 1000000 expected");
  }
  options.most_levels = static_cast<std::size_t>(most);
  options.rare_share = share_in(fields.find("rare_share"), options.rare_share);
}

// What becomes of rows without a target.
bool drops_in(const Node* node) {
  if (node == nullptr || node->text() == "refuse") return false;
  if (node->text() == "drop") return true;
  node->fail(node->describe() + " given; refuse or drop was expected");
}

// What the columns are and what becomes of them.
void read_columns(Fields& fields, TrainSpec& spec) {
  for (const std::string& name : names_in(fields.find("categorical"))) {
    spec.types[name] = ColumnType::category;
  }
  if (const Node* types = fields.find("types")) {
    for (const auto& [name, type] : types->entries()) {
      spec.types[name] = parse_column_type(type.text(), type.where());
    }
  }
  spec.weights = name_in(fields, "weights");
  if (const Node* scaling = fields.find("scaling")) {
    spec.preprocessing.scaling = parse_scaling(scaling->text(), scaling->where());
  }
  read_levels(fields, spec.preprocessing);
  spec.scale_target = fields.boolean("scale_target", true);
  spec.drops_missing_target = drops_in(fields.find("missing_target"));
}

// In any order.
std::vector<TableEntry> rate_table_in(const Node& table) {
  std::vector<TableEntry> entries;
  for (const auto& [epoch, rate] : table.entries()) {
    const std::optional<double> number = parse_number(epoch);
    if (!number || !(*number >= 0) || std::isinf(*number)) {
      rate.fail("'" + epoch + "' is no number of epochs; 0, the beginning, or more was expected");
    }
    if (!(rate.number() >= 0) || std::isinf(rate.number())) {
      rate.fail(rate.describe() + " is no learning rate; a number from 0 was expected");
    }
    entries.push_back({*number, rate.number()});
  }
  if (entries.empty()) table.fail("an empty map; at least one rate, as in {0: 0.1}, was expected");
  std::ranges::stable_sort(entries, {}, &TableEntry::epoch);
  if (std::ranges::adjacent_find(entries, {}, &TableEntry::epoch) != entries.end()) {
    table.fail("the same epoch has two rates; one was expected");
  }
  return entries;
}

void read_rates(Fields& fields, TrainSpec& spec) {
  const Node* table = fields.find("rate_table");
  if (table != nullptr) spec.rate_table = rate_table_in(*table);
  const Node* formula = fields.find("rate_formula");
  if (formula == nullptr) return;
  if (table != nullptr) formula->fail("there is a rate_table as well; one of them was expected");
  spec.rate_formula = Formula(formula->text(), formula->where());
}

// hidden_units: [128, 64] is written 128-64 as one value.
Value hyperparameter_in(const Hyperparameter& hyperparameter, const Node& node) {
  if (!node.is_list()) return parse_value(node);
  if (hyperparameter.kind != ValueKind::widths) {
    node.fail(
        "a list given, one value expected; which of several is best `caviar tune` finds out, "
        "where they stand in the space of a study file");
  }
  std::string widths;
  for (const Node& item : node.items()) {
    widths += (widths.empty() ? "" : "-") + std::to_string(item.integer());
  }
  return widths;
}

// As far as they are not a mere word, which is a hyperparameter.
void read_class_weights(const Node* node, TrainSpec& spec) {
  if (node == nullptr || !node->is_map()) return;
  for (const auto& [name, weight] : node->entries()) {
    if (!(weight.number() >= 0)) weight.fail(weight.describe() + " given, 0 or more expected");
    spec.class_weights[name] = weight.number();
  }
}

// As far as they are several: one is a hyperparameter.
void read_quantiles(const Node* node, TrainSpec& spec) {
  if (node == nullptr || !node->is_list()) return;
  for (const Node& item : node->items()) {
    const double quantile = item.number();
    if (!(quantile > 0 && quantile < 1)) {
      item.fail(item.describe() + " given; a number above 0 and below 1 was expected");
    }
    spec.quantiles.push_back(quantile);
  }
  std::ranges::sort(spec.quantiles);
  if (std::ranges::adjacent_find(spec.quantiles) != spec.quantiles.end()) {
    node->fail("one of them stands there twice; different numbers were expected");
  }
  if (spec.quantiles.size() < 2) {
    node->fail(
        "a list of fewer than two; at least two, or the number alone, "
        "was expected");
  }
}

// Nothing else learns several.
void check_quantiles(const Node* node, const TrainSpec& spec) {
  if (spec.quantiles.empty()) return;
  const Value* loss = spec.fixed.find("loss");
  if (loss == nullptr || *loss != Value("quantile")) {
    node->fail(
        "several quantiles are learnt by loss: quantile, which was "
        "expected beside them");
  }
  if (spec.task && *spec.task != Task::regression) {
    node->fail("quantiles are of numbers, not of a " + name_of(*spec.task));
  }
}

// augment: {shift: 2} is the hyperparameter image_shift: 2.
void read_augmentation(const Node* node, TrainSpec& spec) {
  if (node == nullptr) return;
  Fields fields(*node);
  for (const Hyperparameter& hyperparameter : hyperparameters()) {
    constexpr std::string_view prefix = "image_";
    if (!hyperparameter.name.starts_with(prefix)) continue;
    const Node* value = fields.find(hyperparameter.name.substr(prefix.size()));
    if (value == nullptr) continue;
    spec.fixed.set(hyperparameter.name,
                   checked(hyperparameter, parse_value(*value), value->where()));
  }
  fields.done();
}

}  // namespace

TrainSpec parse_train_spec(const Node& node) {
  Fields fields(node);
  check_names(node);
  TrainSpec spec;
  read_files(fields, spec);
  read_target_names(fields.find("target"), spec);
  if (const Node* task = fields.find("task")) spec.task = parse_task(task->text(), task->where());
  read_columns(fields, spec);
  spec.ignore = names_in(fields.find("ignore"));
  read_validation(fields.find("validation"), spec);
  const Node* test = fields.find("test");
  if (spec.outer > 0 && test != nullptr && test->number() != 0) {
    test->fail("with outer folds every row judges once; no test part was expected beside them");
  }
  read_early_stopping(fields.find("early_stopping"), spec);
  read_rates(fields, spec);
  if (const Node* seed = fields.find("seed")) {
    if (seed->integer() < 0) seed->fail(seed->describe() + " is no seed; 0 or more was expected");
    spec.seed = static_cast<std::uint64_t>(seed->integer());
  }
  read_class_weights(fields.find("class_weights"), spec);
  read_quantiles(fields.find("quantile"), spec);
  read_augmentation(fields.find("augment"), spec);
  for (const Hyperparameter& hyperparameter : hyperparameters()) {
    const Node* value = fields.find(hyperparameter.name);
    if (value == nullptr || value->is_map()) continue;
    if (hyperparameter.name == "quantile" && value->is_list()) continue;
    spec.fixed.set(
        hyperparameter.name,
        checked(hyperparameter, hyperparameter_in(hyperparameter, *value), value->where()));
  }
  check_quantiles(fields.find("quantile"), spec);
  fields.done();
  return spec;
}

}  // namespace caviar
