// caviar show: a stored study in a screenful.
#include <memory>
#include <string>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/summary.hpp"
#include "caviar/tune/terminal.hpp"
#include "caviar/tune/trial_text.hpp"

namespace caviar::cli {
namespace {

struct ShowOptions {
  StudyChoice choice;
  std::string trial;
  bool json = false;
};

bool is_number(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

int show_trial(const StoredStudy& stored, int number, bool json) {
  const auto count = stored.history.trials().size();
  if (static_cast<std::size_t>(number) >= count) {
    throw Error(Fault::missing, fmt::format("study '{}': there is no trial {}, it has {}",
                                            stored.spec.name, number, count));
  }
  if (json) {
    print_json(all_trials_json(stored.history)[static_cast<std::size_t>(number)]);
  } else {
    fmt::print("{}", trial_text(stored.history, number, terminal_of(stdout)));
  }
  return 0;
}

int run(ShowOptions& options) {
  const bool in_place = options.choice.storage && is_number(options.choice.file);
  if (!options.trial.empty() || in_place) {
    const int number = options.choice.take_trial(options.trial);
    return show_trial(read_study(options.choice.place()), number, options.json);
  }
  const StoredStudy stored = read_study(options.choice.place());
  if (options.json) {
    print_json(summary_json(stored.spec, stored.history));
  } else {
    fmt::print("{}", summary_text(stored.spec, stored.history, terminal_of(stdout)));
  }
  return 0;
}

}  // namespace

Command show_command() {
  return {"show", "What a study found so far, and what mattered; or all about one trial",
          R"(  caviar show digits.yaml
  caviar show digits.yaml 12                  what trial 12 ran with and came to, and why
  caviar show digits.db
  caviar show --storage sqlite:digits.db --study digits --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<ShowOptions>();
            options->choice.declare(arguments);
            arguments.positional("TRIAL", options->trial, "The number of a trial: that one alone");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
