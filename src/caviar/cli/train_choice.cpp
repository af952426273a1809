#include "caviar/cli/train_choice.hpp"

#include "caviar/base/error.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/tune/settings.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

// Without a file the first setting stands in its place.
std::vector<std::string> all_settings(const TrainChoice& choice) {
  std::vector<std::string> all = choice.settings;
  if (is_setting(choice.file)) all.insert(all.begin(), choice.file);
  return all;
}

}  // namespace

void TrainChoice::declare(Arguments& arguments) {
  arguments.positional("FILE", file, "A study file: its objective.train says the rest");
  arguments.words("SETTING", settings,
                  "NAME=VALUE: a hyperparameter (caviar list hyperparameters)");
  arguments.option("--data", "FILE", data, "A table: CSV, NumPy, IDX or LIBSVM, also packed");
  arguments.option("--target", "COLUMN", target, "The column to predict");
  arguments.option("--epochs", "N", epochs, "At most so many; default 60");
  arguments.option("--seed", "N", seed, "Of split, weights and order; default 0");
}

bool TrainChoice::is_empty() const {
  return file.empty() && settings.empty() && !data && !target && !epochs && !seed;
}

TrainSpec TrainChoice::spec() const {
  TrainSpec spec;
  if (!file.empty() && !is_setting(file)) {
    spec = read_study_file(file).train;
  } else if (!data || !target) {
    throw Error(Fault::input, "train what? Name a study file, or --data FILE and --target COLUMN");
  }
  if (data) spec.data = *data;
  if (target) spec.target = *target;
  if (seed) spec.seed = *seed;
  const Point given = parse_hyperparameters(all_settings(*this));
  for (const auto& [name, value] : given.entries()) spec.fixed.set(name, value);
  if (epochs) spec.fixed.set("epochs", std::int64_t{at_least_one("--epochs", *epochs)});
  return spec;
}

}  // namespace caviar::cli
