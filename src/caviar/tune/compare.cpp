#include "caviar/tune/compare.hpp"

#include <algorithm>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/objective/training_objective.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/study/study.hpp"

namespace caviar {
namespace {

// {points: n} for the largest grid with at most `budget` configurations.
Node largest_grid(const StudyFile& file, std::uint64_t budget) {
  Node fitting;
  for (std::uint64_t points = 2; points <= budget; ++points) {
    const Node options =
        Node::parse_json("{\"points\": " + std::to_string(points) + "}", "the grid's options");
    const auto planned = planned_trials({.sampler = "grid", .options = options}, file.spec.space);
    if (!planned || *planned > budget) break;
    fitting = options;
  }
  if (fitting.is_null()) {
    throw Error(Fault::input, "--samplers: the smallest grid has more configurations than the " +
                                  std::to_string(budget) +
                                  " trials allowed; raise --trials or leave grid out");
  }
  return fitting;
}

History run_once(const StudyFile& file, const TrainingObjective& objective,
                 const SearchSpec& search, const std::atomic<bool>* interrupt) {
  StudySpec spec = file.spec;
  spec.search = search;
  Study study(std::move(spec));
  Limits limits = file.limits;
  limits.interrupt = interrupt;
  study.optimize([&](ActiveTrial& trial) { return objective(trial); }, limits);
  return study.history();
}

}  // namespace

SearchSpec search_for(const StudyFile& file, const std::string& sampler) {
  SearchSpec search{.sampler = sampler, .seed = file.spec.search.seed, .options = {}};
  if (sampler == file.spec.search.sampler) {
    search.options = file.spec.search.options;
  } else if (sampler == "grid") {
    search.options =
        largest_grid(file, static_cast<std::uint64_t>(file.limits.trials.value_or(default_trials)));
  }
  make_sampler(search, file.spec.space);
  return search;
}

std::vector<MethodRuns> compare(const StudyFile& file, const CompareOptions& options) {
  std::vector<SearchSpec> searches;
  for (const std::string& sampler : options.samplers) {
    searches.push_back(search_for(file, sampler));
  }
  const TrainingObjective objective(file.train, file.spec.goal.metric);
  std::vector<MethodRuns> methods;
  for (SearchSpec& search : searches) {
    MethodRuns& method = methods.emplace_back(MethodRuns{search.sampler, {}});
    for (int repeat = 0; repeat < options.repeats; ++repeat, ++search.seed) {
      method.runs.push_back(run_once(file, objective, search, options.interrupt));
      if (options.interrupt != nullptr && *options.interrupt) return methods;
      if (options.on_study) options.on_study(search.sampler, repeat, method.runs.back());
    }
  }
  return methods;
}

}  // namespace caviar
