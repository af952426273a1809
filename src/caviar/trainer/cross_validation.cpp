#include "caviar/trainer/cross_validation.hpp"

#include <cmath>

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

}  // namespace

FoldScores cross_validate(std::span<const PreparedData> folds, const TrainSpec& spec,
                          const Settings& settings,
                          const std::function<Flow(const FoldScores&)>& on_fold,
                          const std::function<bool()>& interrupted) {
  FoldScores scores;
  for (const PreparedData& fold : folds) {
    const TrainResult result = train(fold, spec, settings, [&](const Epoch&) {
      return interrupted && interrupted() ? Flow::stop : Flow::go;
    });
    if (result.diverged()) {
      scores.why = result.why;
      return scores;
    }
    if (result.ending == FitEnding::stopped) return scores;
    scores.folds.push_back(metrics_of(result));
    summarize(scores);
    if (on_fold && on_fold(scores) == Flow::stop) return scores;
  }
  return scores;
}

}  // namespace caviar
