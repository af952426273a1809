#include "caviar/objective/command_spec.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/names.hpp"
#include "caviar/base/text.hpp"
#include "caviar/objective/placeholders.hpp"
#include "caviar/objective/trial_folder.hpp"

namespace caviar {
namespace {

constexpr std::array<std::pair<const char*, Results>, 5> results_names = {{
    {"words", Results::words},
    {"json", Results::json},
    {"file", Results::file},
    {"exit", Results::exit},
    {"wire", Results::wire},
}};

// What fills a placeholder beside the parameters.
const std::vector<std::string>& own_placeholders() {
  static const std::vector<std::string> names = {
      "args", "parameters_file", "trial", "directory", "seed", "budget", "checkpoint"};
  return names;
}

// A word may be written as a number or a boolean.
std::string word_text(const Node& node) {
  if (node.is_boolean()) return node.boolean() ? "true" : "false";
  if (node.is_integer()) return std::to_string(node.integer());
  if (node.is_number()) return number_text(node.number());
  return node.text();
}

Results read_results(Fields& fields) {
  const Node* node = fields.find("results");
  if (node == nullptr) return Results::words;
  std::vector<std::string> known;
  for (const auto& [name, results] : results_names) {
    if (node->text() == name) return results;
    known.emplace_back(name);
  }
  node->fail(node->describe() + " given" + suggestion(node->text(), known));
}

WirePlace read_wire(Fields& fields, Results results) {
  const Node* node = fields.find("wire");
  if (results != Results::wire) {
    if (node != nullptr) node->fail("only meant with results: wire");
    return WirePlace::none;
  }
  if (node == nullptr || node->text() == "descriptors") return WirePlace::descriptors;
  if (node->text() == "stdio") return WirePlace::standard;
  node->fail(node->describe() + " given, descriptors or stdio expected");
}

bool read_best_counts(Fields& fields) {
  const Node* node = fields.find("value");
  if (node == nullptr || node->text() == "last") return false;
  if (node->text() == "best") return true;
  node->fail(node->describe() + " given, last or best expected");
}

std::optional<std::set<int>> read_success(Fields& fields, Results results) {
  const Node* node = fields.find("success");
  if (node == nullptr) {
    return results == Results::exit ? std::nullopt : std::optional(std::set<int>{0});
  }
  if (node->is_text() && node->text() == "any") return std::nullopt;
  std::set<int> codes;
  const auto add = [&](const Node& code) {
    if (!code.is_integer() || code.integer() < 0 || code.integer() > 255) {
      code.fail(code.describe() + " given, exit codes from 0 to 255 or any expected");
    }
    codes.insert(static_cast<int>(code.integer()));
  };
  if (node->is_list()) {
    for (const Node& code : node->items()) add(code);
  } else {
    add(*node);
  }
  if (codes.empty()) node->fail("empty, so that every trial fails; exit codes or any expected");
  return codes;
}

int read_retries(Fields& fields) {
  const std::int64_t count = fields.integer("retries", 0);
  if (count < 0 || count > 1000) {
    fields.need("retries").fail(std::to_string(count) + " given, 0 to 1000 expected");
  }
  return static_cast<int>(count);
}

// Every text of the spec that may hold placeholders, with its place.
std::vector<std::pair<std::string, std::string>> texts_of(const CommandSpec& spec) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const std::string& word : spec.words) texts.emplace_back("command", word);
  texts.emplace_back("directory", spec.directory);
  texts.emplace_back("file", spec.result_file);
  for (const auto& [name, value] : spec.environment) {
    texts.emplace_back("environment." + name, value);
  }
  return texts;
}

}  // namespace

std::uint64_t parse_size(const Node& node) {
  constexpr std::string_view units = "KMGT";
  std::string text = word_text(node);
  for (const std::string_view ending : {"iB", "B"}) {
    if (text.ends_with(ending)) text.resize(text.size() - ending.size());
  }
  double factor = 1;
  const std::size_t unit = text.empty() ? std::string_view::npos : units.find(text.back());
  if (unit != std::string_view::npos) {
    factor = std::pow(1024.0, static_cast<double>(unit + 1));
    text.pop_back();
  }
  const std::optional<double> number = parse_number(text);
  if (!number || !(*number * factor >= 1) || *number * factor > 1e18) {
    node.fail(node.describe() + " given, a size such as 512M or 4G expected");
  }
  return static_cast<std::uint64_t>(*number * factor);
}

std::uint64_t parse_memory(const Node& node) {
  constexpr std::uint64_t least = std::uint64_t{1} << 20U;
  const std::uint64_t bytes = parse_size(node);
  if (bytes < least)
    node.fail(node.describe() +
              " given, in which no program runs; 1M or more "
              "expected, such as 512M or 4G");
  return bytes;
}

double parse_seconds(const Node& node) {
  constexpr double least = 0.01, most = 3650.0 * 24 * 3600;
  const std::optional<double> seconds =
      node.is_number() ? std::optional(node.number()) : parse_duration(node.text());
  if (!seconds || !(*seconds > 0)) {
    node.fail(node.describe() + " given, a duration such as 90s, 10m or 1h30m expected");
  }
  if (*seconds < least || *seconds > most) {
    node.fail(node.describe() + " given, 0.01 seconds to 3650 days expected");
  }
  return *seconds;
}

CommandSpec parse_command_spec(const Node& objective, const std::string& home,
                               const std::string& study) {
  const auto beside = [&](const std::string& path) {
    return (std::filesystem::absolute(home.empty() ? "." : home) / path)
        .lexically_normal()
        .string();
  };
  Fields fields(objective);
  CommandSpec spec;
  const Node& command = fields.need("command");
  for (const Node& word : command.items()) spec.words.push_back(word_text(word));
  if (spec.words.empty()) command.fail("empty; a program and its arguments are expected");
  if (!placeholders_in(spec.words.front()).empty()) {
    command.fail("the program itself cannot be a placeholder");
  }
  spec.results = read_results(fields);
  spec.wire = read_wire(fields, spec.results);
  const Node* file = fields.find("file");
  if (file != nullptr && spec.results != Results::file) file->fail("only meant with results: file");
  spec.result_file = file == nullptr ? "{directory}/result.json" : name_in(*file);
  spec.directory = beside(name_in(fields, "directory", "."));
  if (const Node* directory = fields.find("directory")) {
    const std::string& path = directory->text();
    if (path.starts_with("{directory}")) {
      spec.directory = path;
    } else if (placeholders_in(path).empty() && !std::filesystem::is_directory(spec.directory)) {
      directory->fail("there is no folder '" + path + "'");
    }
  }
  if (const Node* environment = fields.find("environment")) {
    for (const auto& [name, value] : environment->entries()) {
      if (name.empty() || name.find('=') != std::string::npos) {
        value.fail("'" + name + "' given, the name of a variable expected, without '='");
      }
      spec.environment[name] = word_text(value);
    }
  }
  spec.best_counts = read_best_counts(fields);
  if (const Node* timeout = fields.find("timeout")) spec.timeout_s = parse_seconds(*timeout);
  if (const Node* memory = fields.find("memory")) spec.memory = parse_memory(*memory);
  spec.retries = read_retries(fields);
  spec.success = read_success(fields, spec.results);
  if (const Node* budget = fields.find("budget")) {
    if (!(budget->number() > 0)) budget->fail(budget->describe() + " given, more than 0 expected");
    spec.budget = budget->number();
  }
  spec.folder = beside(name_in(fields, "folder", trials_folder(study)));
  fields.done();
  spec.program = find_program(spec.words.front(), home, command.where());
  return spec;
}

Node identity_of_command(const Node& objective) {
  return objective.without({"timeout", "memory", "retries", "folder"});
}

std::vector<std::string> check_placeholders(const CommandSpec& spec, const Space& space,
                                            const std::string& where) {
  std::vector<std::string> known = own_placeholders();
  for (const Parameter& parameter : space.parameters()) known.push_back(parameter.name);
  std::set<std::string> used;
  for (const auto& [place, text] : texts_of(spec)) {
    const std::set<std::string> names = placeholders_in(text);
    for (const std::string& name : names) {
      if (std::ranges::find(known, name) == known.end()) {
        throw Error(Fault::input,
                    fmt::format("{0}.{1}: {{{2}}} stands for no parameter of the space{3}; "
                                "{{{{{2}}}}} is the text itself",
                                where, place, name, suggestion(name, known)));
      }
    }
    if (names.contains("args") && (text != args_placeholder || place != "command")) {
      throw Error(Fault::input,
                  fmt::format("{}.{}: '{}' given, but {{args}} must be a word of the command by "
                              "itself",
                              where, place, text));
    }
    if (names.contains("budget") && !space.index("budget") && !spec.budget) {
      throw Error(Fault::input,
                  fmt::format("{}.{}: {{budget}} given, but nothing says how large it is: add "
                              "budget: NUMBER to the objective",
                              where, place));
    }
    used.insert(names.begin(), names.end());
  }
  if (spec.wire != WirePlace::none) return {};
  std::vector<std::string> warnings;
  if (spec.budget && !used.contains("budget")) {
    warnings.push_back(where +
                       ": no {budget} stands in the command: the program gets what it may spend "
                       "only in its environment");
  }
  if (used.contains("args") || used.contains("parameters_file")) return warnings;
  for (const Parameter& parameter : space.parameters()) {
    if (used.contains(parameter.name)) continue;
    warnings.push_back(where + ": no {" + parameter.name +
                       "} stands in the command: the program gets this parameter only in its "
                       "environment");
  }
  return warnings;
}

}  // namespace caviar
