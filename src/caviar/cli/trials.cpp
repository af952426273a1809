// caviar trials: every trial of a study, as a table or as JSON.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/front.hpp"
#include "caviar/tune/progress.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

struct TrialsOptions {
  StudyChoice choice;
  bool json = false;
};

// How it came to its end, where that was not by itself: what was done to it, and why it failed.
std::string why_text(const Trial& trial) {
  std::vector<std::string> parts;
  if (const std::string changes = changes_text(trial); !changes.empty()) {
    parts.push_back("changed: " + changes);
  }
  const bool told_to_stop = std::ranges::any_of(trial.steering, [](const Steering& steering) {
    return steering.kind == Steering::Kind::stop;
  });
  if (told_to_stop && trial.finished()) parts.emplace_back("stopped by a person");
  if (!trial.why.empty()) parts.push_back(trial.why);
  return join(parts, "; ");
}

TextTable table_of(const History& history) {
  const Goal& goal = history.goal();
  std::vector<std::string> headers = {">trial", "state"};
  for (std::size_t k = 0; k < goal.objectives(); ++k) headers.push_back(">" + goal.name(k));
  if (has_standings(goal)) headers.emplace_back("standing");
  const bool budgets = has_budgets(history);
  if (budgets) headers.insert(headers.end(), {">budget", ">continues"});
  for (const Parameter& parameter : history.space().parameters()) {
    headers.push_back(">" + parameter.name);
  }
  headers.insert(headers.end(), {"by", "why", "reason"});
  TextTable table(headers);
  const std::vector<std::string> standing = standings(history);
  for (const Trial& trial : history.trials()) {
    std::vector<std::string> row = {
        std::to_string(trial.number),
        std::string(state_name(trial.state)) + (trial.outside ? ", outside" : "")};
    for (std::size_t k = 0; k < goal.objectives(); ++k) {
      row.push_back(k < trial.values.size() ? rounded_text(trial.values[k], 5) : "");
    }
    if (has_standings(goal)) row.push_back(standing[static_cast<std::size_t>(trial.number)]);
    if (budgets) {
      for (const char* key : {budget_note, continues_note}) {
        const std::optional<double> number = number_in(trial.note, key);
        row.push_back(number ? number_text(*number) : "");
      }
    }
    for (const Parameter& parameter : history.space().parameters()) {
      row.push_back(cell_text(parameter, trial.point));
    }
    row.insert(row.end(), {trial.by, why_text(trial), reason(trial)});
    table.add(std::move(row));
  }
  return table;
}

int run(const TrialsOptions& options) {
  const StoredStudy stored = read_study(options.choice.place());
  if (options.json) {
    print_json({{"study", stored.spec.name}, {"trials", all_trials_json(stored.history)}});
  } else {
    fmt::print("{}{}", table_of(stored.history).text(terminal_of(stdout)),
               cells_note(stored.history));
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
