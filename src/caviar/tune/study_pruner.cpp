#include "caviar/tune/study_pruner.hpp"

#include "caviar/base/error.hpp"
#include "caviar/objective/training_objective.hpp"
#include "caviar/pruner/pruner.hpp"

namespace caviar {
namespace {

// Why nothing is reported on the way; "": something is, or may be.
std::string why_silent(const StudyFile& file) {
  if (file.command) {
    const Results results = file.command->results;
    if (results == Results::exit) return "results: exit says one value, at the end";
    if (results == Results::file) return "results: file is read at the end";
    return "";
  }
  if (file.train.folds > 0 || is_known_by_epoch(file.spec.goal.metric)) return "";
  return "the metric " + file.spec.goal.metric + " is known at the end only";
}

}  // namespace

void check_pruner(const StudyFile& file) {
  if (!prunes(file.spec.pruner)) return;
  const std::string why = why_silent(file);
  if (why.empty()) return;
  throw Error(Fault::input, file.path +
                                ": pruner: it judges what trials report on their way, but " + why +
                                "; leave the pruner out, or report (results: words, json or "
                                "wire, with a step)");
}

}  // namespace caviar
