// Which run a command is about, and what is to change in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/cli/arguments.hpp"
#include "caviar/run/run_folder.hpp"
#include "caviar/space/point.hpp"

namespace caviar::cli {

// A run, or a trial of the built-in trainer, which is asked to become one. Throws Error{missing}
// with the nearest name, Error{input} for a trial of another program.
RunFolder find_choice(const std::string& runs, const std::string& name);

struct RunChoice {
  std::string name;
  std::optional<std::string> runs;

  void declare(Arguments& arguments);
  std::string folder() const { return runs.value_or(usual_runs); }
  RunFolder find() const { return find_choice(folder(), name); }
};

void declare_runs(Arguments& arguments, std::optional<std::string>& runs);

// "learning_rate=3e-4", "patience=false": each named once. Throws Error{input}.
Point changes_in(const std::vector<std::string>& words);

}  // namespace caviar::cli
