// caviar train: one training, watched epoch by epoch.
#include "caviar/trainer/train.hpp"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/model/saved_model.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/settings.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

struct Options {
  std::string file;
  std::vector<std::string> settings;
  std::optional<std::string> data, target, save;
  std::optional<int> epochs;
  std::optional<std::uint64_t> seed;
  bool json = false;
};

// Without a file the first setting stands in its place.
std::vector<std::string> all_settings(const Options& options) {
  std::vector<std::string> all = options.settings;
  if (is_setting(options.file)) all.insert(all.begin(), options.file);
  return all;
}

TrainSpec chosen(const Options& options) {
  TrainSpec spec;
  if (!options.file.empty() && !is_setting(options.file)) {
    spec = read_study_file(options.file).train;
  } else if (!options.data || !options.target) {
    throw Error(Fault::input, "train what? Name a study file, or --data FILE and --target COLUMN");
  }
  if (options.data) spec.data = *options.data;
  if (options.target) spec.target = *options.target;
  if (options.seed) spec.seed = *options.seed;
  const Point given = parse_hyperparameters(all_settings(options));
  for (const auto& [name, value] : given.entries()) spec.fixed.set(name, value);
  if (options.epochs) {
    spec.fixed.set("epochs", std::int64_t{at_least_one("--epochs", *options.epochs)});
  }
  return spec;
}

void print_epoch(std::FILE* stream, const EpochStats& epoch, int epochs) {
  const auto part = [](const char* name, double value) {
    return std::isnan(value) ? "" : fmt::format("  {} {:<8}", name, rounded_text(value));
  };
  const double left = epoch.seconds / epoch.epoch * (epochs - epoch.epoch);
  fmt::print(
      stream, "epoch {}/{}{}{}{}  at most {} left{}\n", epoch.epoch, epochs,
      part("training loss", epoch.training_loss), part("validation loss", epoch.validation_loss),
      part("accuracy", epoch.validation_accuracy), duration_text(left), epoch.best ? "  best" : "");
  std::fflush(stream);
}

// Every score by its name, those on the test part included.
std::map<std::string, double> all_scores(const PreparedData& data, const TrainResult& result) {
  std::map<std::string, double> scores = metrics_of(result);
  scores.merge(named_scores(evaluate_test(data, result.model), "test_"));
  return scores;
}

void print_scores(const TrainResult& result, const std::map<std::string, double>& scores,
                  const PreparedData& data) {
  fmt::print("\n{} epochs in {}; the weights of epoch {} are kept\n", result.epochs,
             duration_text(result.seconds), result.best_epoch);
  for (const auto& [name, value] : scores) {
    const bool test = name.starts_with("test_");
    if (!test && !name.starts_with("validation_")) continue;
    fmt::print("{:<22} {}{}\n", name, rounded_text(value, 5),
               test ? fmt::format("  on {} rows kept apart", data.test.rows) : "");
  }
}

// The model and where it came from.
void save(const std::string& name, const PreparedData& data, const TrainSpec& spec,
          const TrainResult& result, const std::map<std::string, double>& scores) {
  save_model(name, {.network = result.network,
                    .model = result.model,
                    .preprocessor = data.preprocessor,
                    .target = data.target,
                    .hyperparameters = spec.fixed,
                    .scores = scores,
                    .data = spec.data,
                    .version = CAVIAR_VERSION});
}

Json json_of(const TrainSpec& spec, const TrainResult& result,
             const std::map<std::string, double>& scores) {
  Json json = {{"data", spec.data},
               {"target", spec.target},
               {"params", to_json(spec.fixed)},
               {"epochs", result.epochs},
               {"parameters", result.model.weights().size()},
               {"metrics", Json::object()}};
  for (const auto& [name, value] : scores) json["metrics"][name] = json_number(value);
  return json;
}

int run(const Options& options) {
  const TrainSpec spec = chosen(options);
  const Settings settings = caviar::settings(spec);
  const PreparedData data = prepare(spec);
  std::FILE* stream = options.json ? stderr : stdout;
  fmt::print(stream, "{}\n{}\n", describe(data),
             describe(make_model<float>(network_for(data, settings))));
  const std::atomic<bool>& interrupted = interrupt_on_signals();
  const TrainResult result = train(data, spec, settings, [&](const EpochStats& epoch) {
    print_epoch(stream, epoch, settings.epochs);
    return interrupted ? Flow::stop : Flow::go;
  });
  if (result.diverged()) throw Error(Fault::input, "the training failed: " + result.why);
  const std::map<std::string, double> scores = all_scores(data, result);
  if (options.save) save(*options.save, data, spec, result, scores);
  if (options.json) {
    Json json = json_of(spec, result, scores);
    if (options.save) json["model"] = model_files(*options.save).document;
    print_json(json);
    return 0;
  }
  print_scores(result, scores, data);
  if (options.save) {
    const ModelFiles files = model_files(*options.save);
    fmt::print("model: {} and {}\n", files.document, files.numbers);
  }
  return 0;
}

}  // namespace

Command train_command() {
  return {
      "train", "One training, epoch by epoch",
      R"(  caviar train digits.yaml learning_rate=0.01 hidden_units=128
  caviar train --data data/iris.csv --target species --epochs 50
  caviar train --data data/wine.csv --target cultivar optimizer=momentum momentum=0.95 --json)",
      [](Arguments& arguments) {
        auto options = std::make_shared<Options>();
        arguments.positional("FILE", options->file,
                             "A study file: its objective.train says the rest");
        arguments.words("SETTING", options->settings,
                        "NAME=VALUE: a hyperparameter (caviar list hyperparameters)");
        arguments.option("--data", "FILE", options->data, "A CSV file with a header, or .csv.gz");
        arguments.option("--target", "COLUMN", options->target, "The column to predict");
        arguments.option("--epochs", "N", options->epochs, "At most so many; default 60");
        arguments.option("--seed", "N", options->seed, "Of split, weights and order; default 0");
        arguments.option("--save", "NAME", options->save,
                         "Keep the model: NAME.safetensors and NAME.json");
        arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
        return [options] { return run(*options); };
      }};
}

}  // namespace caviar::cli
