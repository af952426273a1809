// A training whose hyperparameters change at epochs that are known before: what population based
// training finds, and what a trial in parts is.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "caviar/trainer/train.hpp"

namespace caviar {

struct Stage {
  int until = 0;  // the last epoch that runs so; epochs count from the course's beginning
  Point point;    // hyperparameters, on top of what the spec fixes
};

struct Course {
  TrainSpec spec;
  std::vector<Stage> stages;  // `until` grows from each to the next
};

// Where a course can be taken up: at the end of stage number `stage` (from 0).
struct CourseState {
  std::size_t stage = 0;
  TrainingState<float> state;
};

struct CourseControl {
  Watcher on_epoch = {};
  std::optional<CourseState> start = {};  // none: from the beginning
  // Called at the end of each stage from which the training could go on.
  std::function<void(const CourseState&)> on_stage = {};
};

struct CourseResult {
  TrainResult training;          // of the last stage: the best epoch of all of them
  bool ended_by_itself = false;  // by patience, or after all epochs that the settings allow
};

// From the start to the end of the last stage, which is the same to the bit whether it is run at
// once or in parts. All stages must describe the same network and optimizer.
CourseResult train_course(const PreparedData& data, const Course& course,
                          const CourseControl& control);

// As a document: {"train": {…}, "stages": [{"until": 5, "learning_rate": 0.1}, …]}.
std::string course_to_json(const Course& course);
// Throws Error{input} with the place of what is wrong.
Course course_from(const Node& node);

}  // namespace caviar
