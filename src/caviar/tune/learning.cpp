#include "caviar/tune/learning.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/words.hpp"
#include "caviar/sampler/lessons.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/tune/study_place.hpp"

namespace caviar {
namespace {

bool is_study_file(const std::string& text) {
  return text.ends_with(".yaml") || text.ends_with(".yml") || text.ends_with(".json");
}

// The same database may be named in several ways.
bool same_study(const StudyPlace& a, const StudyPlace& b) {
  const auto file = [](const std::string& storage) {
    return std::filesystem::weakly_canonical(database_file(storage));
  };
  return a.storage != "memory:" && a.study == b.study && file(a.storage) == file(b.storage);
}

std::string line_of(const std::string& name, const Space& space, const History& history) {
  const std::size_t usable = usable_lessons(space, lessons_of(history));
  return fmt::format("{}learns from {}: {} of its {}{}", usable == 0 ? "warning: " : "", name,
                     usable, counted(history.endings().size(), "trial"),
                     usable == 0 ? "; they have no parameter of this space, or lie too far outside "
                                   "its ranges, so nothing is learnt"
                                 : "");
}

}  // namespace

EarlierStudy earlier_study(const std::string& study_path, const std::string& text) {
  if (is_study_file(text)) return {text, study_place(beside(study_path, text))};
  const std::size_t hash = text.find('#');
  const std::string storage = database_file(text.substr(0, hash));
  if (storage.empty()) {
    throw Error(Fault::input, "'" + text + "' given, a study file or sqlite:PATH#NAME expected");
  }
  return {text,
          {"sqlite:" + beside(study_path, storage),
           hash == std::string::npos ? "" : text.substr(hash + 1)}};
}

std::vector<EarlierStudy> parse_learn_from(const std::string& study_path, const StudyPlace& own,
                                           const Node& node) {
  std::vector<EarlierStudy> studies;
  const auto add = [&](const Node& item) {
    try {
      studies.push_back(earlier_study(study_path, item.text()));
    } catch (const Error& error) {
      item.fail(error.what());
    }
    if (same_study(studies.back().place, own)) {
      item.fail(item.describe() + " given, which is this study itself; an earlier one is expected");
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
    lines.push_back(line_of(name, study.spec().space, history));
  }
  return lines;
}

}  // namespace caviar
