#include "caviar/cli/run_choice.hpp"

#include <filesystem>

#include "caviar/base/error.hpp"
#include "caviar/base/node.hpp"
#include "caviar/cli/trial_choice.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {

void declare_runs(Arguments& arguments, std::optional<std::string>& runs) {
  arguments.option("--runs", "DIR", runs, "The folder of all runs; default runs");
}

void RunChoice::declare(Arguments& arguments) {
  arguments.required("RUN", name,
                     "The name of the run (caviar runs), or a trial of a study: study.yaml:12");
  declare_runs(arguments, runs);
}

RunFolder find_choice(const std::string& runs, const std::string& name) {
  if (const std::optional<TrialName> named = trial_named(name)) {
    const ChosenTrial trial(*named);
    if (trial.is_training()) return trial.run(interrupt_on_signals());
    throw Error(Fault::input, trial.word() +
                                  ": only the built-in trainer can do that: what another program "
                                  "holds in its memory, caviar can neither keep nor put back");
  }
  if (!std::filesystem::exists(runs + "/" + name) && std::filesystem::is_regular_file(name)) {
    throw Error(Fault::input, "'" + name +
                                  "' is a file; a trial of a study is named by its number, "
                                  "such as " +
                                  name + ":12 (`caviar trials " + name + "` lists them)");
  }
  return find_run(runs, name);
}

Point changes_in(const std::vector<std::string>& words) {
  Point changes;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
      throw Error(Fault::input, "'" + word + "' given, NAME=VALUE expected");
    }
    const std::string name = word.substr(0, equals);
    if (changes.find(name) != nullptr) throw Error(Fault::input, name + ": given twice");
    changes.set(name, parse_value(Node::parse_yaml(word.substr(equals + 1), name)));
  }
  return changes;
}

}  // namespace caviar::cli
