// caviar watch: the live view of a run, or of several; and caviar history: what was done to it.
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/run_choice.hpp"
#include "caviar/cli/trial_choice.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/process/bounded_log.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/trial_view.hpp"
#include "caviar/tune/watch_view.hpp"

namespace caviar::cli {
namespace {

constexpr std::chrono::milliseconds look_again{100};
constexpr std::size_t lines_shown = 6, line_width = 200;  // of a program's log

// A run with its log, read as far as it is written.
class Watching {
 public:
  explicit Watching(const RunFolder& folder) : folder_(folder), reader_(folder.log()) {
    run_.name = folder.name();
    look();
    if (run_.record.begun.empty()) throw Error(Fault::input, folder.log() + ": nothing began yet");
  }

  // Whether there is something new.
  bool look() {
    const bool ran = run_.running;
    // Before the log: where it ends in between, the next look sees both.
    run_.running = is_running(folder_.log());
    const std::vector<Json> lines = reader_.more();
    for (const Json& line : lines) run_.record.see(line);
    return !lines.empty() || ran != run_.running;
  }
  const WatchedRun& run() const { return run_; }

 private:
  RunFolder folder_;
  LogReader reader_;
  WatchedRun run_;
};

std::vector<WatchedRun> seen(const std::vector<Watching>& all) {
  std::vector<WatchedRun> runs;
  for (const Watching& watching : all) runs.push_back(watching.run());
  return runs;
}

bool any_runs(const std::vector<Watching>& all) {
  for (const Watching& watching : all) {
    if (watching.run().running) return true;
  }
  return false;
}

// What is watched, whatever it is.
struct LiveView {
  std::function<bool()> look;  // whether there is something new
  std::function<bool()> runs;
  std::function<std::vector<std::string>(const Terminal&)> block;
};

// The block again and again over itself, until nothing runs any more or Ctrl-C.
void watch_live(const LiveView& view) {
  const auto& interrupted = interrupt_on_signals();
  std::size_t drawn = 0;
  bool fresh = true;
  while (!interrupted) {
    fresh = view.look() || fresh;
    if (fresh) {
      const Terminal terminal = terminal_of(stdout);
      const std::vector<std::string> lines = view.block(terminal);
      std::string text = drawn > 0 ? fmt::format("\x1b[{}A\r", drawn) : "\r";
      for (const std::string& line : lines) text += line + "\x1b[K\n";
      fmt::print("{}\x1b[J", text);
      std::fflush(stdout);
      drawn = lines.size();
    }
    if (!view.runs()) return;
    fresh = false;
    std::this_thread::sleep_for(look_again);
  }
}

void watch(const LiveView& view) {
  if (terminal_of(stdout).live) return watch_live(view);
  for (const std::string& line : view.block(terminal_of(stdout))) fmt::print("{}\n", line);
}

struct WatchOptions {
  RunChoice choice;
  std::vector<std::string> others;
  bool json = false;
};

WatchedTrial seen(const ChosenTrial& chosen) {
  WatchedTrial watched{
      chosen.word(), chosen.study().spec().goal, chosen.trial(), chosen.study().best(), {},
      unix_time()};
  watched.lines =
      last_lines(trial_folder(chosen.folder(), chosen.number()).log, lines_shown, line_width);
  return watched;
}

// The trial of another program, where the choice names one.
std::optional<ChosenTrial> program_trial(const RunChoice& choice) {
  const std::optional<TrialName> named = trial_named(choice.name);
  if (!named) return std::nullopt;
  std::optional<ChosenTrial> chosen(std::in_place, *named);
  return chosen->is_training() ? std::nullopt : std::move(chosen);
}

int watch_trial(const ChosenTrial& chosen, bool json) {
  WatchedTrial watched = seen(chosen);
  if (json) {
    print_json(watch_json(watched));
    return 0;
  }
  watch({.look =
             [&] {
               watched = seen(chosen);
               return true;
             },
         .runs = [&] { return !watched.trial.finished(); },
         .block = [&](const Terminal& terminal) { return watch_block(watched, terminal); }});
  return 0;
}

int run_watch(const WatchOptions& options) {
  if (const auto trial = program_trial(options.choice)) {
    if (options.others.empty()) return watch_trial(*trial, options.json);
    throw Error(Fault::input, trial->word() + ": trials of other programs are watched one by one");
  }
  std::vector<Watching> all;
  all.emplace_back(options.choice.find());
  for (const std::string& name : options.others) {
    all.emplace_back(find_choice(options.choice.folder(), name));
  }
  if (options.json) {
    Json json = all.size() == 1 ? watch_json(all.front().run()) : Json::array();
    for (const Watching& watching : all) {
      if (json.is_array()) json.push_back(watch_json(watching.run()));
    }
    print_json(json);
    return 0;
  }
  watch({.look =
             [&] {
               bool fresh = false;
               for (Watching& watching : all) fresh = watching.look() || fresh;
               return fresh;
             },
         .runs = [&] { return any_runs(all); },
         .block = [&](const Terminal& terminal) { return watch_block(seen(all), terminal); }});
  return 0;
}

int run_history(const WatchOptions& options) {
  if (const auto trial = program_trial(options.choice)) {
    if (options.json) {
      print_json(watch_json(seen(*trial)).at("history"));
    } else {
      fmt::print("{}", history_text(trial->trial()));
    }
    return 0;
  }
  const Watching watching(options.choice.find());
  if (options.json) {
    print_json(watch_json(watching.run()).at("history"));
  } else {
    fmt::print("{}", history_text(watching.run().record));
  }
  return 0;
}

// One that cannot be read hides no other: it is named, with the reason.
std::vector<Watching> all_readable(const std::string& folder, std::vector<std::string>& trouble) {
  std::vector<Watching> all;
  for (const RunFolder& run : list_runs(folder)) {
    try {
      Watching watching(run);
      train_spec_in(watching.run().record.train);  // throws where it says nothing that is known
      all.push_back(std::move(watching));
    } catch (const std::exception& error) {
      trouble.push_back("run '" + run.name() + "' cannot be listed: " + error.what());
    }
  }
  return all;
}

int run_runs(const std::string& folder, bool json) {
  std::vector<std::string> trouble;
  const std::vector<Watching> all = all_readable(folder, trouble);
  print_warnings(trouble);
  if (json) {
    Json list = Json::array();
    for (const Watching& watching : all) list.push_back(watch_json(watching.run()));
    print_json(list);
  } else if (all.empty() && !trouble.empty()) {
    return 0;
  } else if (all.empty()) {
    fmt::print("no runs in {}; `caviar train … --name run1` makes one\n", folder);
  } else {
    fmt::print("{}", runs_text(seen(all), terminal_of(stdout)));
  }
  return 0;
}

}  // namespace

Command watch_command() {
  return {"watch", "A training that runs, as curves and numbers in the terminal",
          R"(  caviar watch run1
  caviar watch run1 run2
  caviar watch study.yaml:12                  a trial of a study while it runs
  caviar watch run1 --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<WatchOptions>();
            options->choice.declare(arguments);
            arguments.words("RUN", options->others, "More runs, to be compared");
            arguments.flag("--json", options->json, "All that is known now, as JSON");
            return [options] { return run_watch(*options); };
          }};
}

Command history_command() {
  return {"history", "What was done to a run, and when",
          "  caviar history run1\n  caviar history study.yaml:12", [](Arguments& arguments) {
            auto options = std::make_shared<WatchOptions>();
            options->choice.declare(arguments);
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run_history(*options); };
          }};
}

Command runs_command() {
  return {"runs", "All runs: what they do, how far they are, how good", "  caviar runs",
          [](Arguments& arguments) {
            auto runs = std::make_shared<std::optional<std::string>>();
            auto json = std::make_shared<bool>(false);
            declare_runs(arguments, *runs);
            arguments.flag("--json", *json, "One JSON document on stdout, nothing else");
            return [runs, json] { return run_runs(runs->value_or(usual_runs), *json); };
          }};
}

}  // namespace caviar::cli
