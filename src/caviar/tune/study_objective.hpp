// What a study file tunes, ready to run: the built-in trainer or a command.
#pragma once

#include <string>
#include <variant>

#include "caviar/objective/command_objective.hpp"
#include "caviar/objective/training_objective.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar {

class StudyObjective {
 public:
  // Reads the data where it trains. `folder`: where trials have theirs; "": where the file says.
  // Throws Error where the data cannot be used.
  explicit StudyObjective(const StudyFile& file, const std::string& folder = "");

  double operator()(ActiveTrial& trial) const;  // an Objective for any number of threads
  const TrainingObjective* training() const { return std::get_if<TrainingObjective>(&objective_); }

 private:
  std::variant<TrainingObjective, CommandObjective> objective_;
};

}  // namespace caviar
