// caviar tune: the main job. Runs the study of a study file, and goes on with one that has begun.
#include <algorithm>
#include <memory>
#include <string>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/base/words.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/folds_view.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/model/saved_model.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/failures.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/nested.hpp"
#include "caviar/tune/run.hpp"
#include "caviar/tune/summary.hpp"

namespace caviar::cli {
namespace {

constexpr int exit_input = 2;  // as of any other study file that cannot be meant

struct TuneOptions {
  std::string file;
  std::optional<int> trials, jobs;
  std::optional<std::string> time, sampler, storage, report, model;
  std::optional<std::uint64_t> seed;
  bool quiet = false, json = false;
};

// The study file with what the command line says in its place.
StudyFile chosen(const TuneOptions& options) {
  StudyFile file = read_study_file(options.file);
  if (options.trials) file.limits.trials = at_least_one("--trials", *options.trials);
  if (options.jobs) file.limits.jobs = at_least_one("--jobs", *options.jobs);
  if (options.time) {
    file.limits.time_s = parse_seconds(Node::parse_json(Json(*options.time).dump(), "--time"));
  }
  if (options.sampler && *options.sampler != file.spec.search.sampler) {
    file.spec.search.sampler = *options.sampler;
    file.spec.search.options = {};
  }
  if (options.seed) file.spec.search.seed = *options.seed;
  check_spec(file.spec);
  if (options.storage) move_storage(file, *options.storage);
  if (options.report) file.page = *options.report;
  if (options.model) file.model = *options.model;
  complete_limits(file);
  return file;
}

void print_end(const std::string& program, const TuneOptions& options, const StudyFile& file,
               const RunResult& result) {
  fmt::print("{}\n\n{}\n", ending_text(result, file),
             summary_text(result.spec, result.history, terminal_of(stdout)));
  if (!all_failed(result.history)) fmt::print("{}", failures_text(result.history));
  fmt::print("report: {}\n", file.page);
  if (!file.model.empty()) fmt::print("model:  {}\n", model_files(file.model).document);
  if (const Trial* best = recommended(result.history); best != nullptr && file.command) {
    fmt::print("folder: {}\n", trial_folder(file.command->folder, best->number).path);
  }
  const std::string storage = options.storage ? " --storage " + shell_word(*options.storage) : "";
  const std::string file_word = shell_word(options.file);
  const std::string tune = fmt::format("{} tune {}{}", program, file_word, storage);
  const std::string trials =
      fmt::format("{} trials {}", program, options.storage ? storage.substr(1) : file_word);
  if (result.optimized.ending == Ending::exhausted) {  // more trials would be none
    fmt::print("next:   {}\n", trials);
  } else if (result.optimized.ending == Ending::interrupted) {
    fmt::print("next:   {}\n        {}\n", tune, trials);
  } else {
    fmt::print("next:   {} --trials {}\n        {}\n", tune, 2 * result.history.trials().size(),
               trials);
  }
}

// Stopped since trials only fail, or all there were have failed: said on stderr, too.
bool failing(const RunResult& result) {
  const bool all = all_failed(result.history);
  if (all) {
    const std::size_t count = result.history.count(TrialState::failed);
    const std::string who = count == 1 ? "the only one" : fmt::format("all {}", count);
    fmt::print(stderr, "caviar: error: no trial came to a value, {} failed\n{}", who,
               failures_text(result.history));
  }
  return all || result.optimized.ending == Ending::failing;
}

// Whether the programs ran to their ends and none of them told the metric: then it is the study
// file that is not as it must be.
bool none_told(const History& history) {
  return std::ranges::all_of(history.trials(), [](const Trial& trial) {
    return trial.why.starts_with("it ended without a value");
  });
}

// Where the study asks for outer folds: the search on each of them.
FoldScores judge(const StudyFile& file, const RunOptions& how) {
  if (file.train.outer == 0) return {};
  return judge_search(file, how, [&](const FoldScores& scores) {
    if (how.progress == nullptr) return;
    fmt::print(how.progress, "outer fold {}/{}: the search is judged\n", scores.folds.size(),
               file.train.outer);
    std::fflush(how.progress);
  });
}

int run(const std::string& program, const TuneOptions& options) {
  const StudyFile file = chosen(options);
  print_warnings(file.warnings);
  RunOptions how;
  how.progress = options.quiet ? nullptr : options.json ? stderr : stdout;
  how.interrupt = &interrupt_on_signals();
  how.version = CAVIAR_VERSION;
  how.warn = print_warnings;
  const RunResult result = run_study(file, how);
  const bool interrupted = result.optimized.ending == Ending::interrupted;
  const FoldScores outer = interrupted ? FoldScores{} : judge(file, how);
  if (options.json) {
    Json json = summary_json(result.spec, result.history);
    json["report"] = file.page;
    if (!file.model.empty()) json["model"] = model_files(file.model).document;
    json["ran"] = result.optimized.ran;
    json["interrupted"] = interrupted;
    json["ending"] = ending_name(result.optimized.ending);
    json["ending_text"] = ending_text(result, file);
    if (const std::string failures = failures_text(result.history); !failures.empty()) {
      json["failures"] = failures;
    }
    if (!outer.folds.empty()) json["outer"] = folds_json(outer);
    print_json(json);
  } else {
    print_end(program, options, file, result);
    if (!outer.folds.empty()) {
      fmt::print("\nthe search judged as a whole\n{}", folds_text(outer, "test_", "outer folds"));
    }
  }
  if (interrupted) return exit_interrupted;
  if (!failing(result)) return 0;
  return none_told(result.history) ? exit_input : exit_failing;
}

}  // namespace

Command tune_command() {
  return {"tune", "Run a study, or go on with it",
          R"(  caviar tune digits.yaml
  caviar tune digits.yaml --trials 200        goes on with a finished one
  caviar tune digits.yaml --sampler random --storage sqlite:random.db
  caviar tune digits.yaml --time 5m --jobs 4 --json > result.json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<TuneOptions>();
            arguments.required("FILE", options->file, "The study file (YAML or JSON)");
            arguments.option("--trials", "N", options->trials,
                             "Trials in all, earlier ones included");
            arguments.option("--time", "TIME", options->time,
                             "No trial begins later in this run: 90s, 10m, 1h30m");
            arguments.option("--jobs", "N", options->jobs, "Trials at once");
            arguments.option("--seed", "N", options->seed, "Same seed, same proposals");
            arguments.option("--sampler", "NAME", options->sampler,
                             "Another search method (caviar list samplers)");
            arguments.option("--storage", "URL", options->storage, "Keep the study elsewhere");
            arguments.option("--report", "FILE", options->report, "Write the page elsewhere");
            arguments.option("--save", "NAME", options->model,
                             "Keep the best model: NAME.safetensors and NAME.json");
            arguments.flag("--quiet", options->quiet, "No progress, only the end");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            const std::string program = arguments.program();
            return [options, program] { return run(program, *options); };
          }};
}

}  // namespace caviar::cli
