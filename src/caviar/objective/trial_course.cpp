#include "caviar/objective/trial_course.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/model/checkpoint.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

std::string training_file(const std::string& folder, int trial) {
  return trial_folder(folder, trial).checkpoint + "/training.checkpoint";
}

// Whatever the order of their keys: a file has another one than a study.
bool same(const TrainSpec& a, const TrainSpec& b) {
  return nlohmann::json(to_json(a)) == nlohmann::json(to_json(b));
}

Stage stage_of(const TrainSpec& spec, const Point& point, const Note& note) {
  const int all = settings(spec, point).epochs;
  const std::optional<double> budget = number_in(note, budget_note);
  return {budget ? std::min(all, static_cast<int>(*budget)) : all, point};
}

}  // namespace

bool spends_rows(const Note& note) { return number_in(note, full_budget_note) == 1; }

TrainSpec spec_at(const Course& course, std::size_t stage) {
  TrainSpec spec = course.spec;
  for (const auto& [name, value] : course.stages[stage].point.entries())
    spec.fixed.set(name, value);
  return spec;
}

Course course_of(const TrainSpec& spec, std::span<const Trial> ancestors,
                 const ActiveTrial& trial) {
  Course course{spec, {}};
  for (const Trial& one : ancestors) course.stages.push_back(stage_of(spec, one.point, one.note));
  course.stages.push_back(stage_of(spec, trial.point(), trial.note()));
  return course;
}

Course course_of(const TrainSpec& spec, const History& history, const Trial& trial) {
  if (spends_rows(trial.note)) return {spec, {{settings(spec, trial.point).epochs, trial.point}}};
  Course course{spec, {}};
  for (const Trial* one : history.line_of(trial)) {
    course.stages.push_back(stage_of(spec, one->point, one->note));
  }
  return course;
}

std::optional<CourseState> newest_checkpoint(const std::string& folder, const Course& course,
                                             std::span<const Trial> ancestors) {
  for (std::size_t stage = ancestors.size(); stage-- > 0;) {
    try {
      Checkpoint kept = load_checkpoint(training_file(folder, ancestors[stage].number));
      const bool at_its_end = kept.state.epoch == course.stages[stage].until + 1;
      if (at_its_end && same(kept.spec, spec_at(course, stage)))
        return CourseState{stage, std::move(kept.state)};
    } catch (const Error&) {
      continue;  // removed or damaged: the one before it
    }
  }
  return std::nullopt;
}

void keep_checkpoint(const std::string& folder, int trial, const Course& course,
                     const CourseState& at) {
  const std::string path = training_file(folder, trial);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  Checkpoint checkpoint;
  checkpoint.spec = spec_at(course, at.stage);
  checkpoint.state = at.state;
  save_checkpoint(path, checkpoint);
}

}  // namespace caviar
