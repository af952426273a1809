// The search methods there are, one line each.
#include <algorithm>

#include "caviar/base/error.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/first_lesson.hpp"
#include "caviar/sampler/reading.hpp"

namespace caviar {

// With what each makes of several objectives and of bounds: see reading.hpp.
#define CAVIAR_SAMPLERS(X) \
  X(auto, all)             \
  X(gp, bounded)           \
  X(tpe, order)            \
  X(forest, scalar)        \
  X(nsga2, all)            \
  X(cmaes, one)            \
  X(de, one)               \
  X(zoom, one)             \
  X(sobol, nothing)        \
  X(random, nothing)       \
  X(grid, nothing)         \
  X(manual, nothing)

#define X(name, reading) Entry name##_sampler();
CAVIAR_SAMPLERS(X)
#undef X

namespace {

// The entry with a sampler that is shown the history as it can read it.
Entry shown(Reading reading, Entry entry) {
  entry.info.several_objectives = reading != Reading::one;
  entry.make = [reading, make = entry.make](const SearchSpec& spec, const Space& space) {
    Sampler sampler = with_reading(reading, make(spec, space));
    // What lists its own configurations runs no others.
    const bool lists = spec.sampler == "grid" || spec.sampler == "manual";
    return lists ? sampler : with_lessons(std::move(sampler));
  };
  return entry;
}

const std::vector<Entry>& catalog() {
#define X(name, reading) shown(Reading::reading, name##_sampler()),
  static const std::vector<Entry> entries = {CAVIAR_SAMPLERS(X)};
#undef X
  return entries;
}

const Entry& entry(const std::string& name) {
  const auto found = std::ranges::find(catalog(), name, [](const Entry& e) { return e.info.name; });
  if (found != catalog().end()) return *found;
  std::vector<std::string> known;
  for (const Entry& e : catalog()) known.push_back(e.info.name);
  throw Error(Fault::input,
              "search.sampler: there is no sampler '" + name + "'" + suggestion(name, known));
}

}  // namespace

std::vector<SamplerInfo> list_samplers() {
  std::vector<SamplerInfo> infos;
  for (const Entry& e : catalog()) infos.push_back(e.info);
  return infos;
}

std::vector<std::string> samplers_for_several_objectives() {
  std::vector<std::string> names;
  for (const Entry& e : catalog()) {
    if (e.info.several_objectives) names.push_back(e.info.name);
  }
  return names;
}

Sampler make_sampler(const SearchSpec& spec, const Space& space) {
  return entry(spec.sampler).make(spec, space);
}

std::optional<std::uint64_t> planned_trials(const SearchSpec& spec, const Space& space) {
  return entry(spec.sampler).planned(spec, space);
}

}  // namespace caviar
