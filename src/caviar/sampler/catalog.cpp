// The search methods there are, one line each.
#include <algorithm>

#include "caviar/base/error.hpp"
#include "caviar/sampler/entry.hpp"

namespace caviar {

#define CAVIAR_SAMPLERS(X) \
  X(auto)                  \
  X(gp)                    \
  X(tpe)                   \
  X(cmaes)                 \
  X(zoom)                  \
  X(sobol)                 \
  X(random)                \
  X(grid)                  \
  X(manual)

#define X(name) Entry name##_sampler();
CAVIAR_SAMPLERS(X)
#undef X

namespace {

const std::vector<Entry>& catalog() {
#define X(name) name##_sampler(),
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

Sampler make_sampler(const SearchSpec& spec, const Space& space) {
  return entry(spec.sampler).make(spec, space);
}

std::optional<std::uint64_t> planned_trials(const SearchSpec& spec, const Space& space) {
  return entry(spec.sampler).planned(spec, space);
}

}  // namespace caviar
