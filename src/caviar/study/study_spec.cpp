#include "caviar/study/study_spec.hpp"

#include <algorithm>
#include <set>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/pruner/pruner.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

Direction direction_from(const Node& node) {
  for (const Direction direction : {Direction::minimize, Direction::maximize}) {
    if (node.text() == direction_name(direction)) return direction;
  }
  node.fail(node.describe() + " given, minimize or maximize wanted");
}

Goal goal_from(const Node& node) {
  Fields fields(node);
  Goal goal;
  goal.metric = fields.need("metric").text();
  goal.directions.clear();
  for (const Node& direction : fields.need("directions").items()) {
    goal.directions.push_back(direction_from(direction));
  }
  if (const Node* others = fields.find("others")) {
    for (const Node& other : others->items()) goal.others.push_back(other.text());
  }
  if (const Node* bounds = fields.find("bounds")) {
    for (const Node& bound : bounds->items()) {
      Fields of_bound(bound);
      goal.bounds.push_back({of_bound.need("metric").text(), of_bound.need("at_most").boolean(),
                             of_bound.need("limit").number()});
    }
  }
  fields.done();
  return goal;
}

// What a study of one objective without bounds never had is left out.
Json goal_json(const Goal& goal) {
  Json directions = Json::array(), bounds = Json::array();
  for (const Direction direction : goal.directions) {
    directions.push_back(direction_name(direction));
  }
  for (const Bound& bound : goal.bounds) {
    bounds.push_back(
        {{"metric", bound.metric}, {"at_most", bound.at_most}, {"limit", bound.limit}});
  }
  Json json = {{"metric", goal.metric}, {"directions", std::move(directions)}};
  if (!goal.others.empty()) json["others"] = goal.others;
  if (!bounds.empty()) json["bounds"] = std::move(bounds);
  return json;
}

void check_goal(const Goal& goal) {
  const std::string count = std::to_string(goal.objectives());
  if (goal.directions.empty()) throw Error(Fault::input, "objectives: none; one is needed");
  if (!goal.others.empty() && goal.others.size() + 1 != goal.objectives()) {
    throw Error(Fault::input, "objectives: " + std::to_string(goal.others.size() + 1) +
                                  " names given for " + count + " directions");
  }
  std::set<std::string> names;
  for (std::size_t k = 0; k < goal.objectives(); ++k) {
    if (names.insert(goal.name(k)).second) continue;
    throw Error(Fault::input, "objectives: '" + goal.name(k) + "' given twice");
  }
}

SearchSpec search_from(const Node& node) {
  Fields fields(node);
  SearchSpec search;
  search.sampler = fields.need("sampler").text();
  search.seed = static_cast<std::uint64_t>(fields.need("seed").integer());
  if (const Node* options = fields.find("options")) search.options = *options;
  if (const Node* budget = fields.find("budget")) search.budget = *budget;
  search.reevaluate = static_cast<int>(fields.integer("reevaluate", 1));
  fields.done();
  return search;
}

}  // namespace

void check_spec(const StudySpec& spec) {
  check_goal(spec.goal);
  make_search(spec.search, spec.space);
  make_pruner(spec.pruner);
  const std::size_t objectives = spec.goal.objectives();
  if (spec.search.reevaluate > 1 && !spec.search.budget.is_null()) {
    throw Error(Fault::input,
                "search.reevaluate: a budget has its own way of running configurations again; "
                "leave one of them out");
  }
  if (objectives == 1) return;
  if (spec.search.reevaluate > 1) {
    throw Error(Fault::input,
                "search.reevaluate: which configuration leads is told by one "
                "objective, but the study has " +
                    std::to_string(objectives) + "; leave reevaluate out");
  }
  const std::vector<std::string> able = samplers_for_several_objectives();
  if (std::ranges::find(able, spec.search.sampler) == able.end()) {
    throw Error(Fault::input, "search.sampler: '" + spec.search.sampler +
                                  "' takes one objective, but the study has " +
                                  std::to_string(objectives) + "; " + join(able, ", ") +
                                  " take several");
  }
  if (!spec.search.budget.is_null()) {
    throw Error(Fault::input,
                "search.budget: who gets more is told by one objective, but the study "
                "has " +
                    std::to_string(objectives) + "; leave budget out");
  }
}

std::string describe(const Goal& goal) {
  std::vector<std::string> parts, bounds;
  for (std::size_t k = 0; k < goal.objectives(); ++k) {
    parts.push_back(std::string(direction_name(goal.directions[k])) + " " + goal.name(k));
  }
  for (const Bound& bound : goal.bounds) bounds.push_back(to_text(bound));
  return join(parts, ", ") + (bounds.empty() ? "" : ", where " + join(bounds, ", "));
}

std::string spent_by(const StudySpec& spec) {
  const Node* of = spec.search.budget.is_map() ? spec.search.budget.find("of") : nullptr;
  return of == nullptr ? "epochs" : of->text();
}

std::string spec_to_json(const StudySpec& spec) {
  Json json = {
      {"name", spec.name},
      {"space", to_json(spec.space)},
      {"goal", goal_json(spec.goal)},
      // A seed of 64 bits fits JSON's integers as a signed one.
      {"search",
       {{"sampler", spec.search.sampler}, {"seed", static_cast<std::int64_t>(spec.search.seed)}}},
  };
  if (!spec.search.options.is_null()) json["search"]["options"] = spec.search.options.json();
  if (!spec.search.budget.is_null()) json["search"]["budget"] = spec.search.budget.json();
  if (spec.search.reevaluate > 1) json["search"]["reevaluate"] = spec.search.reevaluate;
  if (!spec.pruner.is_null()) json["pruner"] = spec.pruner.json();
  if (!spec.objective.is_null()) json["objective"] = spec.objective.json();
  return json.dump();
}

StudySpec spec_from_json(const std::string& text) try {
  const Node node = Node::parse_json(text, "the stored study");
  Fields fields(node);
  StudySpec spec;
  spec.name = fields.need("name").text();
  spec.space = space_from_json(fields.need("space"));
  spec.goal = goal_from(fields.need("goal"));
  spec.search = search_from(fields.need("search"));
  if (const Node* pruner = fields.find("pruner")) spec.pruner = *pruner;
  if (const Node* objective = fields.find("objective")) spec.objective = *objective;
  fields.done();
  return spec;
} catch (const Error& error) {
  throw Error(Fault::io, error.what());
}

}  // namespace caviar
