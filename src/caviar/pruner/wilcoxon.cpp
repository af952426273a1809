// For objectives that measure the same things in the same order, such as folds or repeats: step k
// is fold k. Stops a trial that is worse than the best one fold by fold, by the signed-rank test of
// Wilcoxon (1945), which a few unlucky folds do not mislead as they do a comparison of means.
#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "caviar/math/signed_rank.hpp"
#include "caviar/pruner/entry.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

struct Wilcoxon {
  double p = 0.1;
  std::string reports = "means";
};

void fields(Wilcoxon& o, auto&& field) {
  field("p", o.p, "stops where chance alone would look this bad at most so often", 0, 1);
  field("reports", o.reports,
        "means: of all folds so far, as the trainer reports them; values: of each fold",
        {"means", "values"});
}

// Each fold's own loss by its step. From means m₁, m₂, … fold k is k·mₖ − (k − 1)·mₖ₋₁.
std::map<std::int64_t, double> losses_of(const Wilcoxon& o, const Goal& goal, const Trial& trial) {
  std::map<std::int64_t, double> losses;
  double sum = 0;
  for (const Report& report : trial.reports) {
    const double loss = loss_of(goal, report);
    const double total = static_cast<double>(losses.size() + 1) * loss;
    losses[report.step] = o.reports == "means" ? total - sum : loss;
    sum = total;
  }
  return losses;
}

Flow judge(const Wilcoxon& o, const History& history, const Trial& trial) {
  const Trial* best = history.best();
  if (best == nullptr) return Flow::go;
  const auto own = losses_of(o, history.goal(), trial);
  const auto others = losses_of(o, history.goal(), *best);
  std::vector<double> differences;
  double sum = 0;
  for (const auto& [step, loss] : own) {
    const auto other = others.find(step);
    if (other == others.end()) continue;
    const double difference = loss - other->second;
    if (std::isnan(difference)) continue;  // both were infinite
    differences.push_back(difference);
    sum += difference;
  }
  // Worse in most folds, but not in the mean, is what the study would call better.
  if (!(sum > 0)) return Flow::go;
  return signed_rank_p(differences) < o.p ? Flow::stop : Flow::go;
}

}  // namespace

PrunerEntry wilcoxon_pruner() {
  return pruner_entry<Wilcoxon>("wilcoxon",
                                "stops a trial that is worse than the best one fold by fold");
}

}  // namespace caviar
