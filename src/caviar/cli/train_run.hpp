// A run, trained by this program and shown as it goes.
#pragma once

#include <optional>
#include <string>

#include "caviar/cli/arguments.hpp"
#include "caviar/run/nursed_training.hpp"

namespace caviar::cli {

// What makes a training a run, as words of `caviar train`.
struct RunOptions {
  std::optional<std::string> name, runs, replay;
  std::optional<int> every, most, mib;
  bool nurse = false;

  void declare(Arguments& arguments);
  bool wanted() const { return name || replay; }
  bool stray() const { return !wanted() && (runs || every || most || mib || nurse); }
};

struct RunOutput {
  std::string program;
  bool json = false;
};

// `study_file`: whose `nurse` holds; "": none. All return the exit code.
int train_named(const RunOptions& options, const TrainSpec& spec, const std::string& study_file,
                const RunOutput& output);
int train_replay(const RunOptions& options, const RunOutput& output);
int train_branch(const RunFolder& parent, const BranchStart& start, const RunOutput& output);
// Goes on with a run that has begun and that no program runs.
int train_on(const RunFolder& run, const RunOutput& output);

}  // namespace caviar::cli
