// caviar ask-tell: search for another program, over a line protocol on stdin and stdout.
// The requests and replies are a public interface; docs/cli.md has them all.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/measured.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/tune/front.hpp"
#include "caviar/tune/learning.hpp"
#include "caviar/tune/study_goal.hpp"

namespace caviar::cli {
namespace {

constexpr std::int64_t most_asked_at_once = 100'000;

struct AskTellOptions {
  std::optional<std::string> space, sampler, sampler_options, budget, direction, outcomes, storage,
      study, earlier;
  std::optional<std::uint64_t> seed;
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

Study open_study(const AskTellOptions& options) {
  const auto storage = options.storage ? open_storage(*options.storage) : memory_storage();
  if (!options.space) {
    if (options.storage) return Study::open(options.study.value_or(""), storage);
    throw Error(Fault::input, "--space is missing: a file that describes the parameters");
  }
  StudySpec spec;
  spec.name = options.study.value_or("study");
  spec.space = parse_space(Node::load(*options.space));
  spec.goal.directions = parse_directions(options.direction.value_or("minimize"));
  if (options.outcomes) {
    spec.goal.bounds = read_bounds(Node::parse_json(*options.outcomes, "--outcomes"));
  }
  spec.search.sampler = options.sampler.value_or(spec.search.sampler);
  spec.search.seed = options.seed.value_or(0);
  if (options.sampler_options) {
    spec.search.options = Node::parse_json(*options.sampler_options, "--options");
  }
  if (options.budget) spec.search.budget = Node::parse_json(*options.budget, "--budget");
  return Study(std::move(spec), storage);
}

// From earlier studies, named as in a study file; paths are meant from the current folder. What
// came of it goes to stderr, as stdout is the other program's.
void learn(Study& study, const AskTellOptions& options) {
  if (!options.earlier) return;
  std::vector<EarlierStudy> earlier;
  for (std::size_t from = 0; from <= options.earlier->size();) {
    const std::size_t end = std::min(options.earlier->find(',', from), options.earlier->size());
    try {
      earlier.push_back(earlier_study("", options.earlier->substr(from, end - from)));
    } catch (const Error& error) {
      throw Error(error.fault(), std::string("--learn-from: ") + error.what());
    }
    from = end + 1;
  }
  for (const std::string& line : learn_from(study, earlier)) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
}

// Answers requests, one at a time. Throws Error where a request cannot be meant.
class Conversation {
 public:
  explicit Conversation(Study study) : study_(std::move(study)) {}

  Json answer(const Node& request) {
    Fields fields(request);
    const Node& op = fields.need("op");
    if (op.text() == "ask") return ask(fields);
    if (op.text() == "tell") return tell(fields);
    if (op.text() == "report") return report(fields);
    if (op.text() == "best") return best(fields);
    const std::vector<std::string> known = {"ask", "tell", "report", "best"};
    op.fail(op.describe() + " is no request" + suggestion(op.text(), known));
  }

 private:
  Json ask(Fields& fields) {
    const Node* count = fields.find("count");
    fields.done();
    if (count == nullptr) return asked(next());
    if (count->integer() < 1 || count->integer() > most_asked_at_once) {
      count->fail(count->describe() + " given, 1 to " + std::to_string(most_asked_at_once) +
                  " expected");
    }
    Json trials = Json::array({asked(next())});
    for (std::int64_t left = count->integer() - 1; left > 0; --left) {
      const std::optional<Trial> trial = study_.ask();
      if (!trial) break;  // the rest of a finite space
      trials.push_back(asked(*trial));
    }
    return {{"trials", std::move(trials)}};
  }

  Trial next() {
    if (std::optional<Trial> trial = study_.ask()) return *std::move(trial);
    throw Error(Fault::missing, "the search is finished: no configuration is left to try");
  }

  static Json asked(const Trial& trial) {
    Json json = {{"trial", trial.number}, {"params", to_json(trial.point)}};
    for (const char* key : {budget_note, continues_note}) {
      if (const std::optional<double> number = number_in(trial.note, key)) json[key] = *number;
    }
    return json;
  }

  Json tell(Fields& fields) {
    const int trial = trial_number(fields);
    const std::string state = fields.text("state", "complete");
    const Node* value = fields.find("value");
    const Node* values = fields.find("values");
    std::map<std::string, double> metrics;
    if (const Node* others = fields.find("metrics")) {
      for (const auto& [name, node] : others->entries()) metrics[name] = measured(node);
    }
    const std::string why = fields.text("why", "told so");
    fields.done();
    if (state == "failed") {
      study_.fail(trial, why);
    } else if (state == "pruned") {
      study_.prune(trial);
    } else if (state == "complete") {
      study_.tell(trial, told(fields, value, values), metrics);
    } else {
      fields.need("state").fail("'" + state + "' given, complete, failed or pruned expected");
    }
    return {{"ok", true}};
  }

  static std::vector<double> told(Fields& fields, const Node* value, const Node* values) {
    if (value != nullptr && values != nullptr) values->fail("give either value or values");
    if (values == nullptr) return {measured(value ? *value : fields.need("value"))};
    std::vector<double> result;
    for (const Node& item : values->items()) result.push_back(measured(item));
    return result;
  }

  // JSON has no NaN: a program that got one says "nan", "inf" or "-inf", or what
  // with_non_finite_quoted makes these of.
  static double measured(const Node& node) {
    if (!node.is_text()) return node.number();
    const std::optional<double> value = parse_number(node.text());
    if (!value) node.fail(node.describe() + " given, a number expected");
    return *value;
  }

  Json report(Fields& fields) {
    const int trial = trial_number(fields);
    const std::int64_t step = fields.need("step").integer();
    const Node* value = fields.find("value");
    const Node* values = fields.find("values");
    const bool first_alone = values == nullptr;
    const std::vector<double> all = told(fields, value, values);
    fields.done();
    const Flow flow =
        first_alone ? study_.report(trial, step, all.front()) : study_.report(trial, step, all);
    return {{"ok", true}, {"stop", flow == Flow::stop}};
  }

  Json best(Fields& fields) {
    fields.done();
    const History history = study_.history();
    const Trial* trial = history.best();
    if (trial == nullptr) throw Error(Fault::missing, no_solution_text(history));
    if (history.goal().objectives() == 1) return told_of(*trial);
    Json front = Json::array();
    for (const int number : pareto_front(history)) {
      front.push_back(told_of(history.trials()[static_cast<std::size_t>(number)]));
    }
    return {{"front", std::move(front)}};
  }

  static Json told_of(const Trial& trial) {
    Json json = {{"trial", trial.number}};
    if (trial.values.size() == 1) {
      json["value"] = json_number(trial.values.front());
    } else {
      for (const double value : trial.values) json["values"].push_back(json_number(value));
    }
    json["params"] = to_json(trial.point);
    return json;
  }

  static int trial_number(Fields& fields) {
    const Node& node = fields.need("trial");
    const std::int64_t number = node.integer();
    if (number < 0 || number > INT32_MAX) node.fail(node.describe() + " is no trial's number");
    return static_cast<int>(number);
  }

  Study study_;
};

// Every line gets its answer, also one that is no request: the other program waits for it.
Json answer_line(Conversation& conversation, const std::string& line, std::size_t number) {
  try {
    return conversation.answer(
        Node::parse_json(with_non_finite_quoted(line), "line " + std::to_string(number)));
  } catch (const std::exception& error) {
    return {{"error", error.what()}};
  }
}

int run(const AskTellOptions& options) {
  Study study = open_study(options);
  learn(study, options);
  Conversation conversation(std::move(study));
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
