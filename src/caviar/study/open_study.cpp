#include "caviar/study/open_study.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/study/objective_edit.hpp"

namespace caviar {
namespace {

using Lines = std::vector<std::string>;

Lines goal_differences(const Goal& stored, const Goal& wanted) {
  if (stored == wanted) return {};
  return {describe(stored) + " is stored, now " + describe(wanted)};
}

void refuse(const std::string& name, const std::string& what, const Lines& lines) {
  if (lines.empty()) return;
  throw Error(Fault::conflict, "study '" + name + "' is stored already with another " + what +
                                   ": " + join(lines, "; ") +
                                   ". Continue it as it is stored, or give the new one another "
                                   "name or storage");
}

// A space that shares nothing with the stored one is a mistake rather than an edit.
bool is_edit(const Space& stored, const Space& wanted) {
  return stored.empty() || std::ranges::any_of(stored.parameters(), [&](const Parameter& old) {
           const auto index = wanted.index(old.name);
           return index && kind_name(wanted[*index].distribution) == kind_name(old.distribution);
         });
}

// Why a command may not be another one.
void refuse_objective(const StudySpec& stored, const StudySpec& wanted) {
  Lines lines = objective_differences(stored.objective, wanted.objective);
  if (std::ranges::any_of(lines, [](const auto& line) { return line.starts_with("/command"); })) {
    lines.back() +=
        "; a command may change together with the space, but only where it names, as {name}, a "
        "parameter that comes or goes";
  }
  refuse(wanted.name, "objective", lines);
}

// Whether the stored study can be continued as the wanted one, which is completed from it. Returns
// what changes in the objective.
Lines reconcile(const StudySpec& stored, StudySpec& wanted) {
  if (wanted.space.empty()) wanted.space = stored.space;
  if (wanted.objective.is_null()) wanted.objective = stored.objective;
  if (!is_edit(stored.space, wanted.space)) {
    refuse(wanted.name, "space", differences(stored.space, wanted.space));
  }
  refuse(wanted.name, "goal", goal_differences(stored.goal, wanted.goal));
  if (stored.objective.is_null() ||
      objective_text(stored.objective) == objective_text(wanted.objective)) {
    return {};
  }
  const auto changes = changes_with_space(stored, wanted);
  if (!changes) refuse_objective(stored, wanted);
  return *changes;
}

}  // namespace

OpenedStudy open_or_create(StudySpec& spec, Storage& storage) {
  if (spec.name.empty()) throw Error(Fault::input, "name: empty, a name for the study wanted");
  while (true) {
    if (const auto found = storage.find(spec.name)) {
      const StudySpec stored = spec_from_json(found->spec);
      const Lines changes = reconcile(stored, spec);
      OpenedStudy opened{found->id};
      if (!(stored.space == spec.space)) {
        // First the fact, then the spec: a crash in between has it said again.
        opened.edits = differences(stored.space, spec.space);
        opened.edits.insert(opened.edits.end(), changes.begin(), changes.end());
        Edited edit{spec.space, opened.edits, unix_time()};
        if (!changes.empty()) edit.objective = objective_text(spec.objective);
        const Event edited = std::move(edit);
        storage.append(found->id, {&edited, 1});
      }
      const std::string completed = spec_to_json(spec);
      if (completed != found->spec) storage.set_spec(found->id, completed);
      return opened;
    }
    try {
      return {storage.create(spec.name, spec_to_json(spec)).id};
    } catch (const Error& error) {
      if (error.fault() != Fault::conflict)
        throw;  // else another program was faster: open that one
    }
  }
}

StudyInfo find_study(const std::string& name, const Storage& storage) {
  if (!name.empty()) {
    if (auto found = storage.find(name)) return *std::move(found);
  }
  std::vector<StudyInfo> studies = storage.list();
  if (name.empty() && studies.size() == 1) return std::move(studies.front());
  if (studies.empty()) throw Error(Fault::missing, "there is no study in this storage");
  Lines names;
  for (const StudyInfo& info : studies) names.push_back(info.name);
  if (name.empty()) {
    throw Error(Fault::missing, "several studies are stored here, name one: " + join(names, ", "));
  }
  throw Error(Fault::missing,
              "study '" + name + "': there is none of that name" + suggestion(name, names));
}

}  // namespace caviar
