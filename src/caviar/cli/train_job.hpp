// What `caviar train` is asked for, and what there is to do, with all that was said put together.
#pragma once

#include <optional>
#include <string>

#include "caviar/cli/train_choice.hpp"
#include "caviar/cli/train_run.hpp"
#include "caviar/model/checkpoint.hpp"
#include "caviar/model/saved_model.hpp"
#include "caviar/trainer/course.hpp"

namespace caviar::cli {

struct TrainOptions {
  TrainChoice choice;
  std::optional<std::string> save, from, resume, checkpoint, report, schedule;
  std::optional<int> checkpoint_every, freeze;
  std::optional<double> layer_rate;
  bool json = false;
  RunOptions run;
};

struct Job {
  TrainSpec spec;
  std::optional<SavedModel> from;  // which it begins with
  std::optional<HeldStart> start;  // and how
  std::optional<Checkpoint> held;
  std::optional<Course> course;
  std::string save, checkpoint, report;  // "": none
  int checkpoint_every = 0;              // epochs; 0: only where it is interrupted
};

// Throws Error{input} where options do not go together.
Job job_of(const TrainOptions& options);

}  // namespace caviar::cli
