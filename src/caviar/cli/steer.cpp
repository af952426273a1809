// caviar steer: a word to a running trial of a program on the wire: stop, pause, resume, or other
// values of its hyperparameters.
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/study/study.hpp"

namespace caviar::cli {
namespace {

struct SteerOptions {
  std::string file, trial;
  std::vector<std::string> words;
};

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

int run(const SteerOptions& options) {
  const std::optional<double> number = parse_number(options.trial);
  if (!number || options.words.empty()) {
    throw Error(Fault::input, "the study, the number of a trial, and what is wanted are expected");
  }
  StudyChoice choice;
  choice.file = options.file;
  const StudyPlace place = choice.place();
  open_existing_storage(place.storage);  // never makes one
  Study study = Study::open(place.study, open_storage(place.storage));
  const int trial = static_cast<int>(*number);
  const std::string& word = options.words.front();
  if (word == "stop" && options.words.size() == 1) {
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
      steering.change = changes(options.words);
    }
    study.steer(trial, steering);
  }
  fmt::print("trial {}: {}\n", trial, join(options.words, " "));
  return 0;
}

}  // namespace

Command steer_command() {
  return {"steer", "Stop, pause, resume or change a running trial",
          R"(  caviar steer study.yaml 12 stop
  caviar steer study.yaml 12 learning_rate=3e-4 dropout=0.2
  caviar steer study.yaml 12 pause)",
          [](Arguments& arguments) {
            auto options = std::make_shared<SteerOptions>();
            arguments.required("FILE", options->file, "The study file, or its database");
            arguments.positional("TRIAL", options->trial, "The trial's number");
            arguments.words("WISH", options->words, "stop, pause, resume, or NAME=VALUE…");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
