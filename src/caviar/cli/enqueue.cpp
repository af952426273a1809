// caviar enqueue: a person's own configuration, which the study runs next.
#include <memory>
#include <string>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/sampler/completion.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/settings.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

struct EnqueueOptions {
  StudyChoice choice;
  bool json = false;
};

// A study that has not run yet is begun, so that its first trial can be a person's own. Whatever
// can be refused is refused before that.
int run(const EnqueueOptions& options) {
  const StudyPlace place = options.choice.place();
  const bool may_begin = options.choice.has_study_file();
  StudySpec spec = may_begin ? read_study_file(options.choice.file).spec : read_study(place).spec;
  if (may_begin) spec.name = place.study;
  const std::vector<std::string> settings = options.choice.all_settings();
  if (settings.empty()) {
    throw Error(Fault::input,
                "no setting given, at least one NAME=VALUE expected: what is left "
                "out the search chooses");
  }
  const Point point = parse_some_settings(spec.space, settings);
  if (const auto text = contradiction(spec.space, point)) {
    throw Error(Fault::input, "enqueue: " + *text);
  }
  Study study = may_begin ? Study(std::move(spec), open_storage(place.storage))
                          : Study::open(spec.name, open_storage(place.storage));
  const int ticket = study.enqueue(point);
  if (options.json) {
    print_json({{"ticket", ticket}});
  } else {
    const char* rest = is_complete(study.spec().space, point) ? "" : ", the rest by the search,";
    fmt::print("queued: {}{} will run next\n", to_text(point), rest);
  }
  return 0;
}

}  // namespace

Command enqueue_command() {
  return {
      "enqueue", "Put a configuration of your own at the head of the queue",
      R"(  caviar enqueue digits.yaml learning_rate=0.01 momentum=0.9 hidden_units=64 optimizer=momentum
  caviar enqueue digits.yaml learning_rate=0.01          the search chooses the rest
  caviar enqueue --storage sqlite:digits.db --study digits learning_rate=0.01 …)",
      [](Arguments& arguments) {
        auto options = std::make_shared<EnqueueOptions>();
        options->choice.declare_with_settings(
            arguments, "the values of parameters; the search chooses what is left out");
        arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
        return [options] { return run(*options); };
      }};
}

}  // namespace caviar::cli
