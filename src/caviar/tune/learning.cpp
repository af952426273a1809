#include "caviar/tune/learning.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/words.hpp"
#include "caviar/sampler/lessons.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar {
namespace {

bool is_study_file(const std::string& text) {
  return text.ends_with(".yaml") || text.ends_with(".yml") || text.ends_with(".json");
}

// How many of the lessons can be placed in this space.
std::size_t usable(const Space& space, const std::vector<Lesson>& lessons) {
  return static_cast<std::size_t>(std::ranges::count_if(lessons, [&](const Lesson& lesson) {
    return encode_beyond(space, lesson.point).has_value();
  }));
}

}  // namespace

EarlierStudy earlier_study(const std::string& study_path, const std::string& text) {
  if (is_study_file(text)) return {text, read_study_file(beside(study_path, text)).place};
  const std::size_t hash = text.find('#');
  std::string storage = text.substr(0, hash);
  constexpr std::string_view scheme = "sqlite:";
  if (storage.starts_with(scheme)) storage = storage.substr(scheme.size());
  if (storage.empty()) {
    throw Error(Fault::input, "'" + text + "' given, a study file or sqlite:PATH#NAME expected");
  }
  return {text,
          {std::string(scheme) + beside(study_path, storage),
           hash == std::string::npos ? "" : text.substr(hash + 1)}};
}

std::vector<EarlierStudy> parse_learn_from(const std::string& study_path, const Node& node) {
  std::vector<EarlierStudy> studies;
  const auto add = [&](const Node& item) {
    try {
      studies.push_back(earlier_study(study_path, item.text()));
    } catch (const Error& error) {
      item.fail(error.what());
    }
  };
  if (!node.is_list()) {
    add(node);
  } else {
    for (const Node& item : node.items()) add(item);
  }
  return studies;
}

std::vector<std::string> learn_from(Study& study, const std::vector<EarlierStudy>& earlier) {
  std::vector<std::pair<std::string, History>> found;
  for (const EarlierStudy& source : earlier) {
    bool known = false;
    study.inspect([&](const History& history) {
      known = std::ranges::any_of(
          history.lessons(), [&](const auto& taught) { return taught->source == source.name; });
    });
    if (known) continue;
    History history = read_study(source.place).history;
    if (lessons_of(history).empty()) {
      throw Error(Fault::missing,
                  "search.learn_from: " + source.name + ": no trial of it has ended yet");
    }
    found.emplace_back(source.name, std::move(history));
  }
  std::vector<std::string> lines;
  for (const auto& [name, history] : found) {
    study.learn_from(history, name);
    const std::vector<Lesson> lessons = lessons_of(history);
    lines.push_back(fmt::format("learns from {}: {} of its {}", name,
                                usable(study.spec().space, lessons),
                                counted(history.endings().size(), "trial")));
  }
  return lines;
}

}  // namespace caviar
