// The pruners there are, one line each.
#include <algorithm>

#include "caviar/base/text.hpp"
#include "caviar/pruner/entry.hpp"

namespace caviar {

#define CAVIAR_PRUNERS(X) \
  X(none)                 \
  X(median)               \
  X(percentile)           \
  X(successive_halving)   \
  X(hyperband)            \
  X(learning_curve)       \
  X(leaders)              \
  X(wilcoxon)             \
  X(threshold)            \
  X(patient)

#define X(name) PrunerEntry name##_pruner();
CAVIAR_PRUNERS(X)
#undef X

namespace {

const std::vector<PrunerEntry>& catalog() {
#define X(name) name##_pruner(),
  static const std::vector<PrunerEntry> entries = {CAVIAR_PRUNERS(X)};
#undef X
  return entries;
}

const PrunerEntry& entry(const Node& name) {
  std::vector<std::string> known;
  for (const PrunerEntry& entry : catalog()) {
    if (entry.info.name == name.text()) return entry;
    known.push_back(entry.info.name);
  }
  name.fail("there is no pruner " + name.describe() + suggestion(name.text(), known));
}

}  // namespace

std::vector<PrunerInfo> list_pruners() {
  std::vector<PrunerInfo> infos;
  for (const PrunerEntry& entry : catalog()) infos.push_back(entry.info);
  return infos;
}

Pruner make_pruner(const Node& spec) {
  if (spec.is_null()) return catalog().front().make(spec);
  if (!spec.is_map()) return entry(spec).make(spec);
  Fields fields(spec);
  return entry(fields.need("pruner")).make(spec);
}

bool prunes(const Node& spec) {
  const Node* name = spec.is_map() ? spec.find("pruner") : &spec;
  return name != nullptr && name->is_text() && name->text() != catalog().front().info.name;
}

}  // namespace caviar
