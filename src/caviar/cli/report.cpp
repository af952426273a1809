// caviar report: the page with the pictures, one file that needs no network.
#include "caviar/report/report.hpp"

#include <memory>
#include <span>
#include <string>

#include <fmt/core.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

struct ReportOptions {
  StudyChoice choice;
  std::optional<std::string> output;
  bool json = false;
};

std::string page_path(const ReportOptions& options, const StoredStudy& stored) {
  if (options.output) return *options.output;
  if (options.choice.has_study_file()) return read_study_file(options.choice.file).page;
  return stored.spec.name + ".html";
}

int run(const ReportOptions& options) {
  const StoredStudy stored = read_study(options.choice.place());
  const std::string path = page_path(options, stored);
  const Destination output{"-o", path};
  check_destinations(std::span(&options.choice.file, 1), std::span(&output, 1));
  write_file(path, report_html(stored.spec, stored.history, {unix_time(), CAVIAR_VERSION}));
  if (options.json) {
    print_json({{"report", path}});
  } else {
    fmt::print("report: {}\n", path);
  }
  return 0;
}

}  // namespace

Command report_command() {
  return {"report", "Write the page with the pictures: one HTML file",
          R"(  caviar report digits.yaml
  caviar report --storage sqlite:digits.db -o digits.html)",
          [](Arguments& arguments) {
            auto options = std::make_shared<ReportOptions>();
            options->choice.declare(arguments);
            arguments.option("-o,--output", "FILE", options->output,
                             "Where to; default NAME.html beside the study file");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
