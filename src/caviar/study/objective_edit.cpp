#include "caviar/study/objective_edit.hpp"

#include <algorithm>
#include <span>
#include <sstream>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

using Words = std::vector<std::string>;

nlohmann::json settings(const Node& node) {
  return nlohmann::json::parse(node.json().dump()).flatten();
}

// The parameters that `to` has and `from` has not, as they stand in a command.
Words places_of_new(const Space& from, const Space& to) {
  Words places;
  for (const Parameter& parameter : to.parameters()) {
    if (!from.index(parameter.name)) places.push_back("{" + parameter.name + "}");
  }
  return places;
}

bool mention(std::span<const std::string> words, const Words& places) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::any_of(
        places, [&](const std::string& place) { return word.find(place) != std::string::npos; });
  });
}

struct Rule {
  Words gone, come;  // places of parameters
  bool allows(std::span<const std::string> before, std::span<const std::string> after) const {
    return mention(before, gone) || mention(after, come);
  }
};

// A command is a list of words, or a text.
Words words_of(const nlohmann::json& command) {
  Words words;
  if (command.is_string()) {
    std::istringstream text(command.get<std::string>());
    for (std::string word; text >> word;) words.push_back(word);
  } else {
    for (const auto& word : command) {
      words.push_back(word.is_string() ? word.get<std::string>() : word.dump());
    }
  }
  return words;
}

// Along a longest common subsequence: the stretches between what both have.
bool command_follows(const Words& before, const Words& after, const Rule& rule) {
  const std::size_t rows = before.size(), columns = after.size();
  std::vector<std::vector<std::size_t>> common(rows + 1, std::vector<std::size_t>(columns + 1, 0));
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1
                                           : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  for (std::size_t i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && before[i] == after[j]) {
      ++i, ++j;
      continue;
    }
    const std::size_t from_i = i, from_j = j;
    while (i < rows || j < columns) {
      if (i < rows && j < columns && before[i] == after[j]) break;
      if (j == columns || (i < rows && common[i + 1][j] >= common[i][j + 1])) {
        ++i;
      } else {
        ++j;
      }
    }
    if (!rule.allows(std::span(before).subspan(from_i, i - from_i),
                     std::span(after).subspan(from_j, j - from_j))) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> objective_differences(const Node& stored, const Node& wanted) {
  std::vector<std::string> lines;
  const nlohmann::json before = settings(stored), after = settings(wanted);
  for (const auto& [path, value] : before.items()) {
    if (!after.contains(path)) {
      lines.push_back(path + " was " + value.dump() + ", now not set");
    } else if (after[path] != value) {
      lines.push_back(path + " was " + value.dump() + ", now " + after[path].dump());
    }
  }
  for (const auto& [path, value] : after.items()) {
    if (!before.contains(path)) lines.push_back(path + " was not set, now " + value.dump());
  }
  return lines;
}

std::string objective_text(const Node& objective) {
  return nlohmann::json::parse(objective.json().dump()).dump();
}

std::optional<Words> changes_with_space(const StudySpec& stored, const StudySpec& wanted) {
  auto before = nlohmann::json::parse(stored.objective.json().dump());
  auto after = nlohmann::json::parse(wanted.objective.json().dump());
  if (!before.is_object() || !after.is_object()) return std::nullopt;
  if (!before.contains("command") || !after.contains("command")) return std::nullopt;
  const Rule rule{places_of_new(wanted.space, stored.space),
                  places_of_new(stored.space, wanted.space)};
  Words lines;
  const Words old_words = words_of(before["command"]), new_words = words_of(after["command"]);
  if (!command_follows(old_words, new_words, rule)) return std::nullopt;
  if (old_words != new_words) {
    lines.push_back("the command: was " + join(old_words, " ") + ", now " + join(new_words, " "));
  }
  const nlohmann::json none = nlohmann::json::object();
  const nlohmann::json from = before.value("environment", none);
  const nlohmann::json to = after.value("environment", none);
  nlohmann::json names = from;
  names.update(to);
  for (const auto& [name, ignored] : names.items()) {
    const Words old = from.contains(name) ? words_of(from[name]) : Words();
    const Words now = to.contains(name) ? words_of(to[name]) : Words();
    if (old == now) continue;
    if (!rule.allows(old, now)) return std::nullopt;
    lines.push_back("the command's environment: " + name + " was " +
                    (from.contains(name) ? join(old, " ") : "not set") + ", now " +
                    (to.contains(name) ? join(now, " ") : "not set"));
  }
  for (const char* key : {"command", "environment"}) {
    before.erase(key);
    after.erase(key);
  }
  if (before != after) return std::nullopt;
  return lines;
}

}  // namespace caviar
