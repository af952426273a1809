// caviar show: a stored study in a screenful.
#include <memory>
#include <string>

#include <fmt/core.h>

#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/tune/summary.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

struct ShowOptions {
  StudyChoice choice;
  bool json = false;
};

int run(const ShowOptions& options) {
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
  return {"show", "What a study found so far, and what mattered",
          R"(  caviar show digits.yaml
  caviar show digits.db
  caviar show --storage sqlite:digits.db --study digits --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<ShowOptions>();
            options->choice.declare(arguments);
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
