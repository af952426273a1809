// Any program as the objective of a study: each trial is a run of it, in a folder of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "caviar/objective/command_spec.hpp"
#include "caviar/objective/resources.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/study/study_spec.hpp"

namespace caviar {

class CommandObjective {
 public:
  // Of `study` it uses the name, the goal and the seed. `jobs`: how many trials run at once, which
  // share the resources.
  CommandObjective(CommandSpec spec, const StudySpec& study, Resources resources, int jobs);

  // Runs the program with the trial's configuration, and again where it fails and the spec allows
  // it. Reports what comes with a step; ends the program where the study wants that, where its time
  // is over, and where the run is interrupted. Safe for any thread. Throws std::runtime_error,
  // which fails this trial, with the reason.
  double operator()(ActiveTrial& trial) const;

 private:
  Command command_for(const ActiveTrial& trial, const TrialFolder& folder,
                      std::string& result_file) const;
  std::int64_t seed_of(const ActiveTrial& trial) const;
  std::optional<double> budget_of(const ActiveTrial& trial) const;

  CommandSpec spec_;
  std::string study_;
  Space space_;
  Goal goal_;
  std::uint64_t seed_;
  Resources resources_;
  int jobs_;
};

}  // namespace caviar
