// caviar trials: every trial of a study, as a table or as JSON.
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/progress.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

struct TrialsOptions {
  StudyChoice choice;
  bool json = false;
};

TextTable table_of(const History& history) {
  std::vector<std::string> headers = {">trial", "state", ">" + history.goal().metric};
  for (const Parameter& parameter : history.space().parameters()) {
    headers.push_back(">" + parameter.name);
  }
  headers.insert(headers.end(), {"by", "why"});
  TextTable table(headers);
  for (const Trial& trial : history.trials()) {
    std::vector<std::string> row = {
        std::to_string(trial.number), state_name(trial.state),
        trial.values.empty() ? "" : rounded_text(trial.values.front(), 5)};
    for (const Parameter& parameter : history.space().parameters()) {
      const Value* value = trial.point.find(parameter.name);
      row.push_back(value == nullptr ? "" : short_text(*value));
    }
    row.insert(row.end(), {trial.by, trial.why});
    table.add(std::move(row));
  }
  return table;
}

int run(const TrialsOptions& options) {
  const StoredStudy stored = read_study(options.choice.place());
  if (options.json) {
    Json trials = Json::array();
    for (const Trial& trial : stored.history.trials()) trials.push_back(trial_json(trial));
    print_json({{"study", stored.spec.name}, {"trials", std::move(trials)}});
  } else {
    fmt::print("{}", table_of(stored.history).text(terminal_of(stdout)));
  }
  return 0;
}

}  // namespace

Command trials_command() {
  return {"trials", "Every trial of a study as a table",
          R"(  caviar trials digits.yaml
  caviar trials --storage sqlite:digits.db --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<TrialsOptions>();
            options->choice.declare(arguments);
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
