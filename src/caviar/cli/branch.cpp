// caviar branch: goes on from a snapshot of a run as another run, so that both can be compared.
#include <memory>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/run_choice.hpp"
#include "caviar/cli/train_run.hpp"
#include "caviar/run/ask_run.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {
namespace {

struct BranchOptions {
  RunChoice choice;
  std::vector<std::string> words;
  std::optional<std::string> at, name;
  bool json = false;
};

// Where nobody says: now, or at the newest snapshot where it no longer runs.
std::string point_of(const RunFolder& parent, const BranchOptions& options) {
  if (options.at) return *options.at;
  if (is_running(parent.log())) {
    const Json taken = ask_run(parent, {.verb = "snapshot"}, interrupt_on_signals());
    return "snapshot:" + std::to_string(taken.at("number").get<int>());
  }
  const RunRecord record(parent.log());
  if (record.snapshots.empty()) return "start";
  return "snapshot:" + std::to_string(record.snapshots.back().number);
}

int run(const BranchOptions& options, const std::string& program) {
  if (!options.name) throw Error(Fault::input, "branch: give the new run a name: --name RUN");
  const RunFolder parent = options.choice.find();
  const Point changes = changes_in(options.words);
  const std::string to = point_of(parent, options);
  return train_branch(parent, {options.choice.folder(), *options.name, to, changes},
                      {program, options.json});
}

}  // namespace

Command branch_command() {
  return {"branch", "Goes on from a snapshot of a run as another run",
          R"(  caviar branch run1 --at epoch:12 --name run2 learning_rate=1e-4
  caviar branch run1 --name run2 dropout=0.3
  caviar branch study.yaml:12 --name best learning_rate=1e-4)",
          [](Arguments& arguments) {
            auto options = std::make_shared<BranchOptions>();
            options->choice.declare(arguments);
            arguments.words("SETTING", options->words, "NAME=VALUE: what is to change");
            arguments.option("--at", "POINT", options->at,
                             "epoch:N, snapshot:N or start; default: as it is now");
            arguments.option("--name", "RUN", options->name, "The new run");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            const std::string program = arguments.program();
            return [options, program] { return run(*options, program); };
          }};
}

}  // namespace caviar::cli
