#include "caviar/study/study_spec.hpp"

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

const char* name_of(Direction direction) {
  return direction == Direction::minimize ? "minimize" : "maximize";
}

Direction direction_from(const Node& node) {
  for (const Direction direction : {Direction::minimize, Direction::maximize}) {
    if (node.text() == name_of(direction)) return direction;
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
  fields.done();
  return goal;
}

SearchSpec search_from(const Node& node) {
  Fields fields(node);
  SearchSpec search;
  search.sampler = fields.need("sampler").text();
  search.seed = static_cast<std::uint64_t>(fields.need("seed").integer());
  if (const Node* options = fields.find("options")) search.options = *options;
  fields.done();
  return search;
}

}  // namespace

std::string spec_to_json(const StudySpec& spec) {
  Json directions = Json::array();
  for (const Direction direction : spec.goal.directions) directions.push_back(name_of(direction));
  Json json = {
      {"name", spec.name},
      {"space", to_json(spec.space)},
      {"goal", {{"metric", spec.goal.metric}, {"directions", directions}}},
      // A seed of 64 bits fits JSON's integers as a signed one.
      {"search",
       {{"sampler", spec.search.sampler}, {"seed", static_cast<std::int64_t>(spec.search.seed)}}},
  };
  if (!spec.search.options.is_null()) json["search"]["options"] = spec.search.options.json();
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
