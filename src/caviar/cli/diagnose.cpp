// caviar diagnose: what ails a training, from measurements, and what to try.
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/diagnose_page.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/train_choice.hpp"
#include "caviar/cli/train_view.hpp"
#include "caviar/trainer/data_warnings.hpp"
#include "caviar/trainer/diagnosis.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/plot.hpp"

namespace caviar::cli {
namespace {

struct DiagnoseOptions {
  TrainChoice choice;
  std::optional<std::string> report;
  bool json = false;
};

std::string learning_text(const Diagnosis& diagnosis, const Terminal& terminal) {
  Curve training{"training", Style::faint, {}, {}}, validation{"validation", Style::good, {}, {}};
  for (const LearningPoint& point : diagnosis.learning) {
    for (Curve* curve : {&training, &validation}) {
      curve->x.push_back(static_cast<double>(point.rows));
    }
    training.y.push_back(point.training_loss);
    validation.y.push_back(point.validation_loss);
  }
  const std::string picture =
      plot({training, validation}, {.x_label = "rows to learn from"}, terminal);
  return picture.empty() ? "" : "\nlearning curve\n" + picture;
}

std::string layers_text(const Diagnosis& diagnosis, const Terminal& terminal) {
  TextTable table({"layer", ">units", ">dead", ">gradient"});
  for (const LayerHealth& layer : diagnosis.layers) {
    table.add({layer.name, std::to_string(layer.units),
               layer.dead == 0 ? "" : std::to_string(layer.dead), rounded_text(layer.gradient, 3)});
  }
  return table.text(terminal);
}

std::string findings_text(const Diagnosis& diagnosis, const Terminal& terminal) {
  std::string text;
  for (const Finding& finding : diagnosis.findings) {
    const bool good = finding.kind == Finding::Kind::good;
    text += styled(terminal, good ? Style::good : Style::bad, good ? "+ " : "! ") +
            styled(terminal, Style::bold, finding.name) + "\n  " + finding.evidence + "\n";
    if (!finding.remedy.empty()) text += "  try: " + finding.remedy + "\n";
  }
  return text;
}

Json points_json(const Diagnosis& diagnosis) {
  Json learning = Json::array();
  for (const LearningPoint& point : diagnosis.learning) {
    learning.push_back({{"rows", point.rows},
                        {"training_loss", json_number(point.training_loss)},
                        {"validation_loss", json_number(point.validation_loss)}});
  }
  return learning;
}

Json json_of(const Diagnosis& diagnosis) {
  Json findings = Json::array(), layers = Json::array();
  for (const Finding& finding : diagnosis.findings) {
    findings.push_back({{"kind", finding.kind == Finding::Kind::good ? "good" : "problem"},
                        {"name", finding.name},
                        {"evidence", finding.evidence},
                        {"remedy", finding.remedy}});
  }
  for (const LayerHealth& layer : diagnosis.layers) {
    layers.push_back({{"layer", layer.name},
                      {"units", layer.units},
                      {"dead", layer.dead},
                      {"gradient", json_number(layer.gradient)}});
  }
  Json other_rate = nullptr;
  if (!std::isnan(diagnosis.other_rate.validation_loss)) {
    other_rate = {{"rate", diagnosis.other_rate.rate},
                  {"validation_loss", diagnosis.other_rate.validation_loss}};
  }
  return {{"findings", std::move(findings)},
          {"training_loss", json_number(diagnosis.training.loss)},
          {"validation_loss", json_number(diagnosis.result.validation.loss)},
          {"baseline_loss", json_number(diagnosis.baseline)},
          {"epochs", diagnosis.result.epochs},
          {"best_epoch", diagnosis.result.best_epoch},
          {"learning_rate", diagnosis.learning_rate},
          {"steepest_rate", json_number(diagnosis.rates.steepest)},
          {"largest_rate", json_number(diagnosis.rates.largest)},
          {"other_rate", std::move(other_rate)},
          {"learning_curve", points_json(diagnosis)},
          {"layers", std::move(layers)}};
}

int run(const DiagnoseOptions& options) {
  const TrainSpec spec = options.choice.spec();
  check_diagnosable(spec);
  const Settings settings = caviar::settings(spec);
  std::vector<std::string> read = files_read(spec);
  read.push_back(options.choice.study_file());
  const Destination report{"--report", options.report.value_or("")};
  check_destinations(read, std::span(&report, 1));
  const PreparedData data = prepare(spec);
  print_warnings(data_warnings(data));
  if (!options.json) {
    fmt::print("{}training it, on shares of the data too …\n", describe(data));
    std::fflush(stdout);
  }
  const std::atomic<bool>& interrupted = interrupt_on_signals();
  const Diagnosis diagnosis = diagnose(data, spec, settings, [&] { return interrupted.load(); });
  if (options.report) write_file(*options.report, training_html(page_of(diagnosis, data)));
  if (options.json) {
    print_json(json_of(diagnosis));
    return 0;
  }
  const Terminal terminal = terminal_of(stdout);
  fmt::print("\n{}{}\n{}\n{}\n{}", curves_text(diagnosis.epochs, terminal),
             learning_text(diagnosis, terminal), rates_text(diagnosis.rates, terminal),
             layers_text(diagnosis, terminal), findings_text(diagnosis, terminal));
  if (options.report) fmt::print("report: {}\n", *options.report);
  return 0;
}

}  // namespace

Command diagnose_command() {
  return {"diagnose", "What ails a training, and what to try",
          R"(  caviar diagnose digits.yaml
  caviar diagnose --data data/wine.csv --target cultivar hidden_units=256 --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<DiagnoseOptions>();
            options->choice.declare(arguments);
            arguments.option("--report", "FILE", options->report,
                             "Write the page with the findings and pictures");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
