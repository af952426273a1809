// caviar best: the best trial's configuration, ready to be used elsewhere; of several objectives
// the front.
#include <memory>
#include <string>

#include <fmt/core.h>

#include "caviar/analysis/summary.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/objective/trial_course.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/front.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

struct BestOptions {
  StudyChoice choice;
  bool json = false, schedule = false;
};

int print_front(const StoredStudy& stored, bool json) {
  const Json front = front_json(stored.history);
  if (json) {
    print_json({{"objectives", objectives_json(stored.spec.goal)}, {"front", front}});
    return 0;
  }
  fmt::print("# {}: {} trials that none beats in everything\n{}{}", describe(stored.spec.goal),
             front.size(), front_table(stored.history).text(terminal_of(stdout)),
             cells_note(stored.history));
  return 0;
}

// What population based training found: a document for caviar train --schedule. Of a command, whose
// trainings are its own, the settings of each stage alone.
void print_schedule(const BestOptions& options, const StoredStudy& stored, const Trial& best) {
  if (options.choice.has_study_file()) {
    const StudyFile file = read_study_file(options.choice.file);
    if (!file.command) {
      fmt::print("{}", course_to_json(course_of(file.train, stored.history, best)));
      return;
    }
  }
  Json stages = Json::array();
  for (const Trial* trial : stored.history.line_of(best)) {
    Json stage = to_json(trial->point);
    stage["until"] = json_whole_or_number(number_in(trial->note, budget_note).value_or(0));
    stages.push_back(std::move(stage));
  }
  print_json({{"stages", std::move(stages)}});
}

int run(const BestOptions& options) {
  const StoredStudy stored = read_study(options.choice.place());
  const Trial* best = recommended(stored.history);
  const std::string unfinished = unfinished_text(stored.history, spent_by(stored.spec));
  if (best == nullptr) {
    throw Error(Fault::missing, "study '" + stored.spec.name +
                                    "': " + no_solution_text(stored.history) +
                                    (unfinished.empty() ? "" : ": " + unfinished));
  }
  if (options.schedule) {
    print_schedule(options, stored, *best);
    return 0;
  }
  if (stored.spec.goal.objectives() > 1) return print_front(stored, options.json);
  const std::optional<BestOfRepeats> again = best_of_repeats(stored.history);
  if (options.json) {
    Json json = {{"trial", best->number},
                 {"value", json_number(again ? again->mean : best->values.front())}};
    json.update(params_json(stored.history.space(), best->point));
    if (!unfinished.empty()) json["unfinished"] = unfinished;
    if (again) {
      json["runs"] = again->runs;
      json["expected"] = json_number(again->expected);
    }
    print_json(json);
    return 0;
  }
  if (again) {
    fmt::print("# {} {} ± {} expected, the mean of {} run{} is {}; trial {}\n",
               stored.spec.goal.metric, rounded_text(again->expected, 5),
               rounded_text(again->deviation, 2), again->runs, again->runs == 1 ? "" : "s",
               rounded_text(again->mean, 5), best->number);
  } else {
    fmt::print("# {} {}, trial {}\n", stored.spec.goal.metric, number_text(best->values.front()),
               best->number);
  }
  if (!unfinished.empty()) fmt::print("# {}\n", unfinished);
  if (const std::string changes = changes_text(*best); !changes.empty()) {
    fmt::print("# changed while it ran: {}\n", changes);
  }
  for (const auto& [name, value] : best->point.entries()) {
    fmt::print("{}: {}\n", name, to_text(value));
  }
  const Point before = values_before(stored.history.space(), best->point);
  for (const auto& [name, value] : before.entries()) {
    fmt::print("{}: {}  # the trial is older than this parameter, and counts with it\n", name,
               to_text(value));
  }
  return 0;
}

}  // namespace

Command best_command() {
  return {"best", "The best configuration, a line each; of several objectives the front",
          R"(  caviar best digits.yaml
  caviar best digits.yaml --json
  caviar best population.yaml --schedule > schedule.json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<BestOptions>();
            options->choice.declare(arguments);
            arguments.flag("--schedule", options->schedule,
                           "How its settings changed on the way, for caviar train --schedule");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
