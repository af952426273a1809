// The commands of the program: each lives in a file of its own and stands in the list of main.cpp.
#pragma once

#include <functional>
#include <string>

#include "caviar/cli/arguments.hpp"

namespace caviar::cli {

struct Command {
  std::string name;
  std::string summary;   // one line
  std::string examples;  // whole lines as typed, for --help
  // Declares what it takes, and returns what to do once that is filled in: the exit code.
  std::function<std::function<int()>(Arguments&)> declare;
};

Command tune_command();
Command train_command();
Command predict_command();
Command export_model_command();
Command diagnose_command();
Command lr_range_command();
Command show_command();
Command trials_command();
Command logs_command();
Command steer_command();
Command work_command();
Command best_command();
Command importances_command();
Command export_command();
Command enqueue_command();
Command check_command();
Command list_command();
Command report_command();
Command compare_command();
Command ask_tell_command();
Command runs_command();
Command watch_command();
Command history_command();
Command pause_command();
Command resume_command();
Command snapshot_command();
Command rollback_command();
Command branch_command();
Command stop_command();

}  // namespace caviar::cli
