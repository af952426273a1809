// caviar steer, pause, resume, snapshot, rollback, stop: what is asked of a run, and its answer;
// steer also speaks to the trials of a study.
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/run_choice.hpp"
#include "caviar/cli/steer_trial.hpp"
#include "caviar/cli/train_run.hpp"
#include "caviar/cli/trial_choice.hpp"
#include "caviar/run/ask_run.hpp"
#include "caviar/run/nursed_training.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {
namespace {

int ask(const RunChoice& choice, const RunRequest& request) {
  if (const auto trial = trial_named(choice.name)) return ask_trial(ChosenTrial(*trial), request);
  const RunFolder run = choice.find();
  const Json answer = ask_run(run, request, interrupt_on_signals());
  fmt::print("{}: {}\n", run.name(), answer.at("text").get<std::string>());
  return 0;
}

// Also from a run that is over, or that no program runs.
int remove(const RunChoice& choice, const std::string& point) {
  const RunFolder run = choice.find();
  const std::string said =
      is_running(run.log()) ? ask_run(run, {.verb = "remove", .to = point}, interrupt_on_signals())
                                  .at("text")
                                  .get<std::string>()
                            : remove_snapshot(run, point);
  fmt::print("{}: {}\n", run.name(), said);
  return 0;
}

// A command that needs no more than the name.
Command plain(const std::string& verb, const std::string& summary) {
  return {verb, summary, "  caviar " + verb + " run1\n  caviar " + verb + " study.yaml:12",
          [verb](Arguments& arguments) {
            auto choice = std::make_shared<RunChoice>();
            choice->declare(arguments);
            return [choice, verb] { return ask(*choice, {.verb = verb}); };
          }};
}

struct SteerOptions {
  RunChoice choice;
  std::vector<std::string> words;
  std::optional<std::string> at, cancel;
};

// "study.yaml 12 …" is "study.yaml:12 …".
void join_trial(SteerOptions& options) {
  auto& words = options.words;
  if (words.empty() || !parse_number(words.front())) return;
  options.choice.name += ":" + words.front();
  words.erase(words.begin());
}

int cancel(const SteerOptions& options) {
  if (!options.words.empty() || options.at) {
    throw Error(Fault::input, "--cancel: takes back what is planned, and changes nothing else");
  }
  RunRequest request{.verb = "cancel"};
  if (*options.cancel != "all") request.epoch = parse_epoch(*options.cancel, "--cancel");
  return ask(options.choice, request);
}

int run_steer(SteerOptions options) {
  join_trial(options);
  if (options.cancel) return cancel(options);
  const auto& words = options.words;
  const bool verb =
      words.size() == 1 && (words[0] == "stop" || words[0] == "pause" || words[0] == "resume");
  if (verb && trial_named(options.choice.name)) return ask(options.choice, {.verb = words[0]});
  RunRequest request{.verb = "steer", .changes = changes_in(words)};
  if (request.changes.empty()) {
    throw Error(Fault::input, "steer: say what is to change, such as learning_rate=3e-4");
  }
  if (options.at) request.epoch = parse_epoch(*options.at, "--at");
  if (request.epoch == 0) throw Error(Fault::input, "--at: epochs are counted from 1");
  return ask(options.choice, request);
}

int run_resume(const RunChoice& choice, const std::string& program) {
  if (trial_named(choice.name)) return ask(choice, {.verb = "resume"});
  const RunFolder run = choice.find();
  if (is_running(run.log())) return ask(choice, {.verb = "resume"});
  return train_on(run, {program});
}

}  // namespace

Command steer_command() {
  return {"steer", "Changes a training that runs: a run, or a trial of a study",
          R"(  caviar steer run1 learning_rate=3e-4 dropout=0.2
  caviar steer run1 learning_rate=1e-4 --at epoch:20
  caviar steer run1 --cancel epoch:20
  caviar steer run1 epochs=100 patience=false
  caviar steer study.yaml:12 learning_rate=3e-4)",
          [](Arguments& arguments) {
            auto options = std::make_shared<SteerOptions>();
            options->choice.declare(arguments);
            arguments.words("SETTING", options->words,
                            "NAME=VALUE: a hyperparameter, patience or min_delta; of a program on "
                            "the wire, a parameter of its study");
            arguments.option("--at", "epoch:N", options->at,
                             "From that epoch on; default: from the next iteration on");
            arguments.option("--cancel", "epoch:N", options->cancel,
                             "Take back what is planned for that epoch; all: for any");
            return [options] { return run_steer(*options); };
          }};
}

Command pause_command() { return plain("pause", "Lets a training wait"); }

Command resume_command() {
  return {"resume", "Goes on with a training that waits, or that no program runs any more",
          "  caviar resume run1\n  caviar resume study.yaml:12", [](Arguments& arguments) {
            auto choice = std::make_shared<RunChoice>();
            choice->declare(arguments);
            const std::string program = arguments.program();
            return [choice, program] { return run_resume(*choice, program); };
          }};
}

Command snapshot_command() {
  return {"snapshot", "Keeps a training as it is now, until you remove that snapshot",
          R"(  caviar snapshot run1
  caviar snapshot study.yaml:12
  caviar snapshot run1 --remove snapshot:3)",
          [](Arguments& arguments) {
            auto options = std::make_shared<SteerOptions>();
            options->choice.declare(arguments);
            arguments.option("--remove", "POINT", options->at,
                             "Remove that one instead: snapshot:N or epoch:N");
            return [options] {
              return options->at ? remove(options->choice, *options->at)
                                 : ask(options->choice, {.verb = "snapshot"});
            };
          }};
}

Command stop_command() { return plain("stop", "Ends a training, with its best weights so far"); }

Command rollback_command() {
  return {"rollback", "Goes back to a snapshot, with the settings of then or others",
          R"(  caviar rollback run1 --to epoch:12
  caviar rollback run1 --to snapshot:3 learning_rate=1e-4
  caviar rollback study.yaml:12 --to start)",
          [](Arguments& arguments) {
            auto options = std::make_shared<SteerOptions>();
            options->choice.declare(arguments);
            arguments.words("SETTING", options->words, "NAME=VALUE: what is to change, too");
            arguments.option("--to", "POINT", options->at, "epoch:N, snapshot:N or start");
            return [options] {
              if (!options->at) throw Error(Fault::input, "rollback: say where to: --to epoch:N");
              return ask(
                  options->choice,
                  {.verb = "rollback", .changes = changes_in(options->words), .to = *options->at});
            };
          }};
}

}  // namespace caviar::cli
