// caviar export: all trials as CSV or JSON, to stdout or into a file.
#include "caviar/tune/export.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/study/study_spec.hpp"

namespace caviar::cli {
namespace {

struct ExportOptions {
  std::string format;
  StudyChoice choice;
  std::optional<std::string> output;
};

std::string as_json(const StoredStudy& stored) {
  const Json json = {{"study", Json::parse(spec_to_json(stored.spec))},
                     {"trials", all_trials_json(stored.history)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int run(const ExportOptions& options) {
  const std::vector<std::string> formats = {"csv", "json"};
  if (options.format != "csv" && options.format != "json") {
    throw Error(Fault::input, options.format.empty()
                                  ? "export: say csv or json"
                                  : "export: '" + options.format + "' given, csv or json expected" +
                                        suggestion(options.format, formats));
  }
  const StoredStudy stored = read_study(options.choice.place());
  const std::string text = options.format == "csv" ? trials_csv(stored.history) : as_json(stored);
  if (options.output) {
    const Destination output{"-o", *options.output};
    check_destinations(std::span(&options.choice.file, 1), std::span(&output, 1));
    write_file(*options.output, text);
  } else {
    fmt::print("{}", text);
  }
  return 0;
}

}  // namespace

Command export_command() {
  return {"export", "All trials as CSV or JSON",
          R"(  caviar export csv digits.yaml > digits.csv
  caviar export json digits.yaml -o digits.json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<ExportOptions>();
            arguments.positional("FORMAT", options->format, "csv or json");
            options->choice.declare(arguments);
            arguments.option("-o,--output", "FILE", options->output,
                             "Write there, whole or not at all");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
