// caviar list: what there is to choose from.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/objective/metrics.hpp"
#include "caviar/pruner/pruner.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/trainer/choices.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

struct ListOptions {
  std::string what;
  bool json = false;
};

// Rows of texts under names: printed as a table or as a list of objects.
struct Listing {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// Methods and, under each, its options.
Listing methods(const auto& infos) {
  Listing listing{{"name", "option", "default", "what it does"}, {}};
  for (const auto& info : infos) {
    listing.rows.push_back({info.name, "", "", info.summary});
    for (const OptionInfo& option : info.options) {
      listing.rows.push_back({info.name, option.name, option.default_value, option.summary});
    }
  }
  return listing;
}

Listing samplers() { return methods(list_samplers()); }
Listing pruners() { return methods(list_pruners()); }

Listing storages() {
  return {{"url", "what it is"},
          {{"sqlite:PATH", "a file that several programs may share; also PATH.db, PATH.sqlite"},
           {"memory:", "nothing is kept once the program ends"}}};
}

Listing metrics() {
  Listing listing{{"name", "better", "what it is"}, {}};
  for (const Metric& metric : training_metrics()) {
    listing.rows.push_back(
        {metric.name, metric.direction == Direction::minimize ? "smaller" : "larger", metric.help});
  }
  return listing;
}

Listing trainer_hyperparameters() {
  Listing listing{{"name", "tier", "usual", "default range", "searched", "what it is"}, {}};
  for (const Hyperparameter& one : hyperparameters()) {
    listing.rows.push_back({one.name, std::to_string(one.tier), to_text(one.usual),
                            describe(one.range), one.searched ? "yes" : "", one.help});
  }
  return listing;
}

// A loss, an optimizer … a row, with its hyperparameters where any of them has some.
Listing trainer_choices(const std::vector<TrainerChoice>& choices) {
  const bool any = std::ranges::any_of(
      choices, [](const TrainerChoice& choice) { return !choice.hyperparameters.empty(); });
  Listing listing{{"name", "what it is"}, {}};
  if (any) listing.columns.emplace_back("hyperparameters and usual values");
  for (const TrainerChoice& choice : choices) {
    listing.rows.push_back({choice.name, choice.summary});
    if (any) listing.rows.back().push_back(join(choice.hyperparameters, " "));
  }
  return listing;
}

Listing losses() { return trainer_choices(list_losses()); }
Listing optimizers() { return trainer_choices(list_optimizers()); }
Listing schedules() { return trainer_choices(list_schedules()); }
Listing activations() { return trainer_choices(list_activations()); }
Listing initializers() { return trainer_choices(list_initializers()); }

struct Subject {
  std::string name;
  Listing (*list)();
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = {{"samplers", samplers},
                                           {"pruners", pruners},
                                           {"storages", storages},
                                           {"hyperparameters", trainer_hyperparameters},
                                           {"losses", losses},
                                           {"optimizers", optimizers},
                                           {"schedules", schedules},
                                           {"activations", activations},
                                           {"initializers", initializers},
                                           {"metrics", metrics}};
  return all;
}

const Subject& find_subject(const std::string& name) {
  std::vector<std::string> known;
  for (const Subject& subject : subjects()) {
    if (subject.name == name) return subject;
    known.push_back(subject.name);
  }
  if (name.empty()) throw Error(Fault::input, "list what? " + join(known, ", "));
  throw Error(Fault::input, "list: nothing is called '" + name + "'" + suggestion(name, known));
}

void print(const Listing& listing) {
  TextTable table(listing.columns);
  std::string last;
  for (std::vector<std::string> row : listing.rows) {
    const std::string name = row.front();
    if (name == last) row.front().clear();  // an option of the one above
    last = name;
    table.add(std::move(row));
  }
  fmt::print("{}", table.text(terminal_of(stdout)));
}

Json json_of(const Listing& listing) {
  Json rows = Json::array();
  for (const auto& row : listing.rows) {
    Json object = Json::object();
    for (std::size_t column = 0; column < row.size(); ++column) {
      object[listing.columns[column]] = row[column];
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

int run(const ListOptions& options) {
  const Subject& subject = find_subject(options.what);
  if (options.json) {
    print_json({{subject.name, json_of(subject.list())}});
  } else {
    print(subject.list());
  }
  return 0;
}

}  // namespace

Command list_command() {
  return {"list", "What there is to choose from: samplers, optimizers, losses, metrics …",
          R"(  caviar list samplers
  caviar list optimizers
  caviar list hyperparameters --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<ListOptions>();
            arguments.positional(
                "WHAT", options->what,
                "samplers, pruners, storages, hyperparameters, losses, optimizers, "
                "schedules, activations, initializers or metrics");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
