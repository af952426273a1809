#include "caviar/trainer/cross_validation.hpp"

#include <cmath>
#include <utility>

namespace caviar {
namespace {

void summarize(FoldScores& scores) {
  scores.mean.clear();
  scores.deviation.clear();
  const auto count = static_cast<double>(scores.folds.size());
  for (const auto& [name, first] : scores.folds.front()) {
    double sum = 0, squares = 0;
    bool everywhere = true;
    for (const auto& fold : scores.folds) {
      const auto found = fold.find(name);
      everywhere = everywhere && found != fold.end();
      if (!everywhere) break;
      sum += found->second;
      squares += (found->second - first) * (found->second - first);
    }
    if (!everywhere) continue;
    const double mean = sum / count, off = mean - first;
    scores.mean[name] = mean;
    scores.deviation[name] = std::sqrt(std::max(0.0, squares / count - off * off));
  }
}

Control fold_control(const std::function<bool()>& interrupted, const TrainStart* start) {
  Control control;
  control.on_epoch = [&interrupted](const Epoch&) {
    return interrupted && interrupted() ? Flow::stop : Flow::go;
  };
  control.start = start;
  return control;
}

}  // namespace

void add_fold(FoldScores& scores, std::map<std::string, double> fold) {
  scores.folds.push_back(std::move(fold));
  summarize(scores);
}

FoldScores judge_outer(const TrainSpec& spec, const Settings& settings,
                       const std::function<Flow(const FoldScores&)>& on_fold,
                       const std::function<bool()>& interrupted, const FoldStart* from) {
  FoldScores scores;
  TrainSpec one = spec;
  for (one.outer_fold = 1; one.outer_fold <= spec.outer; ++one.outer_fold) {
    const PreparedData data = from == nullptr ? prepare(one) : prepare(one, from->known);
    const TrainResult result =
        train(data, one, settings, fold_control(interrupted, from ? &from->model : nullptr));
    if (result.diverged()) scores.why = result.why;
    if (result.diverged() || result.ending == FitEnding::stopped) return scores;
    add_fold(scores, named_scores(evaluate_test(data, result), "test_"));
    if (on_fold && on_fold(scores) == Flow::stop) return scores;
  }
  return scores;
}

FoldScores cross_validate(std::span<const PreparedData> folds, const TrainSpec& spec,
                          const Settings& settings,
                          const std::function<Flow(const FoldScores&)>& on_fold,
                          const std::function<bool()>& interrupted, const TrainStart* start) {
  FoldScores scores;
  for (const PreparedData& fold : folds) {
    const TrainResult result = train(fold, spec, settings, fold_control(interrupted, start));
    if (result.diverged()) {
      scores.why = result.why;
      return scores;
    }
    if (result.ending == FitEnding::stopped) return scores;
    add_fold(scores, metrics_of(result));
    if (on_fold && on_fold(scores) == Flow::stop) return scores;
  }
  return scores;
}

}  // namespace caviar
