#include "caviar/tune/run.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/base/words.hpp"
#include "caviar/model/saved_model.hpp"
#include "caviar/objective/checkpoints.hpp"
#include "caviar/objective/trial_course.hpp"
#include "caviar/objective/trial_training.hpp"
#include "caviar/process/strays.hpp"
#include "caviar/report/report.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/folder_owner.hpp"
#include "caviar/tune/progress.hpp"
#include "caviar/tune/study_objective.hpp"
#include "caviar/tune/summary.hpp"

namespace caviar {
namespace {

OptimizeResult optimize(Study& study, const StudyObjective& objective, const StudyFile& file,
                        const RunOptions& options) {
  Limits limits = file.limits;
  limits.interrupt = options.interrupt;
  CheckpointRules rules;
  rules.budgets = !file.spec.search.budget.is_null();
  rules.bytes = file.disk;
  Checkpoints checkpoints(file.folder, rules);
  const auto sweep = [&] {
    if (rules.budgets || rules.bytes) checkpoints.sweep(study);
  };
  const auto run = [&](ActiveTrial& trial) {
    sweep();
    return objective(trial);
  };
  OptimizeResult result;
  if (options.progress == nullptr) {
    result = study.optimize(run, limits);
  } else {
    Progress progress(study, limits, options.progress);
    result = study.optimize(run, limits, [&](const Event& event) { progress.see(event); });
    progress.finish();
  }
  sweep();  // what the last trials left
  return result;
}

// The trial that the stored test score is of; a better one found since needs its own.
std::optional<int> tested_trial(const History& history) {
  const auto found = history.notes().find(test_note);
  if (found == history.notes().end()) return std::nullopt;
  return Json::parse(found->second).at("trial").get<int>();
}

// Those that held at its end.
Point hyperparameters_of(const TrainingObjective& objective, const Trial& trial,
                         const StudyFile& file) {
  if (is_touched(trial) || is_nursed(trial)) {
    const RunRecord record(run_of_trial(file.folder, trial.number).log());
    return train_spec_in(record.train).fixed;
  }
  Point hyperparameters = objective.spec().fixed;
  for (const auto& [name, value] : trial.point.entries()) hyperparameters.set(name, value);
  return hyperparameters;
}

void keep_model(const TrainingObjective& objective, const TestScore& score, const Trial& best,
                const StudyFile& file, const std::string& version) {
  std::map<std::string, double> scores = metrics_of(score.result);
  scores.insert(score.metrics.begin(), score.metrics.end());
  save_model(file.model, {.network = score.result.network,
                          .model = score.result.model,
                          .preprocessor = objective.data().preprocessor,
                          .target = objective.data().target,
                          .hyperparameters = hyperparameters_of(objective, best, file),
                          .scores = scores,
                          .data = objective.spec().data,
                          .version = version});
}

// One that was steered or nursed is what its run became, not what its configuration would.
TestScore judge(const Study& study, const TrainingObjective& objective, const Trial& best,
                const StudyFile& file, const RunOptions& options) {
  if (is_touched(best) || is_nursed(best)) {
    return objective.test(run_of_trial(file.folder, best.number), options.interrupt);
  }
  return objective.test(course_of(objective.spec(), study.history(), best), options.interrupt);
}

// Trains the best configuration again: to judge it on the test part, and to save its model.
void finish_best(Study& study, const TrainingObjective& objective, const StudyFile& file,
                 const RunOptions& options) {
  const History history = study.history();
  const Trial* best = recommended(history);
  if (best == nullptr) return;
  const bool tested = tested_trial(history) == best->number;
  const bool kept =
      file.model.empty() || (tested && std::filesystem::exists(model_files(file.model).document));
  if (tested && kept) return;
  const TestScore score = judge(study, objective, *best, file, options);
  if (score.result.ending == FitEnding::stopped) return;  // no time for it
  if (!file.model.empty()) keep_model(objective, score, *best, file, options.version);
  if (score.metrics.empty()) return;  // no test part
  Json note = {{"trial", best->number}, {"rows", score.rows}};
  for (const auto& [name, value] : score.metrics) note[name] = json_number(value);
  study.note(test_note, note.dump());
}

// Once, and again where it has moved.
void note_folder(Study& study, const std::string& folder) {
  const std::string wanted = Json(folder).dump();
  const History history = study.history();
  const auto found = history.notes().find(folder_note);
  if (found == history.notes().end() || found->second != wanted) study.note(folder_note, wanted);
}

void say_what_is_new(const Study& study, const std::vector<std::string>& lessons,
                     std::FILE* progress) {
  if (progress == nullptr) return;
  for (const std::string& line : study.edits()) {
    const bool of_space = !line.starts_with("the command");
    fmt::print(progress, "{}{}\n", of_space ? "the space: " : "", line);
  }
  std::size_t outside = 0;
  study.inspect([&](const History& history) {
    outside = static_cast<std::size_t>(std::ranges::count(history.trials(), true, &Trial::outside));
  });
  if (!study.edits().empty() && outside > 0) {
    fmt::print(progress, "           {} earlier trial{} outside of it: kept, not learnt from\n",
               outside, outside == 1 ? " lies" : "s lie");
  }
  for (const std::string& line : lessons) fmt::print(progress, "{}\n", line);
}

}  // namespace

RunResult run_study(const StudyFile& file, const RunOptions& options) {
  check_budget(file);
  if (options.finish) check_writable(file.page);
  check_resources(file);
  if (file.command) kill_orphans();
  const StudyObjective objective(file);
  if (options.warn && objective.training() != nullptr) {
    options.warn(objective.training()->warnings());
  }
  if (!file.folder.empty()) claim_folder(file.folder, file.place, false);
  Study study(file.spec, open_storage(file.place.storage));
  const bool writes = file.command || !file.spec.search.budget.is_null() || !file.nurse.is_null();
  if (!file.folder.empty()) claim_folder(file.folder, file.place, writes);
  say_what_is_new(study, learn_from(study, file.earlier), options.progress);
  if (!file.folder.empty()) note_folder(study, file.folder);
  RunResult result;
  result.optimized = optimize(study, objective, file, options);
  const bool ended = result.optimized.ending != Ending::interrupted;
  if (options.finish && ended && objective.training() != nullptr) {
    finish_best(study, *objective.training(), file, options);
  }
  result.spec = study.spec();
  result.history = study.history();
  if (!options.finish) return result;
  write_file(file.page, report_html(result.spec, result.history, {unix_time(), options.version}));
  return result;
}

std::string ending_name(Ending ending) {
  switch (ending) {
    case Ending::trials:
      return "trials";
    case Ending::time:
      return "time";
    case Ending::target:
      return "target";
    case Ending::patience:
      return "patience";
    case Ending::gain:
      return "expected_gain";
    case Ending::exhausted:
      return "exhausted";
    case Ending::failing:
      return "max_failed";
    case Ending::interrupted:
      return "interrupted";
  }
  return "";
}

std::string ending_text(const RunResult& result, const StudyFile& file) {
  const auto done = static_cast<std::size_t>(trials_done(result.history));
  switch (result.optimized.ending) {
    case Ending::trials:
      return result.optimized.ran > 0
                 ? counted(done, "trial") + " done"
                 : fmt::format(
                       "{} done before: --trials {} goes on",
                       done == 1 ? "the only trial was" : "all " + counted(done, "trial") + " were",
                       2 * done);
    case Ending::time:
      return fmt::format("the time limit of {} is over", duration_text(*file.limits.time_s));
    case Ending::target:
      return fmt::format("the target of {} is reached", rounded_text(*file.limits.target));
    case Ending::patience:
      return fmt::format(
          "{} trials in a row brought no improvement{} (limits.patience)", *file.limits.patience,
          file.limits.improvement > 0 ? " of " + rounded_text(file.limits.improvement) : "");
    case Ending::gain:
      return fmt::format(
          "one more trial is expected to improve {} by {}, less than {} "
          "(limits.expected_gain)",
          file.spec.goal.metric, rounded_text(result.optimized.expected_gain.value_or(0)),
          rounded_text(*file.limits.expected_gain));
    case Ending::exhausted:
      return "every configuration of the search has been run";
    case Ending::failing:
      return fmt::format("stopped: {} failed one after the other (limits.max_failed)",
                         counted(static_cast<std::size_t>(*file.limits.max_failed), "trial"));
    case Ending::interrupted:
      return fmt::format("interrupted after {}; run it again to go on", counted(done, "trial"));
  }
  return "";
}

}  // namespace caviar
