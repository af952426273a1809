#include "caviar/objective/training_objective.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/objective/trial_course.hpp"
#include "caviar/objective/trial_training.hpp"
#include "caviar/trainer/cross_validation.hpp"
#include "caviar/trainer/data_warnings.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/share_of_rows.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar {
namespace {

// The metric after an epoch; nullopt for those that are known only at the end.
std::optional<double> epoch_value(const std::string& metric, const Epoch& epoch) {
  if (metric == "validation_loss") return epoch.validation_loss;
  if (metric == "training_loss") return epoch.training_loss;
  if (metric == "validation_accuracy") return epoch.validation_accuracy;
  if (metric == "validation_error") return 1 - epoch.validation_accuracy;
  if (metric == "parameters") return static_cast<double>(epoch.model->weights().size());
  if (!metric.starts_with("validation_")) return std::nullopt;
  const auto scores = named_scores(epoch.score(), "validation_");
  const auto found = scores.find(metric);
  return found == scores.end() ? std::nullopt : std::optional(found->second);
}

void check_measured(const std::string& metric, const TrainSpec& spec, const PreparedData& data) {
  const std::vector<std::string> known = metric_names(data.task);
  if (std::find(known.begin(), known.end(), metric) == known.end()) {
    throw Error(Fault::input, "metric: '" + metric + "' is not measured by a " +
                                  name_of(data.task) + " (" + spec.data + ": " +
                                  data.target.name() + "); " + join(known, ", ") + " are");
  }
  if (metric.starts_with("validation_") && data.validation.rows == 0) {
    throw Error(Fault::input, "metric: '" + metric +
                                  "' needs a validation part; raise objective.train.validation "
                                  "from 0");
  }
}

}  // namespace

bool is_known_by_epoch(const std::string& metric) {
  return metric == "training_loss" || metric.starts_with("validation_");
}

TrainingObjective::TrainingObjective(TrainSpec spec, const std::string& metric, std::string folder,
                                     std::string nurse)
    : spec_(std::move(spec)),
      metric_(metric),
      folder_(std::move(folder)),
      nurse_(std::move(nurse)),
      data_(prepare(spec_)),
      folds_(prepare_folds(spec_)) {
  check_measured(metric_, spec_, data_);
}

void TrainingObjective::check_measures(const std::string& metric) const {
  check_measured(metric, spec_, data_);
}

std::vector<std::string> TrainingObjective::warnings() const {
  return data_warnings(data_, folds_);
}

double TrainingObjective::operator()(ActiveTrial& trial) const {
  if (!folds_.empty()) return train_folds(trial);
  int reported = 0;  // epochs that were rolled back come again
  const Watcher on_epoch = [&](const Epoch& epoch) {
    for (const std::string& other : trial.goal().others) {
      if (const auto value = epoch_value(other, epoch)) trial.set_metric(other, *value);
    }
    const std::optional<double> value =
        epoch.epoch > reported ? epoch_value(metric_, epoch) : std::nullopt;
    if (value) trial.report(epoch.epoch, *value);
    reported = std::max(reported, epoch.epoch);
    return trial.should_prune() ? Flow::stop : Flow::go;
  };
  const std::optional<double> budget = number_in(trial.note(), budget_note);
  if (budget && spends_rows(trial.note())) {
    const PreparedData data = with_share_of_rows(data_, *budget, spec_.seed);
    return told(trial, train(data, spec_, settings(spec_, trial.point()), on_epoch));
  }
  return told(trial, train_trial(trial, on_epoch));
}

double TrainingObjective::told(ActiveTrial& trial, const TrainResult& result) const {
  const std::map<std::string, double> metrics = metrics_of(result);
  for (const auto& [name, value] : metrics) trial.set_metric(name, value);
  if (result.diverged()) throw std::runtime_error(result.why);
  const auto found = metrics.find(metric_);
  // Absent where the training was ended before its first epoch; nobody reads the value then.
  return found == metrics.end() ? unknown : found->second;
}

TrainResult TrainingObjective::train_trial(ActiveTrial& trial, const Watcher& on_epoch) const {
  const std::vector<Trial> ancestors = trial.ancestors();
  const Course course = course_of(spec_, ancestors, trial);
  std::optional<CourseState> at;
  if (!folder_.empty()) at = newest_checkpoint(folder_, course, ancestors);
  if ((at ? at->stage + 1 : 0) < ancestors.size()) {  // what is lost is trained again
    Course before = course;
    before.stages.pop_back();
    std::optional<CourseState> end;
    CourseResult result = train_course(
        data_, before,
        {.on_epoch = on_epoch, .start = std::move(at), .on_stage = [&](const CourseState& state) {
           end = state;
         }});
    if (!end || end->stage + 1 < ancestors.size()) return std::move(result.training);
    at = std::move(end);
  }
  TrialTraining training(data_, course, folder_, nurse_, trial, on_epoch);
  TrainResult result = training.run(at ? &at->state : nullptr);
  if (result.ending != FitEnding::stopped) trial.set_ended_by_itself();
  if (training.cut() && !folder_.empty()) {
    keep_checkpoint(folder_, trial.number(), course, {ancestors.size(), *training.cut()});
  }
  return result;
}

double TrainingObjective::train_folds(ActiveTrial& trial) const {
  const auto on_fold = [&](const FoldScores& scores) {
    const auto found = scores.mean.find(metric_);
    if (found != scores.mean.end()) {
      trial.report(static_cast<int>(scores.folds.size()), found->second);
    }
    return trial.should_prune() ? Flow::stop : Flow::go;
  };
  const FoldScores scores = cross_validate(folds_, spec_, settings(spec_, trial.point()), on_fold,
                                           [&] { return trial.should_prune(); });
  for (const auto& [name, value] : scores.mean) trial.set_metric(name, value);
  if (!scores.why.empty()) throw std::runtime_error(scores.why);
  const auto found = scores.mean.find(metric_);
  return found == scores.mean.end() ? unknown : found->second;
}

TestScore TrainingObjective::test(const Point& point, const std::atomic<bool>* interrupted) const {
  return test(Course{spec_, {{settings(spec_, point).epochs, point}}}, interrupted);
}

TestScore TrainingObjective::test(const RunFolder& run,
                                  const std::atomic<bool>* interrupted) const {
  const auto over = [interrupted] { return interrupted != nullptr && *interrupted; };
  NursedResult repeated = repeat(run, data_, over);
  TestScore score;
  score.rows = data_.test.rows;
  score.result = std::move(repeated.training);
  if (repeated.held) score.result.ending = FitEnding::stopped;
  if (!repeated.held) score.metrics = named_scores(evaluate_test(data_, score.result), "test_");
  return score;
}

TestScore TrainingObjective::test(const Course& course,
                                  const std::atomic<bool>* interrupted) const {
  CourseControl control;
  control.on_epoch = [&](const Epoch&) {
    return interrupted != nullptr && *interrupted ? Flow::stop : Flow::go;
  };
  TestScore score;
  score.rows = data_.test.rows;
  score.result = train_course(data_, course, control).training;
  if (score.result.ending == FitEnding::stopped) return score;
  score.metrics = named_scores(evaluate_test(data_, score.result), "test_");
  return score;
}

}  // namespace caviar
