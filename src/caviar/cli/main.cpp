// The program `caviar`: picks the command, runs it, and turns an Error into one line and a code.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"

namespace caviar::cli {
namespace {

constexpr int exit_input = 2;      // something outside the program is not as it must be
constexpr int exit_internal = 70;  // a defect of caviar (EX_SOFTWARE)

std::vector<Command> commands() {
  return {tune_command(),     train_command(),    predict_command(),  export_model_command(),
          diagnose_command(), lr_range_command(), show_command(),     trials_command(),
          logs_command(),     work_command(),     best_command(),     importances_command(),
          export_command(),   enqueue_command(),  check_command(),    list_command(),
          report_command(),   compare_command(),  ask_tell_command(), runs_command(),
          watch_command(),    history_command(),  steer_command(),    pause_command(),
          resume_command(),   snapshot_command(), rollback_command(), branch_command(),
          stop_command()};
}

void print_overview() {
  fmt::print("caviar {}: tunes hyperparameters\n\nUsage: caviar COMMAND …\n\nCommands:\n",
             CAVIAR_VERSION);
  for (const Command& command : commands())
    fmt::print("  {:13} {}\n", command.name, command.summary);
  fmt::print(
      "\nStart with `caviar check FILE`, then `caviar tune FILE`;"
      " `caviar COMMAND --help` has examples.\n");
}

Command find_command(const std::string& name) {
  std::vector<std::string> known;
  for (Command& command : commands()) {
    if (command.name == name) return std::move(command);
    known.push_back(command.name);
  }
  throw Error(Fault::input, "unknown command '" + name + "'" + suggestion(name, known));
}

int run(const std::string& program, const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_overview();
    return 0;
  }
  if (words[0] == "--version") {
    fmt::print("caviar {}\n", CAVIAR_VERSION);
    return 0;
  }
  const Command command = find_command(words[0]);
  Arguments arguments(program, command.name, command.summary, command.examples);
  const auto act = command.declare(arguments);
  if (!arguments.parse({words.begin() + 1, words.end()})) {
    fmt::print("{}", arguments.help());
    return 0;
  }
  return act();
}

// What was printed may still lie in the buffer: a full disk behind a pipe shows only here.
void flush_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    throw Error(Fault::io, "standard output: writing failed (is the disk full?)");
  }
}

// Errors are one line, whatever they quote.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  // Nothing that a file holds may steer the terminal.
  const auto steers = [](unsigned char c) { return c < ' ' || c == 0x7f; };
  std::replace_if(text.begin(), text.end(), steers, '?');
  return text;
}

int guarded(const std::string& program, const std::vector<std::string>& words) {
  try {
    const int code = run(program, words);
    flush_output();
    return code;
  } catch (const Error& error) {
    fmt::print(stderr, "caviar: error: {}\n", one_line(error.what()));
    return error.fault() == Fault::internal ? exit_internal : exit_input;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr,
               "caviar: error: memory is not enough; `caviar train cache=FILE` keeps the prepared "
               "rows in a file\n");
    return exit_input;
  } catch (const std::exception& error) {
    fmt::print(stderr, "caviar: error: {} (this is a defect of caviar)\n", one_line(error.what()));
    return exit_internal;
  }
}

}  // namespace
}  // namespace caviar::cli

int main(int count, char** words) {
  const std::vector<std::string> all(words, words + count);
  if (all.empty()) return caviar::cli::guarded("caviar", {});
  return caviar::cli::guarded(all.front(), {all.begin() + 1, all.end()});
}
