#include "caviar/cli/steer_trial.hpp"

#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/study/study.hpp"

namespace caviar::cli {
namespace {

Point changes(const std::vector<std::string>& words) {
  Point point;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      throw Error(Fault::input,
                  "'" + word + "' given; stop, pause, resume or NAME=VALUE… expected");
    }
    const std::string value = word.substr(equals + 1);
    const std::optional<double> number = parse_number(value);
    const bool yes_no = value == "true" || value == "false";
    point.set(word.substr(0, equals), number   ? Value(*number)
                                      : yes_no ? Value(value == "true")
                                               : Value(value));
  }
  return point;
}

bool speaks_on_the_wire(const StudySpec& spec) {
  if (!spec.objective.is_map()) return false;
  const Node* results = spec.objective.find("results");
  return results != nullptr && results->is_text() && results->text() == "wire";
}

}  // namespace

int steer_trial(const std::string& file, int trial, const std::vector<std::string>& words) {
  if (words.empty()) {
    throw Error(Fault::input, "the study, the number of a trial, and what is wanted are expected");
  }
  StudyChoice choice;
  choice.file = file;
  const StudyPlace place = choice.place();
  open_existing_storage(place.storage);  // never makes one
  Study study = Study::open(place.study, open_storage(place.storage));
  const std::string& word = words.front();
  if (word == "stop" && words.size() == 1) {
    study.stop_trial(trial);
  } else {
    if (!speaks_on_the_wire(study.spec())) {
      throw Error(Fault::input, "study '" + study.spec().name +
                                    "': only a program with results: wire can be steered; any "
                                    "trial can be told to stop");
    }
    Steering steering;
    if (word == "pause" || word == "resume") {
      steering.kind = word == "pause" ? Steering::Kind::pause : Steering::Kind::resume;
    } else {
      steering.change = changes(words);
    }
    study.steer(trial, steering);
  }
  fmt::print("trial {}: {}\n", trial, join(words, " "));
  return 0;
}

}  // namespace caviar::cli
