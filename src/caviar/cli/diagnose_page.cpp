#include "caviar/cli/diagnose_page.hpp"

#include <fmt/format.h>

#include "caviar/base/file.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/train_page.hpp"

namespace caviar::cli {
namespace {

PageTable findings_table(const Diagnosis& diagnosis) {
  PageTable table{
      "Findings", "What was measured, and what to try.", {"", "finding", "measured", "try"}, {}};
  for (const Finding& finding : diagnosis.findings) {
    const bool good = finding.kind == Finding::Kind::good;
    table.rows.push_back({good ? "+" : "!", finding.name, finding.evidence, finding.remedy});
  }
  return table;
}

PagePicture learning_picture(const Diagnosis& diagnosis) {
  PageCurve training{"training", {}, {}}, validation{"validation", {}, {}};
  for (const LearningPoint& point : diagnosis.learning) {
    for (PageCurve* curve : {&training, &validation}) {
      curve->x.push_back(static_cast<double>(point.rows));
    }
    training.y.push_back(point.training_loss);
    validation.y.push_back(point.validation_loss);
  }
  return {"Learning curve",
          "The loss after learning from growing shares of the rows: where validation still falls, "
          "more data would help.",
          "rows to learn from",
          {training, validation}};
}

PageTable layers_table(const Diagnosis& diagnosis) {
  PageTable table{"Layers",
                  "A dead unit says the same of every row; the gradient is the root mean square "
                  "over the training.",
                  {"layer", ">units", ">dead", ">gradient"},
                  {}};
  for (const LayerHealth& layer : diagnosis.layers) {
    table.rows.push_back({layer.name, std::to_string(layer.units), std::to_string(layer.dead),
                          rounded_text(layer.gradient, 3)});
  }
  return table;
}

}  // namespace

TrainingPage page_of(const Diagnosis& diagnosis, const PreparedData& data) {
  TrainingPage page;
  page.maker = "caviar diagnose";
  page.title = data.target.name();
  page.story = fmt::format("What a training on {} rows of {} says about itself.",
                           data.training.rows, file_name(data.source));
  page.figures = {{"validation loss", rounded_text(diagnosis.result.validation.loss)},
                  {"training loss", rounded_text(diagnosis.training.loss)},
                  {"loss of always saying the same", rounded_text(diagnosis.baseline)}};
  page.first = {findings_table(diagnosis)};
  page.tables = {layers_table(diagnosis)};
  page.pictures = epoch_pictures(diagnosis.epochs);
  page.pictures.push_back(learning_picture(diagnosis));
  page.pictures.push_back(rates_picture(
      diagnosis.rates,
      fmt::format("The loss while the rate rises with every step; the training used {}.",
                  rounded_text(diagnosis.learning_rate))));
  return page;
}

}  // namespace caviar::cli
