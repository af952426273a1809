#include "caviar/tune/compare.hpp"

#include <algorithm>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/sampler/method_text.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/study_objective.hpp"

namespace caviar {
namespace {

// The budget spent as a person would: more values for what matters more. Every parameter begins
// with one value; round after round, by tier, each gets one more where the grid still fits.
Node fitting_grid(const Space& space, std::uint64_t budget) {
  std::vector<const Parameter*> by_tier;
  for (const Parameter& parameter : space.parameters()) by_tier.push_back(&parameter);
  std::ranges::stable_sort(by_tier, {}, [](const Parameter* parameter) {
    return parameter->tier == 0 ? 5 : parameter->tier;
  });
  Json points = Json::object();
  for (const Parameter* parameter : by_tier) points[parameter->name] = 1;
  const auto options = [&] {
    return Node::parse_json(Json{{"points", points}}.dump(), "the grid");
  };
  const auto fits = [&] {
    return planned_trials({.sampler = "grid", .seed = 0, .options = options()}, space) <= budget;
  };
  bool grown = true;
  for (std::uint64_t count = 2; grown && count <= budget; ++count) {
    grown = false;
    for (const Parameter* parameter : by_tier) {
      if (cardinality(parameter->distribution).value_or(count) < count) continue;
      const Json before = points[parameter->name];
      points[parameter->name] = count;
      if (fits()) {
        grown = true;
      } else {
        points[parameter->name] = before;
      }
    }
  }
  return options();
}

History run_once(const StudyFile& file, const StudyObjective& objective, const SearchSpec& search,
                 const std::atomic<bool>* interrupt) {
  StudySpec spec = file.spec;
  spec.search = search;
  Study study(std::move(spec));
  learn_from(study, file.earlier);
  Limits limits = file.limits;
  limits.interrupt = interrupt;
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, limits);
  return study.history();
}

}  // namespace

SearchSpec search_for(const StudyFile& file, const std::string& method) {
  SearchSpec search = parse_method(method);
  search.seed = file.spec.search.seed;
  search.budget = file.spec.search.budget;
  search.reevaluate = file.spec.search.reevaluate;
  const bool without_options = search.sampler == method;
  if (without_options && method == file.spec.search.sampler) {
    search.options = file.spec.search.options;
  } else if (without_options && method == "grid") {
    const int budget = file.limits.trials.value_or(default_trials);
    search.options = fitting_grid(file.spec.space, static_cast<std::uint64_t>(budget));
  }
  make_sampler(search, file.spec.space);
  return search;
}

std::vector<MethodRuns> compare(const StudyFile& file, const CompareOptions& options) {
  if (file.spec.goal.objectives() > 1) {
    throw Error(Fault::input, file.path + ": compare ranks methods by one objective, not by " +
                                  describe(file.spec.goal));
  }
  std::vector<SearchSpec> searches;
  for (const std::string& method : options.samplers) {
    if (std::ranges::count(options.samplers, method) > 1) {
      throw Error(Fault::input, "'" + method + "' is to be compared with itself: name it once");
    }
    searches.push_back(search_for(file, method));
  }
  // One study after the other in the same folder: each begins its trials anew.
  const StudyObjective objective(file, file.folder + ".compare");
  std::vector<MethodRuns> methods;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    SearchSpec& search = searches[i];
    MethodRuns& method = methods.emplace_back(MethodRuns{options.samplers[i], {}});
    for (int repeat = 0; repeat < options.repeats; ++repeat, ++search.seed) {
      History run = run_once(file, objective, search, options.interrupt);
      if (options.interrupt != nullptr && *options.interrupt) {
        if (method.runs.empty()) methods.pop_back();
        return methods;
      }
      method.runs.push_back(std::move(run));
      if (options.on_study) options.on_study(method.sampler, repeat, method.runs.back());
    }
  }
  return methods;
}

}  // namespace caviar
