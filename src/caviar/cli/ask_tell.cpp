// caviar ask-tell: search for another program, over a line protocol on stdin and stdout.
// The requests and replies are a public interface; docs/cli.md has them all.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/measured.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/conversation.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/learning.hpp"
#include "caviar/tune/stored_study.hpp"
#include "caviar/tune/study_goal.hpp"
#include "caviar/tune/study_limits.hpp"

namespace caviar::cli {
namespace {

struct AskTellOptions {
  std::optional<std::string> space, constraints, sampler, sampler_options, budget, pruner, limits,
      direction, outcomes, storage, study, earlier;
  std::optional<std::uint64_t> seed;
  std::optional<int> reevaluate;
};

// One word for each objective: "minimize,maximize".
std::vector<Direction> parse_directions(const std::string& text) {
  std::vector<Direction> directions;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find(',', from), text.size());
    const std::string word = text.substr(from, end - from);
    if (word != "minimize" && word != "maximize") {
      throw Error(Fault::input, "--direction: '" + word + "' is neither minimize nor maximize");
    }
    directions.push_back(word == "minimize" ? Direction::minimize : Direction::maximize);
    from = end + 1;
  }
  return directions;
}

// The parameters that --space describes or, without it, those of the stored study; and what they
// must keep.
Space space_of(const AskTellOptions& options, const Space& stored) {
  if (!options.space && !options.constraints) return stored;
  const Node parameters =
      options.space ? Node::load(*options.space)
                    : Node::parse_json(to_json(stored).at("parameters").dump(), "the stored space");
  if (!options.constraints) return parse_space(parameters);
  const Node constraints = Node::parse_yaml(*options.constraints, "--constraints");
  return parse_space(parameters, &constraints);
}

// What the options say, over what stands in `spec` already.
StudySpec with_options(StudySpec spec, const AskTellOptions& options) {
  spec.space = space_of(options, spec.space);
  if (options.direction) spec.goal.directions = parse_directions(*options.direction);
  if (options.outcomes) {
    spec.goal.bounds = read_bounds(Node::parse_json(*options.outcomes, "--outcomes"));
  }
  SearchSpec& search = spec.search;
  if (options.sampler && *options.sampler != search.sampler) {
    search.sampler = *options.sampler;
    search.options = Node();  // those of the other method
  }
  if (options.sampler_options) {
    search.options = Node::parse_json(*options.sampler_options, "--options");
  }
  search.seed = options.seed.value_or(search.seed);
  if (options.reevaluate) search.reevaluate = at_least_one("--reevaluate", *options.reevaluate);
  if (options.budget) search.budget = Node::parse_json(*options.budget, "--budget");
  if (options.pruner) spec.pruner = Node::parse_yaml(*options.pruner, "--pruner");
  return spec;
}

// With --space what the command line says, as a study file would; with --storage alone the stored
// study, with whatever is said beside it.
StudySpec spec_of(const AskTellOptions& options) {
  if (!options.space && !options.storage) {
    throw Error(Fault::input,
                "--space is missing: a file that describes the parameters, or --storage with a "
                "study to go on with");
  }
  StudySpec spec;
  if (options.space) {
    spec.name = options.study.value_or(spec.name);
  } else {
    spec = read_study({*options.storage, options.study.value_or("")}).spec;
  }
  return with_options(std::move(spec), options);
}

// Named as in a study file; paths are meant from the current folder.
std::vector<EarlierStudy> earlier_studies(const AskTellOptions& options) {
  std::vector<EarlierStudy> earlier;
  if (!options.earlier) return earlier;
  for (std::size_t from = 0; from <= options.earlier->size();) {
    const std::size_t end = std::min(options.earlier->find(',', from), options.earlier->size());
    try {
      earlier.push_back(earlier_study("", options.earlier->substr(from, end - from)));
    } catch (const Error& error) {
      throw Error(error.fault(), std::string("--learn-from: ") + error.what());
    }
    from = end + 1;
  }
  return earlier;
}

Limits limits_of(const AskTellOptions& options, const Goal& goal) {
  if (!options.limits) return {};
  const Node node = Node::parse_yaml(*options.limits, "--limits");
  const Limits limits = read_limits(node, goal);
  for (const char* key : {"jobs", "cpus", "gpus", "memory", "disk"}) {
    if (const Node* given = node.find(key)) {
      given->fail("only meant where caviar runs the trials; here the other program does");
    }
  }
  return limits;
}

// Every line gets its answer, also one that is no request: the other program waits for it.
Json answer_line(Conversation& conversation, const std::string& line, std::size_t number) {
  try {
    return conversation.answer(
        Node::parse_json(with_non_finite_quoted(line), "line " + std::to_string(number)));
  } catch (const std::exception& error) {
    return {{"error", error.what()}};
  }
}

// What can be refused is refused before anything is stored. What is said of the study goes to
// stderr, as stdout is the other program's.
Study open_study(StudySpec spec, const AskTellOptions& options) {
  const std::vector<EarlierStudy> earlier = earlier_studies(options);
  Study study(std::move(spec), options.storage ? open_storage(*options.storage) : memory_storage());
  for (const std::string& line : study.edits())
    std::fprintf(stderr, "the space: %s\n", line.c_str());
  for (const std::string& line : learn_from(study, earlier)) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  return study;
}

int run(const AskTellOptions& options) {
  StudySpec spec = spec_of(options);
  const Limits limits = limits_of(options, spec.goal);
  Study study = open_study(std::move(spec), options);
  Conversation conversation(std::move(study), limits);
  std::ios::sync_with_stdio(false);
  std::string line;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    const Json reply = answer_line(conversation, line, number);
    // Bytes that are no UTF-8 may be quoted in an error: they become U+FFFD.
    const std::string text = reply.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    std::fwrite(text.data(), 1, text.size(), stdout);
    if (std::fflush(stdout) != 0) throw Error(Fault::io, "standard output: writing failed");
  }
  return 0;
}

}  // namespace

Command ask_tell_command() {
  return {
      "ask-tell", "Search for another program: JSON requests on stdin, replies on stdout",
      R"(  caviar ask-tell --space space.json --sampler gp --seed 7
  caviar ask-tell --space space.json --storage sqlite:search.db --study mine

  {"op":"ask"}                               {"trial":0,"params":{"x":0.25}}
  {"op":"tell","trial":0,"value":0.123}      {"ok":true}
  {"op":"tell","trial":0,"value":0.123,"metrics":{"latency_ms":12.5}}   {"ok":true}
  {"op":"report","trial":1,"step":3,"value":0.4}   {"ok":true,"stop":false}
  {"op":"ask","fix":{"x":0.5}}               {"trial":2,"params":{"x":0.5}}
  {"op":"best"}                              {"trial":0,"value":0.123,"params":{"x":0.25}})",
      [](Arguments& arguments) {
        auto options = std::make_shared<AskTellOptions>();
        arguments.option("--space", "FILE", options->space,
                         "The parameters: an object of name → description (JSON or YAML)");
        arguments.option("--sampler", "NAME", options->sampler, "The search method; default auto");
        arguments.option("--options", "JSON", options->sampler_options,
                         "The search method's own options, as in '{\"points\": 5}'");
        arguments.option("--budget", "JSON", options->budget,
                         "Who gets more, as in '{\"low\": 1, \"high\": 81}'");
        arguments.option("--pruner", "NAME|JSON", options->pruner,
                         "Which reports are answered with stop, as in median or "
                         "'{\"pruner\": \"median\", \"startup_trials\": 9}'; default none");
        arguments.option("--limits", "JSON", options->limits,
                         "When to be finished, as in '{\"trials\": 100, \"target\": 0.01}'; "
                         "default never");
        arguments.option("--reevaluate", "N", options->reevaluate,
                         "How often the leading configuration runs, as values are noisy; "
                         "default 1");
        arguments.option("--constraints", "JSON", options->constraints,
                         "What parameters must keep, as in '[\"a + b <= 1\"]'");
        arguments.option("--seed", "N", options->seed, "Same seed, same proposals; default 0");
        arguments.option("--direction", "minimize|maximize", options->direction,
                         "What is better; default minimize; of several objectives a list: "
                         "minimize,maximize");
        arguments.option("--outcomes", "JSON", options->outcomes,
                         "Bounds on what a trial measures, as in '{\"latency_ms\": \"<= 20\"}'");
        arguments.option("--learn-from", "A,B", options->earlier,
                         "Earlier studies to learn from: study files, or sqlite:PATH#NAME");
        arguments.option("--storage", "URL", options->storage,
                         "Keep the study, and continue it: sqlite:PATH; default memory:");
        arguments.option("--study", "NAME", options->study, "The study's name in the storage");
        return [options] { return run(*options); };
      }};
}

}  // namespace caviar::cli
