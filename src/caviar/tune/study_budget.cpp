#include "caviar/tune/study_budget.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/trainer/changeable.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

// What a trial spends in so many promotions more.
double promoted(const Node& budget, int promotions) {
  const Node* factor = budget.find("factor");
  const double once = factor == nullptr ? Budget().factor : factor->number();
  return std::max(1.0, std::pow(once, promotions));  // a factor without sense is refused later
}

// Three promotions to the top; hyperband has a bracket for each, and loses by more
// (docs/pruners.md).
double usual_low(const Node& budget, int epochs) {
  const Node* method = budget.find("method");
  const bool brackets = method != nullptr && method->text() == "hyperband";
  return std::max(1.0, std::floor(epochs / promoted(budget, brackets ? 2 : 3)));
}

// What trainings on few rows lack of it: shares up to all of them.
Node of_rows(const Node& budget) {
  const auto between = [&](const char* key, double low) {
    const Node* node = budget.find(key);
    if (node == nullptr || (node->number() >= low && node->number() <= 1)) return;
    node->fail(node->describe() + " given; a share of the training rows, up to 1, was expected");
  };
  between("low", 1e-6);
  between("high", 1);
  const Node* method = budget.find("method");
  if (method != nullptr && method->text().starts_with("pb")) {
    method->fail(method->describe() +
                 " given; a population goes on with its weights, so epochs "
                 "are what it spends");
  }
  Json json = budget.json();
  json["high"] = 1;
  if (!json.contains("low")) json["low"] = 1 / promoted(budget, 2);
  return Node::parse_json(json.dump(), budget.where());
}

// What a training lacks of the description; places for errors are those of the file.
Node of_training(const Node& budget, const StudyFile& file) {
  const Node* of = budget.find("of");
  const std::string spent = of == nullptr ? "epochs" : of->text();
  if (spent != "epochs" && spent != "rows") {
    of->fail(of->describe() + " given; of a training epochs or rows are spent");
  }
  if (file.train.folds > 0) {
    budget.fail("a budget of " + spent +
                " needs one validation part; validation.folds has several");
  }
  if (spent == "rows") return of_rows(budget);
  if (file.spec.space.index("epochs")) {
    budget.fail("epochs are what is spent, so space.epochs cannot be searched as well");
  }
  const int epochs = settings(file.train).epochs;
  Json json = budget.json();
  if (const Node* high = budget.find("high"); high != nullptr && high->number() != epochs) {
    high->fail(high->describe() + " given, but objective.train.epochs is " +
               std::to_string(epochs) + "; leave it out");
  }
  if (const Node* low = budget.find("low");
      low != nullptr && low->number() != std::floor(low->number())) {
    low->fail(low->describe() + " given, a whole number of epochs expected");
  }
  json["high"] = epochs;
  const Node* method = budget.find("method");
  const bool population = method != nullptr && method->text().starts_with("pb");
  if (!json.contains("low") && !population) json["low"] = usual_low(budget, epochs);
  if (!json.contains("keep")) json["keep"] = Json::array();
  for (const Parameter& parameter : file.spec.space.parameters()) {
    if (why_unchangeable(parameter.name) != nullptr) json["keep"].push_back(parameter.name);
  }
  return Node::parse_json(json.dump(), budget.where());
}

// A member that takes over another's checkpoint would be that one's copy for good.
void check_some_change(const Node& budget, const Space& space) {
  const Budget read = parse_budget(budget);
  if (!read.method.starts_with("pb")) return;
  const bool fixed = std::ranges::all_of(space.parameters(), [&](const Parameter& parameter) {
    return std::ranges::find(read.keep, parameter.name) != read.keep.end();
  });
  if (fixed) {
    budget.fail(
        "a population changes parameters while it trains, and none of this space can be "
        "changed then; asha or hyperband can search it");
  }
}

void check_kept(const Node& budget, const Space& space) {
  const Node* keep = budget.find("keep");
  if (keep == nullptr) return;
  for (const Node& name : keep->items()) {
    if (!space.index(name.text())) name.fail("there is no parameter " + name.describe());
  }
}

}  // namespace

void read_budget(const Node& budget, StudyFile& file) {
  check_kept(budget, file.spec.space);
  file.spec.search.budget = file.command ? budget : of_training(budget, file);
  check_some_change(file.spec.search.budget, file.spec.space);
  const Budget read = parse_budget(file.spec.search.budget);
  // What a person enqueues has no budget of the search, and gets all of it.
  if (file.command && !file.command->budget) file.command->budget = read.high;
}

}  // namespace caviar
