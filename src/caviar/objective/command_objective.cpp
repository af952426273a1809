#include "caviar/objective/command_objective.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/base/text.hpp"
#include "caviar/objective/command_run.hpp"
#include "caviar/objective/placeholders.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

std::vector<std::string> args_of(const Point& point) {
  std::vector<std::string> args;
  for (const auto& [name, value] : point.entries()) {
    args.push_back("--" + name + "=" + to_text(value));
  }
  return args;
}

// A name that may stand in an environment.
std::string variable(const std::string& name) {
  std::string text = "CAVIAR_PARAMETER_" + name;
  std::ranges::replace_if(
      text, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; }, '_');
  return text;
}

}  // namespace

CommandObjective::CommandObjective(CommandSpec spec, const StudySpec& study, Resources resources,
                                   int jobs)
    : spec_(std::move(spec)),
      study_(study.name),
      space_(study.space),
      goal_(study.goal),
      seed_(study.search.seed),
      resources_(std::move(resources)),
      jobs_(jobs) {
  if (spec_.memory == 0) spec_.memory = resources_.memory / static_cast<std::uint64_t>(jobs_);
}

// A trial that repeats an interrupted one has that one's seed. It fits 31 bits: some programs take
// no more.
std::int64_t CommandObjective::seed_of(const ActiveTrial& trial) const {
  const auto first = trial.note().find(first_trial_note);
  const double number = first == trial.note().end() ? trial.number() : first->second;
  return static_cast<std::int64_t>(Rng(~seed_, static_cast<std::uint64_t>(number)).next() >> 33U);
}

std::optional<double> CommandObjective::budget_of(const ActiveTrial& trial) const {
  const auto named = trial.note().find(budget_note);
  return named == trial.note().end() ? spec_.budget : named->second;
}

Command CommandObjective::command_for(const ActiveTrial& trial, const TrialFolder& folder,
                                      std::string& result_file) const {
  const std::optional<double> budget = budget_of(trial);
  Placeholders values = {{"parameters_file", folder.parameters},
                         {"trial", std::to_string(trial.number())},
                         {"directory", folder.path},
                         {"seed", std::to_string(seed_of(trial))},
                         {"budget", budget ? std::optional(number_text(*budget)) : std::nullopt},
                         {"checkpoint", folder.checkpoint}};
  Command command;
  command.environment = {{"PYTHONUNBUFFERED", "1"}};  // epochs are to be seen as they end
  for (const auto& [name, value] : values) {
    std::string upper = "CAVIAR_" + name;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    if (value) command.environment[upper] = *value;
  }
  for (const auto& [name, value] : trial.point().entries()) {
    values[name] = to_text(value);
    command.environment[variable(name)] = to_text(value);
  }
  for (const Parameter& parameter : space_.parameters()) {
    values.try_emplace(parameter.name, std::nullopt);
  }
  result_file = filled(spec_.result_file, values).value_or(folder.result);
  command.directory = filled(spec_.directory, values).value_or(folder.path);
  if (!result_file.starts_with('/')) result_file = command.directory + "/" + result_file;
  command.environment["CAVIAR_STUDY"] = study_;
  command.environment["CAVIAR_METRIC"] = goal_.metric;
  command.environment["CAVIAR_PARAMETERS"] = to_json(trial.point()).dump();
  if (spec_.results == Results::file) command.environment["CAVIAR_RESULT_FILE"] = result_file;
  if (spec_.wire == WirePlace::descriptors) command.environment["CAVIAR_WIRE"] = "3,4";
  if (spec_.wire == WirePlace::standard) command.environment["CAVIAR_WIRE"] = "stdio";
  command.environment.merge(share_environment(resources_, jobs_, trial.slot()));
  for (const auto& [name, text] : spec_.environment) {
    if (const auto value = filled(text, values)) command.environment[name] = *value;
  }
  command.program = spec_.program;
  command.words = filled_words(spec_.words, values, args_of(trial.point()));
  command.memory = spec_.memory;
  command.wire = spec_.wire;
  return command;
}

double CommandObjective::operator()(ActiveTrial& trial) const {
  const TrialFolder folder = trial_folder(spec_.folder, trial.number());
  make_trial_folder(folder, trial.point());
  take_over_checkpoint(spec_.folder, trial.note(), folder);
  std::string result_file;
  const Command command = command_for(trial, folder, result_file);
  std::optional<WireStart> start;
  if (spec_.results == Results::wire) {
    start = {study_,         goal_.metric,   folder.path,      folder.checkpoint,
             trial.number(), seed_of(trial), budget_of(trial), trial.point()};
  }
  BoundedLog log(folder.log);
  Tally tally(goal_, spec_.best_counts);
  for (int run = 1;; ++run) {
    std::error_code ignored;
    std::filesystem::remove(result_file, ignored);
    CommandRun one(spec_, goal_.metric, result_file, trial, tally, log);
    const std::string why = one.run(command, start);
    if (why.empty()) return tally.value().value_or(0);  // nobody reads it where none was wanted
    if (run > spec_.retries || trial.should_prune()) throw std::runtime_error(why);
    tally.begin_again(trial);
    log.begin_again("\ncaviar: " + why + "; run again (" + std::to_string(run) + " of " +
                    std::to_string(spec_.retries) + ")\n");
  }
}

}  // namespace caviar
