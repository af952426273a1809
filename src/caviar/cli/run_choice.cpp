#include "caviar/cli/run_choice.hpp"

#include "caviar/base/error.hpp"
#include "caviar/base/node.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar::cli {

void declare_runs(Arguments& arguments, std::optional<std::string>& runs) {
  arguments.option("--runs", "DIR", runs, "The folder of all runs; default runs");
}

void RunChoice::declare(Arguments& arguments) {
  arguments.required("RUN", name, "The name of the run (caviar runs)");
  declare_runs(arguments, runs);
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
