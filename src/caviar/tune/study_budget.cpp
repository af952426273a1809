#include "caviar/tune/study_budget.hpp"

#include <cmath>
#include <string>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/trainer/changeable.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

// What a training lacks of the description; places for errors are those of the file.
Node of_training(const Node& budget, const StudyFile& file) {
  if (file.train.folds > 0) {
    budget.fail("a budget of epochs needs one validation part; validation.folds has several");
  }
  if (file.spec.space.index("epochs")) {
    budget.fail("epochs are what is spent, so space.epochs cannot be searched as well");
  }
  const int epochs = settings(file.train).epochs;
  Json json = budget.json();
  if (const Node* of = budget.find("of"); of != nullptr && of->text() != "epochs") {
    of->fail(of->describe() + " given; of a training epochs are spent");
  }
  if (const Node* high = budget.find("high"); high != nullptr && high->number() != epochs) {
    high->fail(high->describe() + " given, but objective.train.epochs is " +
               std::to_string(epochs) + "; leave it out");
  }
  if (const Node* low = budget.find("low");
      low != nullptr && low->number() != std::floor(low->number())) {
    low->fail(low->describe() + " given, a whole number of epochs expected");
  }
  json["high"] = epochs;
  if (!json.contains("keep")) json["keep"] = Json::array();
  for (const Parameter& parameter : file.spec.space.parameters()) {
    if (why_unchangeable(parameter.name) != nullptr) json["keep"].push_back(parameter.name);
  }
  return Node::parse_json(json.dump(), budget.where());
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
  const Budget read = parse_budget(file.spec.search.budget);
  // What a person enqueues has no budget of the search, and gets all of it.
  if (file.command && !file.command->budget) file.command->budget = read.high;
}

}  // namespace caviar
