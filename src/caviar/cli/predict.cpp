// caviar predict: what a saved model says about the rows of a table.
#include "caviar/model/predict.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/model/saved_model.hpp"

namespace caviar::cli {
namespace {

constexpr std::size_t rows_at_once = 16384;

struct Options {
  std::string model, data;
  std::optional<std::string> format, out, labels, weights;
  bool only_class = false, score = false, json = false;
};

// The ending of --out says the format where nothing else does.
PredictionFormat format_of(const Options& options) {
  if (options.json) return PredictionFormat::json;
  if (options.format) return parse_prediction_format(*options.format, "--format");
  if (options.out && options.out->ends_with(".json")) return PredictionFormat::json;
  if (options.out && options.out->ends_with(".jsonl")) return PredictionFormat::jsonl;
  return PredictionFormat::csv;
}

void print_scores(const SavedModel& saved, const Table& table, const Options& options) {
  const auto scores = score_on(saved, table, options.weights.value_or(""));
  if (options.json) {
    Json document = {{"rows", table.rows}, {"metrics", Json::object()}};
    for (const auto& [name, value] : scores) document["metrics"][name] = json_number(value);
    return print_json(document);
  }
  fmt::print("{} rows of {}\n", table.rows, table.source);
  for (const auto& [name, value] : scores) fmt::print("{:<18} {}\n", name, rounded_text(value, 5));
}

// A table without a header has columns column_1, column_2, …: so has the next one of its kind.
bool learnt_without_names(const SavedModel& saved) {
  return std::ranges::all_of(saved.preprocessor.columns(), [](const ColumnCode& code) {
    return code.name.starts_with("column_") &&
           parse_number(code.name.substr(std::string("column_").size())).has_value();
  });
}

void refuse_what_is_not_heeded(const Options& options) {
  if (options.score && (options.out || options.format || options.only_class)) {
    throw Error(Fault::input,
                "--score prints how good the model is; --out, --format and --only-class are about "
                "predictions, and cannot stand beside it");
  }
  if (!options.score && options.weights) {
    throw Error(Fault::input, "--weights is about scores: say --score too");
  }
}

int run(const Options& options) {
  refuse_what_is_not_heeded(options);
  const SavedModel saved = load_model(options.model);
  TableOptions how;
  how.types = saved.preprocessor.types();
  how.types_may_miss = true;
  if (learnt_without_names(saved)) how.header = false;
  if (options.labels) how.labels = *options.labels;
  if (options.score) {
    print_scores(saved, read_table(options.data, how), options);
    return 0;
  }
  const ModelFiles model = model_files(options.model);
  const std::vector<std::string> read = {options.data, options.labels.value_or(""), model.document,
                                         model.numbers};
  const Destination out{"--out", options.out.value_or("")};
  check_destinations(read, std::span(&out, 1));
  OutputFile file(options.out);
  PredictionWriter writer(saved, {format_of(options), !options.only_class},
                          [&](std::string_view text) { file.write(text); });
  read_blocks(options.data, how, rows_at_once, [&](const Table& table) { writer.add(table); });
  writer.finish();
  file.finish();
  if (options.out) fmt::print(stderr, "{} rows: {}\n", writer.rows(), *options.out);
  return 0;
}

}  // namespace

Command predict_command() {
  return {
      "predict", "What a saved model says about each row of a table",
      R"(  caviar predict penguins new.csv > predicted.csv
  caviar predict penguins new.csv --out predicted.jsonl
  caviar predict penguins new.csv --only-class --format json
  caviar predict penguins labelled.csv --score)",
      [](Arguments& arguments) {
        auto options = std::make_shared<Options>();
        arguments.required("MODEL", options->model,
                           "A model that `caviar train --save` wrote: NAME, or one of its files");
        arguments.required("DATA", options->data,
                           "A table with the columns that the model learnt from; more do no harm");
        arguments.option("--out", "FILE", options->out, "Write here instead of stdout");
        arguments.option("--format", "NAME", options->format,
                         "csv, json or jsonl; without it as FILE ends, else csv");
        arguments.flag("--only-class", options->only_class, "No probabilities");
        arguments.flag("--score", options->score,
                       "Where DATA has the target too: how good the model is there");
        arguments.option("--labels", "FILE", options->labels,
                         "With --score: labels of pictures or arrays, IDX or .npy");
        arguments.option("--weights", "COLUMN", options->weights,
                         "With --score: how much each row counts");
        arguments.flag("--json", options->json, "The same as --format json");
        return [options] { return run(*options); };
      }};
}

}  // namespace caviar::cli
