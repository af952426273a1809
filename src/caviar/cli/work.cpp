// caviar work: lends a hand to a study that is already there: runs trials until it has ended.
#include <memory>
#include <string>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/tune/failures.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/run.hpp"

namespace caviar::cli {
namespace {

struct WorkOptions {
  std::string file;
  std::optional<int> trials, jobs;
  std::optional<std::string> storage;
  bool quiet = false;
};

int run(const WorkOptions& options) {
  StudyFile file = read_study_file(options.file);
  if (options.trials) file.limits.trials = at_least_one("--trials", *options.trials);
  if (options.jobs) file.limits.jobs = at_least_one("--jobs", *options.jobs);
  if (options.storage) move_storage(file, *options.storage);
  complete_limits(file);
  read_study(file.place);  // it must be there
  RunOptions how;
  how.progress = options.quiet ? nullptr : stdout;
  how.interrupt = &interrupt_on_signals();
  how.finish = false;
  const RunResult result = run_study(file, how);
  fmt::print("{}; {} of them here\n", ending_text(result, file), result.optimized.ran);
  if (result.optimized.ending == Ending::interrupted) return exit_interrupted;
  const bool failing = all_failed(result.history) || result.optimized.ending == Ending::failing;
  if (failing)
    fmt::print(stderr, "caviar: error: trials only fail\n{}", failures_text(result.history));
  return failing ? exit_failing : 0;
}

}  // namespace

Command work_command() {
  return {"work", "Run trials of a study that another program has begun",
          R"(  caviar work study.yaml
  caviar work study.yaml --jobs 4             on as many machines as reach its storage)",
          [](Arguments& arguments) {
            auto options = std::make_shared<WorkOptions>();
            arguments.required("FILE", options->file, "The study file (YAML or JSON)");
            arguments.option("--trials", "N", options->trials,
                             "Trials of the study in all, earlier ones included");
            arguments.option("--jobs", "N", options->jobs, "Trials at once, here");
            arguments.option("--storage", "URL", options->storage, "Where the study lies");
            arguments.flag("--quiet", options->quiet, "No progress, only the end");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
