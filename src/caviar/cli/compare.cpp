// caviar compare: which search method serves this study best?
#include "caviar/tune/compare.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/report/report.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

struct CompareChoice {
  std::string file;
  std::optional<std::string> samplers, output;
  std::optional<int> repeats, trials, jobs;
  bool json = false;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ',') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

// The best value of each repeat, from the best to the worst.
std::vector<double> best_values(const MethodRuns& method) {
  std::vector<double> values;
  for (const History& history : method.runs) {
    if (const Trial* best = history.best()) values.push_back(best->values.front());
  }
  std::sort(values.begin(), values.end());
  const bool maximizing =
      !method.runs.empty() && method.runs.front().goal().directions.front() == Direction::maximize;
  if (maximizing) std::reverse(values.begin(), values.end());
  return values;
}

double median(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

std::size_t trials_of(const MethodRuns& method) {
  std::size_t count = 0;
  for (const History& history : method.runs) count += history.trials().size();
  return count / std::max<std::size_t>(method.runs.size(), 1);
}

void print_table(const std::vector<MethodRuns>& methods, const std::string& metric) {
  TextTable table({"sampler", ">trials", ">best " + metric + " (median)", ">of the best seed",
                   ">of the worst seed"});
  for (const MethodRuns& method : methods) {
    const std::vector<double> values = best_values(method);
    const bool any = !values.empty();
    table.add({method.sampler, std::to_string(trials_of(method)),
               any ? rounded_text(median(values), 5) : "–",
               any ? rounded_text(values.front(), 5) : "–",
               any ? rounded_text(values.back(), 5) : "–"});
  }
  fmt::print("{}", table.text(terminal_of(stdout)));
}

Json json_of(const std::vector<MethodRuns>& methods) {
  Json rows = Json::array();
  for (const MethodRuns& method : methods) {
    const std::vector<double> values = best_values(method);
    Json row = {{"sampler", method.sampler}, {"trials", trials_of(method)}, {"best", values}};
    if (!values.empty()) {
      row["minimum"] = *std::min_element(values.begin(), values.end());
      row["median"] = median(values);
      row["maximum"] = *std::max_element(values.begin(), values.end());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

StudyFile chosen(const CompareChoice& options) {
  StudyFile file = read_study_file(options.file);
  if (options.trials) file.limits.trials = at_least_one("--trials", *options.trials);
  if (options.jobs) file.limits.jobs = at_least_one("--jobs", *options.jobs);
  complete_limits(file);
  return file;
}

int run(const CompareChoice& options) {
  const StudyFile file = chosen(options);
  const std::string page = options.output.value_or(file.spec.name + "-compare.html");
  const Destination output{"-o", page};
  check_destinations(std::span(&options.file, 1), std::span(&output, 1));
  CompareOptions how;
  how.samplers = split(options.samplers.value_or("grid,random,zoom,gp,auto"));
  how.repeats = at_least_one("--repeats", options.repeats.value_or(how.repeats));
  how.interrupt = &interrupt_on_signals();
  how.on_study = [&](const std::string& sampler, int repeat, const History& history) {
    const Trial* best = history.best();
    fmt::print(stderr, "{} {}/{}: {}\n", sampler, repeat + 1, how.repeats,
               best == nullptr ? "no trial is complete" : rounded_text(best->values.front(), 5));
  };
  const std::vector<MethodRuns> methods = compare(file, how);
  if (*how.interrupt && methods.empty()) {
    fmt::print(stderr, "interrupted before the first run was complete: nothing was written\n");
    return exit_interrupted;
  }
  if (*how.interrupt) fmt::print(stderr, "interrupted: only the runs above are compared\n");
  write_file(page, compare_html(file.spec, methods, {unix_time(), CAVIAR_VERSION}));
  if (options.json) {
    print_json({{"study", file.spec.name},
                {"metric", file.spec.goal.metric},
                {"samplers", json_of(methods)},
                {"report", page}});
  } else {
    print_table(methods, file.spec.goal.metric);
    fmt::print("\nreport: {}\n", page);
  }
  return *how.interrupt ? exit_interrupted : 0;
}

}  // namespace

Command compare_command() {
  return {"compare", "The same study under several search methods, with the same budget",
          R"(  caviar compare digits.yaml
  caviar compare digits.yaml --samplers random,gp --repeats 5 --trials 40
  caviar compare digits.yaml --samplers gp,gp:acquisition=thompson,tpe:startup=20)",
          [](Arguments& arguments) {
            auto options = std::make_shared<CompareChoice>();
            arguments.required("FILE", options->file, "The study file (YAML or JSON)");
            arguments.option("--samplers", "A,B,…", options->samplers,
                             "The methods, with options as in METHOD:OPTION=VALUE; default "
                             "grid,random,zoom,gp,auto");
            arguments.option("--repeats", "N", options->repeats, "Seeds for each; default 3");
            arguments.option("--trials", "N", options->trials, "Trials for each study");
            arguments.option("--jobs", "N", options->jobs, "Trials at once");
            arguments.option("-o,--output", "FILE", options->output,
                             "The page with the pictures; default NAME-compare.html");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
