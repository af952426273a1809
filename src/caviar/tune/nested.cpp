#include "caviar/tune/nested.hpp"

#include <optional>

#include "caviar/objective/training_objective.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trial/repeats.hpp"

namespace caviar {

FoldScores judge_search(const StudyFile& file, const RunOptions& options,
                        const std::function<void(const FoldScores&)>& on_fold) {
  FoldScores scores;
  Limits limits = file.limits;
  limits.interrupt = options.interrupt;
  TrainSpec spec = file.train;
  for (spec.outer_fold = 1; spec.outer_fold <= file.train.outer; ++spec.outer_fold) {
    const TrainingObjective objective(spec, file.spec.goal.metric);
    Study study(file.spec, open_storage("memory:"));
    const OptimizeResult result =
        study.optimize([&](ActiveTrial& trial) { return objective(trial); }, limits);
    const History history = study.history();
    const Trial* best = recommended(history);
    if (result.ending == Ending::interrupted || best == nullptr) return scores;
    const TestScore score = objective.test(best->point, options.interrupt);
    if (score.result.ending == FitEnding::stopped) return scores;
    add_fold(scores, score.metrics);
    on_fold(scores);
  }
  return scores;
}

}  // namespace caviar
