// Family training: settings of caviar's own networks on the bundled data, trained when they are
// asked for, in milliseconds. The seed of a training is fixed, so that a configuration always loses
// the same; small validation parts and few epochs make the losses as rough as real ones are.
#include <limits>
#include <memory>
#include <utility>

#include "caviar/base/node.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/train.hpp"

#include "suite.hpp"
#include "training_tasks.hpp"

namespace caviar::quality {
namespace {

// Shared by all copies of the problem's function.
struct Trained {
  TrainSpec spec;
  PreparedData data;
  std::string metric;

  double loss(const Point& point) const {
    const TrainResult result = train(data, spec, settings(spec, point));
    if (result.diverged()) return std::numeric_limits<double>::quiet_NaN();
    const auto metrics = metrics_of(result);
    const auto found = metrics.find(metric);
    return found == metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
  }
};

Problem from_task(const TrainingTask& task) {
  const std::string where = std::string("training/") + task.name;
  TrainSpec spec = parse_train_spec(Node::parse_yaml(task.spec, where));
  spec.data = std::string(CAVIAR_QUALITY_DATA) + "/" + spec.data;
  spec.patience = std::nullopt;
  PreparedData data = prepare(spec);
  const auto trained =
      std::make_shared<const Trained>(Trained{std::move(spec), std::move(data), task.metric});
  return {.name = where,
          .family = "training",
          .space = parse_space(Node::parse_yaml(task.space, where)),
          .best = task.best,
          .loss = [trained](const Point& point) { return trained->loss(point); },
          .held_out = task.held_out};
}

}  // namespace

std::vector<Problem> training_problems() {
  std::vector<Problem> problems;
  for (const TrainingTask& task : training_tasks()) problems.push_back(from_task(task));
  return problems;
}

}  // namespace caviar::quality
