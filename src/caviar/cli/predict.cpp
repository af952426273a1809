// caviar predict: what a saved model says about the rows of a table.
#include "caviar/model/predict.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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

// The ending of --out says the format where nothing else does. Endings of other formats are
// refused: a file that is not what its name says is found out late.
PredictionFormat format_of(const Options& options) {
  if (options.json) return PredictionFormat::json;
  if (options.format) return parse_prediction_format(*options.format, "--format");
  const std::string ending = std::filesystem::path(options.out.value_or("")).extension().string();
  constexpr std::array<std::string_view, 5> written = {".csv", ".tsv", ".json", ".jsonl", ".npy"};
  if (std::ranges::find(written, ending) != written.end()) {
    return parse_prediction_format(ending.substr(1), "--out");
  }
  constexpr std::array<std::string_view, 15> others = {
      ".npz",  ".parquet", ".feather", ".arrow", ".xlsx", ".xls", ".ods", ".h5",
      ".hdf5", ".pkl",     ".gz",      ".zst",   ".bz2",  ".xz",  ".zip"};
  if (std::ranges::find(others, ending) == others.end()) return PredictionFormat::csv;
  throw Error(Fault::input,
              fmt::format("--out {}: predictions are written as .csv, .tsv, .json, .jsonl or .npy, "
                          "not packed; give FILE such an ending, or say --format",
                          *options.out));
}

void print_scores(const SavedModel& saved, const Table& table, const Options& options) {
  const ScoresOnTable judged = score_on(saved, table, options.weights.value_or(""));
  print_warnings(judged.warnings);
  if (options.json) {
    Json document = {
        {"rows", judged.rows}, {"left_out", judged.left_out}, {"metrics", Json::object()}};
    for (const auto& [name, value] : judged.scores) document["metrics"][name] = json_number(value);
    return print_json(document);
  }
  fmt::print("{} rows of {}{}\n", judged.rows, table.source,
             judged.left_out == 0 ? ""
                                  : fmt::format("; {} without a value of '{}' are left out",
                                                judged.left_out, saved.target.name()));
  for (const auto& [name, value] : judged.scores) {
    fmt::print("{:<18} {}\n", name, rounded_text(value, 5));
  }
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
  const std::string data = options.data == "-" ? "/dev/stdin" : options.data;
  if (options.score) {
    print_scores(saved, read_table(data, how), options);
    return 0;
  }
  const ModelFiles model = find_model(options.model);
  const std::vector<std::string> read = {options.data, options.labels.value_or(""), model.document,
                                         model.numbers};
  const Destination out{"--out", options.out.value_or("")};
  check_destinations(read, std::span(&out, 1));
  OutputFile file(options.out);
  PredictionWriter writer(saved, {format_of(options), !options.only_class},
                          [&](std::string_view text) { file.write(text); });
  read_blocks(data, how, rows_at_once, [&](const Table& table) { writer.add(table); });
  writer.finish();
  file.finish();
  print_warnings(writer.warnings());
  if (writer.rows() == 0) {
    const std::string warning = data + ": there are no rows below the header: nothing is predicted";
    print_warnings(std::span(&warning, 1));
  }
  if (options.out) fmt::print(stderr, "{} rows: {}\n", writer.rows(), *options.out);
  return 0;
}

}  // namespace

Command predict_command() {
  return {"predict", "What a saved model says about each row of a table",
          R"(  caviar predict penguins new.csv > predicted.csv
  caviar predict penguins new.csv --out predicted.jsonl
  zcat new.csv.gz | caviar predict penguins - --format tsv
  caviar predict penguins new.csv --only-class --format json
  caviar predict penguins labelled.csv --score)",
          [](Arguments& arguments) {
            auto options = std::make_shared<Options>();
            arguments.required("MODEL", options->model,
                               "A model that `caviar train --save` wrote: NAME, one of its files, "
                               "or the folder of a run");
            arguments.required(
                "DATA", options->data,
                "A table with the columns that the model learnt from; more do no harm. "
                "-: what comes on stdin");
            arguments.option("--out", "FILE", options->out, "Write here instead of stdout");
            arguments.option(
                "--format", "NAME", options->format,
                "csv, tsv, json, jsonl or npy (an array for NumPy: of probabilities, or of "
                "numbers); without it as FILE ends, else csv");
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
