#include "caviar/tune/study_objective.hpp"

#include <utility>

#include "caviar/base/json.hpp"

namespace caviar {
namespace {

using Either = std::variant<TrainingObjective, CommandObjective>;

Either objective_of(const StudyFile& file, const std::string& folder) {
  const std::string& trials = folder.empty() ? file.folder : folder;
  if (!file.command) {
    return Either(std::in_place_index<0>, file.train, file.spec.goal.metric, trials,
                  file.nurse.is_null() ? "" : file.nurse.json().dump());
  }
  CommandSpec spec = *file.command;
  spec.folder = trials;
  return Either(std::in_place_index<1>, std::move(spec), file.spec, file.resources,
                file.limits.jobs);
}

}  // namespace

StudyObjective::StudyObjective(const StudyFile& file, const std::string& folder)
    : objective_(objective_of(file, folder)) {
  if (training() == nullptr) return;
  for (const std::string& metric : file.spec.goal.others) training()->check_measures(metric);
  for (const Bound& bound : file.spec.goal.bounds) training()->check_measures(bound.metric);
}

double StudyObjective::operator()(ActiveTrial& trial) const {
  return std::visit([&](const auto& objective) { return objective(trial); }, objective_);
}

}  // namespace caviar
