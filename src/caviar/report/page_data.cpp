#include "caviar/report/page_data.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "caviar/analysis/importance.hpp"
#include "caviar/analysis/landscape.hpp"
#include "caviar/analysis/summary.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/report/columns.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/trial/repeats.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_curves = 300;
constexpr std::size_t fine_cells = 32, coarse_cells = 20;    // of a surface
constexpr std::size_t fine_parameters = 4, most_paired = 8;  // the first by importance

// JSON text that may stand inside a script element: nothing in it can close the element.
std::string embedded(const Json& data) {
  const std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string result;
  result.reserve(text.size() + text.size() / 50);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const std::string_view rest = std::string_view(text).substr(at, 3);
    if (c == '<')
      result += "\\u003c";
    else if (c == '>')
      result += "\\u003e";
    else if (c == '&')
      result += "\\u0026";
    else if (rest == "\u2028" || rest == "\u2029") {
      result += rest == "\u2028" ? "\\u2028" : "\\u2029";
      at += 2;
    } else
      result += c;
  }
  return result;
}

Json importance_json(const std::optional<Importance>& importance) {
  if (!importance) return nullptr;
  Json parameters = Json::array(), pairs = Json::array();
  for (const ParameterImportance& one : importance->parameters) {
    parameters.push_back({{"parameter", one.parameter},
                          {"share", short_number(one.share, 4)},
                          {"spread", short_number(one.spread, 4)}});
  }
  for (const auto& [first, second, share, spread] : importance->pairs) {
    pairs.push_back({{"x", first},
                     {"y", second},
                     {"share", short_number(share, 4)},
                     {"spread", short_number(spread, 4)}});
  }
  return {{"parameters", std::move(parameters)}, {"pairs", std::move(pairs)}};
}

Json numbers(const std::vector<double>& values, int digits) {
  Json list = Json::array();
  for (const double value : values) list.push_back(short_number(value, digits));
  return list;
}

Json slice_json(const Slice& slice) {
  return {{"parameter", slice.parameter},
          {"unit", numbers(slice.unit, 5)},
          {"value", numbers(slice.value, 5)},
          {"low", numbers(slice.low, 5)},
          {"high", numbers(slice.high, 5)}};
}

Json surface_json(const Surface& surface) {
  return {{"x", surface.x},
          {"y", surface.y},
          {"columns", surface.columns},
          {"rows", surface.rows},
          {"value", numbers(surface.value, 4)},
          {"deviation", numbers(surface.deviation, 3)}};
}

// A document as lines of a table: {train: {epochs: 60}} is train.epochs, 60.
void flatten(Json& lines, const std::string& key, const Json& value) {
  if (value.is_null()) return;
  if (!value.is_object()) {
    lines.push_back({key, value.is_string() ? value.get<std::string>() : value.dump()});
    return;
  }
  for (const auto& [name, inner] : value.items()) {
    std::string path = key;
    if (!path.empty()) path += '.';
    path += name;
    flatten(lines, path, inner);
  }
}

Json settings_json(const StudySpec& spec) {
  Json lines = Json::array();
  lines.push_back({"metric", spec.goal.metric});
  lines.push_back({"direction", direction_name(spec.goal.directions.front())});
  if (spec.goal.objectives() > 1) lines.push_back({"objectives", describe(spec.goal)});
  lines.push_back({"sampler", spec.search.sampler});
  lines.push_back({"seed", std::to_string(spec.search.seed)});
  flatten(lines, "search", spec.search.options.json());
  flatten(lines, "pruner", spec.pruner.json());
  flatten(lines, "", spec.objective.json());
  return lines;
}

// What both kinds of page begin with.
Json opening(const char* kind, const StudySpec& spec, const Space& space,
             const ReportOptions& options) {
  return {{"kind", kind},
          {"caviar", options.version},
          {"written", options.written_at},
          {"name", spec.name},
          {"metric", spec.goal.metric},
          {"maximize", spec.goal.directions.front() == Direction::maximize},
          {"parameters", parameters_json(space)},
          {"settings", settings_json(spec)}};
}

// A note may be anything that a program wrote; only an object is shown.
Json test_json(const History& history) {
  const auto note = history.notes().find("test");
  if (note == history.notes().end()) return nullptr;
  Json test = Json::parse(note->second, nullptr, false);
  return test.is_object() ? test : Json(nullptr);
}

Json best_json(const History& history) {
  const std::optional<Recommendation> best = recommendation(history);
  if (!best) return nullptr;
  Json point = Json::array();
  for (const auto& [name, value] : best->trial->point.entries()) {
    point.push_back({name, to_text(value)});
  }
  const Point before = values_before(history.space(), best->trial->point);
  for (const auto& [name, value] : before.entries()) {
    point.push_back({name, to_text(value)});
  }
  return {{"trial", best->trial->number},
          {"value", short_number(best->values.front(), 6)},
          {"runs", best->runs},
          {"point", std::move(point)}};
}

Json front_of(const History& history) {
  const Goal& goal = history.goal();
  if (goal.objectives() == 1) return nullptr;
  Json objectives = Json::array();
  for (std::size_t k = 0; k < goal.objectives(); ++k) {
    objectives.push_back({{"name", goal.name(k)},
                          {"maximize", goal.directions[k] == Direction::maximize},
                          {"value", objective_json(history, k)}});
  }
  return {{"objectives", std::move(objectives)}, {"trials", pareto_front(history)}};
}

Json bounds_of(const Goal& goal) {
  Json bounds = Json::array();
  for (const Bound& bound : goal.bounds) bounds.push_back(to_text(bound));
  return bounds;
}

// The parameters in the order in which they are worth looking at.
std::vector<std::size_t> ranking(const std::optional<Importance>& importance, const Space& space) {
  std::vector<std::size_t> order;
  if (importance) {
    for (const ParameterImportance& each : importance->parameters) order.push_back(each.parameter);
  } else {
    for (std::size_t index = 0; index < space.size(); ++index) order.push_back(index);
  }
  return order;
}

// Pairs of the most important parameters, finely, and those with the next ones coarsely.
Json surfaces_json(const Landscape& landscape, std::vector<std::size_t> order) {
  order.resize(std::min(order.size(), most_paired));
  Json surfaces = Json::array();
  for (std::size_t second = 1; second < order.size(); ++second) {
    for (std::size_t first = 0; first < second; ++first) {
      const std::size_t cells = second < fine_parameters ? fine_cells : coarse_cells;
      surfaces.push_back(surface_json(landscape.surface(order[first], order[second], cells)));
    }
  }
  return surfaces;
}

// Over the first two of these parameters; null where nothing can be learnt.
Json first_surface(const History& history, const std::vector<std::size_t>& order) {
  if (order.size() < 2) return nullptr;
  const std::optional<Landscape> landscape = Landscape::learn(history);
  if (!landscape) return nullptr;
  return surface_json(landscape->surface(order[0], order[1], fine_cells));
}

// All trials of all runs as one history: what they tell together.
History pooled(const StudySpec& spec, const std::vector<MethodRuns>& methods) {
  const History* first = nullptr;
  for (const MethodRuns& method : methods) {
    if (!first && !method.runs.empty()) first = &method.runs.front();
  }
  History all(first ? first->space() : spec.space, spec.goal);
  int number = 0;
  for (const MethodRuns& method : methods) {
    for (const History& run : method.runs) {
      for (const Trial& trial : run.trials()) {
        if (!trial.finished()) continue;
        all.apply(Asked{number, {trial.point, trial.by, {}}, "", std::nullopt, trial.asked_at});
        all.apply(Ended{number, trial.state, trial.values, {}, "", std::nullopt, trial.ended_at});
        ++number;
      }
    }
  }
  return all;
}

}  // namespace

std::string study_data(const StudySpec& spec, const History& history,
                       const ReportOptions& options) {
  const std::optional<Importance> shares = importance(history);
  const std::optional<Landscape> landscape = Landscape::learn(history);
  Json data = opening("study", spec, history.space(), options);
  data["importance"] = importance_json(shares);
  data["trials"] = trials_json(history);
  data["best"] = best_json(history);
  data["unfinished"] = unfinished_text(history, spent_by(spec));
  data["front"] = front_of(history);
  data["bounds"] = bounds_of(spec.goal);
  data["test"] = test_json(history);
  data["curves"] = curves_json(history, most_curves);
  data["curves_in_all"] = curves_in_all(history);
  data["boxes"] = boxes_json(history);
  data["slices"] = Json::array();
  data["surfaces"] = Json::array();
  if (landscape) {
    for (std::size_t index = 0; index < history.space().size(); ++index) {
      data["slices"].push_back(slice_json(landscape->slice(index)));
    }
    data["surfaces"] = surfaces_json(*landscape, ranking(shares, history.space()));
  }
  data["spec"] = Json::parse(spec_to_json(spec));
  return embedded(data);
}

std::string compare_data(const StudySpec& spec, const std::vector<MethodRuns>& methods,
                         const ReportOptions& options) {
  const History all = pooled(spec, methods);
  const std::optional<Importance> shares = importance(all);
  Json data = opening("compare", spec, all.space(), options);
  data["importance"] = importance_json(shares);
  const std::vector<std::size_t> order = ranking(shares, all.space());
  Json samplers = Json::array();
  std::vector<std::string> names;
  for (const MethodRuns& method : methods) {
    names.push_back(method.sampler);
    Json repeats = Json::array();
    for (const History& run : method.runs) {
      repeats.push_back({{"trials", trials_json(run)},
                         {"boxes", boxes_json(run)},
                         {"surface", first_surface(run, order)}});
    }
    samplers.push_back({{"name", method.sampler}, {"repeats", std::move(repeats)}});
  }
  data["samplers"] = std::move(samplers);
  data["settings"] = Json::array();
  data["settings"].push_back({"metric", spec.goal.metric});
  data["settings"].push_back({"samplers", join(names, ", ")});
  flatten(data["settings"], "", spec.objective.json());
  data["axes"] = nullptr;
  if (order.size() >= 2) data["axes"] = {order[0], order[1]};
  data["surface"] = first_surface(all, order);
  return embedded(data);
}

}  // namespace caviar
