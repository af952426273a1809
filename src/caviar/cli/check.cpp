// caviar check: whether a study file can be meant, and what it means.
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/base/words.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/tune/progress.hpp"
#include "caviar/tune/study_file.hpp"
#include "caviar/tune/study_objective.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

constexpr int draws_shown = 4;

struct CheckOptions {
  std::string file;
  bool json = false;
};

std::vector<Point> sample_draws(const StudyFile& file) {
  std::vector<Point> draws;
  Rng rng(file.spec.search.seed);
  for (int n = 0; n < draws_shown; ++n) {
    std::optional<Point> point = draw(file.spec.space, rng);
    if (!point) {
      throw Error(Fault::input, file.path + ": constraints: no configuration satisfies them all");
    }
    draws.push_back(*std::move(point));
  }
  return draws;
}

std::string conditions_text(const Parameter& parameter) {
  std::vector<std::string> parts;
  for (const Condition& condition : parameter.when) parts.push_back(to_text(condition));
  return join(parts, ", ");
}

std::string space_table(const StudyFile& file, const std::vector<Point>& draws) {
  std::vector<std::string> headers = {"hyperparameter", "type", "values", ">tier", "only when"};
  for (int n = 1; n <= draws_shown; ++n) headers.push_back(fmt::format(">draw {}", n));
  TextTable table(headers);
  for (const Parameter& parameter : file.spec.space.parameters()) {
    std::vector<std::string> row = {
        parameter.name, kind_name(parameter.distribution), describe(parameter.distribution),
        parameter.tier == 0 ? "" : std::to_string(parameter.tier), conditions_text(parameter)};
    for (const Point& point : draws) {
      const Value* value = point.find(parameter.name);
      row.push_back(value == nullptr ? "–" : short_text(*value));
    }
    table.add(std::move(row));
  }
  return table.text(terminal_of(stdout));
}

std::string size_text(const StudyFile& file) {
  const std::optional<std::uint64_t> all = file.spec.space.cardinality();
  const std::optional<std::uint64_t> planned = planned_search(file.spec.search, file.spec.space);
  std::string text =
      all ? fmt::format("{} configurations", *all) : "infinitely many configurations";
  if (planned) text += fmt::format("; {} runs {} of them", file.spec.search.sampler, *planned);
  return text;
}

std::string limits_text(const Limits& limits) {
  std::vector<std::string> parts;
  if (limits.trials) parts.push_back(counted(static_cast<std::size_t>(*limits.trials), "trial"));
  if (limits.time_s) parts.push_back(duration_text(*limits.time_s));
  if (limits.target) parts.push_back(fmt::format("target {}", number_text(*limits.target)));
  if (limits.patience)
    parts.push_back("patience of " + counted(static_cast<std::size_t>(*limits.patience), "trial"));
  if (limits.expected_gain) {
    parts.push_back(fmt::format("expected gain {}", number_text(*limits.expected_gain)));
  }
  return fmt::format("{}; {} at once", parts.empty() ? "none" : join(parts, ", "), limits.jobs);
}

std::string data_text(const PreparedData& data) {
  const std::string left_out =
      data.left_out == 0 ? "" : fmt::format("; {} without a target left out", data.left_out);
  return fmt::format("{}: {} rows ({} to train, {} to validate, {} to test{}), {} features, {}",
                     data.source, data.rows, data.training.rows, data.validation.rows,
                     data.test.rows, left_out, data.features(),
                     data.classes.empty() ? "a number to predict"
                                          : fmt::format("{} classes", data.classes.size()));
}

// What runs: the data that are trained on, or the program.
std::string objective_line(const StudyFile& file, const StudyObjective& objective) {
  if (!file.command) return fmt::format("data       {}\n", data_text(objective.training()->data()));
  return fmt::format("command    {}\nfolder     {}\n", join(file.command->words, " "),
                     file.command->folder);
}

void print(const StudyFile& file, const StudyObjective& objective,
           const std::vector<Point>& draws) {
  fmt::print("{}: a study that can be run\n\n", file.path);
  fmt::print("name       {}\n", file.spec.name);
  fmt::print("{}", objective_line(file, objective));
  fmt::print("goal       {}\n", describe(file.spec.goal));
  fmt::print("search     {}, seed {}\n", file.spec.search.sampler, file.spec.search.seed);
  if (!file.spec.search.budget.is_null()) {
    const Budget budget = parse_budget(file.spec.search.budget);
    std::vector<std::string> rungs;
    for (const double rung : rungs_of(budget)) rungs.push_back(number_text(rung));
    fmt::print("budget     {} of {}: {}\n", budget.method, budget.of, join(rungs, ", "));
  }
  fmt::print("limits     {}\n", limits_text(file.limits));
  fmt::print("storage    {}\n", file.place.storage);
  fmt::print("space      {}\n\n{}", size_text(file), space_table(file, draws));
  for (const Constraint& constraint : file.spec.space.constraints()) {
    fmt::print("constraint: {}\n", constraint.text);
  }
}

Json json_of(const StudyFile& file, const std::vector<Point>& points) {
  Json draws = Json::array();
  for (const Point& point : points) draws.push_back(to_json(point));
  const std::optional<std::uint64_t> all = file.spec.space.cardinality();
  const std::optional<std::uint64_t> planned = planned_search(file.spec.search, file.spec.space);
  return {{"file", file.path},
          {"study", Json::parse(spec_to_json(file.spec))},
          {"configurations", all ? Json(*all) : Json()},
          {"planned_trials", planned ? Json(*planned) : Json()},
          {"storage", file.place.storage},
          {"draws", std::move(draws)}};
}

int run(const CheckOptions& options) {
  StudyFile file = read_study_file(options.file);
  complete_limits(file);
  check_budget(file);
  const StudyObjective objective(file);
  print_warnings(file.warnings);
  if (objective.training() != nullptr) print_warnings(objective.training()->warnings());
  const std::vector<Point> draws = sample_draws(file);
  if (options.json) {
    print_json(json_of(file, draws));
  } else {
    print(file, objective, draws);
  }
  return 0;
}

}  // namespace

Command check_command() {
  return {"check", "Validate a study file and its data; show the space and a few draws",
          R"(  caviar check digits.yaml
  caviar check digits.yaml --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<CheckOptions>();
            arguments.required("FILE", options->file, "The study file (YAML or JSON)");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
