#include "caviar/tune/settings.hpp"

#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

const Parameter& named(const Space& space, const std::string& name) {
  if (const auto index = space.index(name)) return space[*index];
  std::vector<std::string> known;
  for (const Parameter& parameter : space.parameters()) known.push_back(parameter.name);
  throw Error(Fault::input, "unknown parameter '" + name + "'" + suggestion(name, known));
}

}  // namespace

Value parse_setting(const Parameter& parameter, const std::string& text) {
  if (const auto* choice = std::get_if<Choice>(&parameter.distribution)) {
    for (const Value& value : choice->values) {
      if (to_text(value) == text) return value;
    }
  } else if (const std::optional<double> number = parse_number(text)) {
    const Value value = *number;
    if (contains(parameter.distribution, value)) return normalised(parameter.distribution, value);
  }
  throw Error(Fault::input, parameter.name + ": '" + text + "' given, " +
                                describe(parameter.distribution) + " expected");
}

namespace {

struct Word {
  std::string name, value;
};

std::vector<Word> split(std::span<const std::string> words) {
  std::vector<Word> result;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      throw Error(Fault::input, "'" + word + "' given, NAME=VALUE expected");
    }
    result.push_back({word.substr(0, equals), word.substr(equals + 1)});
    for (std::size_t earlier = 0; earlier + 1 < result.size(); ++earlier) {
      if (result[earlier].name == result.back().name) {
        throw Error(Fault::input, result.back().name + ": given twice");
      }
    }
  }
  return result;
}

}  // namespace

Point parse_some_settings(const Space& space, std::span<const std::string> words) {
  Point point;
  for (const Word& word : split(words)) {
    point.set(word.name, parse_setting(named(space, word.name), word.value));
  }
  return point;
}

Point parse_settings(const Space& space, std::span<const std::string> words) {
  return checked(space, parse_some_settings(space, words), "the configuration");
}

}  // namespace caviar
